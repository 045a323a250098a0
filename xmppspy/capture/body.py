"""Body: the bytes of a capture, to be read at any of their places."""

import os
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from xmppspy.capture.locking import is_being_written
from xmppspy.capture.unpacking import ZSTD_START
from xmppspy.errors import CaptureError, NotACapture

_SPOOL_FOLDER: Final = "/var/tmp"  # noqa: S108 - on a disk, where /tmp may be in memory


class Body:
    """The bytes of a capture, to be read at any place.

    A plain file is read where it lies. What is compressed, and what is no file at all, is unpacked
    into a file without a name, as far as `Growth` has come with it. Processes share a body by its
    descriptors.
    """

    def __init__(self, capture: str, source: int, data: int) -> None:
        self.capture = capture
        """Where it is, as it was opened: the path of a file, or `-`."""
        self.source = source
        """Descriptor of what was opened."""
        self.data = data
        """Descriptor of the bytes; the same one, unless they are unpacked."""

    @classmethod
    def open(cls, capture: str) -> Self:
        """Open a file, or take standard input for `-`; of a pattern, all files that match it.

        Raises CaptureError.
        """
        if capture == "-":
            return cls(capture, os.dup(0), unnamed_file())
        if not os.path.lexists(capture) and set(capture) & set("*?["):
            return cls._of_pattern(capture)
        try:
            source = os.open(capture, os.O_RDONLY | os.O_CLOEXEC)
            start = _start_of(source)
        except OSError as error:
            raise CaptureError(capture, f"cannot be read: {error.strerror or error}") from None
        if start is None or start == ZSTD_START:
            return cls(capture, source, unnamed_file())
        if not start and not is_being_written(source):
            os.close(source)
            raise NotACapture(capture, "the file holds no whole line; nothing was recorded")
        return cls(capture, source, source)

    @classmethod
    def _of_pattern(cls, pattern: str) -> Self:
        from xmppspy.capture.source import joined, matching  # noqa: PLC0415 - it loads zstandard

        files = matching(pattern)
        if not files:
            raise CaptureError(pattern, "there is no such file, and none that matches it")
        return cls(pattern, _flow(joined(files)), unnamed_file())

    @property
    def path(self) -> str:
        """How errors name the capture."""
        return "standard input" if self.capture == "-" else self.capture

    @property
    def is_unpacked(self) -> bool:
        """Whether the bytes are a copy."""
        return self.data != self.source

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` on and before `stop`; fewer where there are no more, or no longer."""
        try:
            return os.pread(self.data, max(stop - start, 0), start)
        except OSError:
            return b""

    def close(self) -> None:
        """Let the file go."""
        for descriptor in {self.source, self.data}:
            with suppress(OSError):
                os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _start_of(source: int) -> bytes | None:
    """The first byte of a file, empty without one; None for what is no file."""
    mode = os.fstat(source).st_mode
    if stat.S_ISDIR(mode):
        raise OSError("it is a folder")
    return os.pread(source, 1, 0) if stat.S_ISREG(mode) else None


def _flow(chunks: Iterator[bytes]) -> int:
    """The descriptor of a pipe out of which these bytes come; where they cannot be had, it ends."""
    reading, writing = os.pipe()

    def pour() -> None:
        with suppress(OSError), open(writing, "wb", buffering=0) as pipe:  # noqa: PTH123
            for chunk in chunks:
                left = memoryview(chunk)
                while left:
                    left = left[pipe.write(left) :]

    threading.Thread(target=pour, name="capture-joiner", daemon=True).start()
    return reading


def unnamed_file() -> int:
    """The descriptor of a new file without a name, on a disk where there is a choice."""
    folder = None
    if "TMPDIR" not in os.environ and os.access(_SPOOL_FOLDER, os.W_OK | os.X_OK):
        folder = _SPOOL_FOLDER
    with tempfile.TemporaryFile(buffering=0, dir=folder) as file:
        return os.dup(file.fileno())
