"""Where capture lines go: a file, and the pipe of a live view.

A sink is used by one thread at a time. It takes whole lines, never raises, and never waits for a
reader; what it must keep back it lets out later.
"""

import math
import os
import select
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from xmppspy.capture.locking import tell_writing
from xmppspy.errors import CaptureExists, UsageError

if TYPE_CHECKING:
    import zstandard

Report: TypeAlias = Callable[[str], None]
"""Takes one line for the person at the terminal. It is called on the thread that writes."""

PIPE_BACKLOG: Final = 1024 * 1024
"""Bytes kept for a slow view; beyond them whole lines are skipped."""

_PIPE_CLOSING: Final = 2.0
"""Seconds that a view has at the end to take what is kept for it."""

_PIPE_RETRY: Final = 0.01
_FILE_RETRY: Final = 0.2
_QUIET: Final = 5.0
"""Seconds without another report, when a disk is full and not full in turns."""

_LOOK: Final = 1.0
"""Seconds between looks whether a file is still there."""

_PIECE: Final = 64 * 1024
_FLUSH_BLOCK: Final = 1  # zstandard.COMPRESSOBJ_FLUSH_BLOCK


class Sink(Protocol):
    """What a `Writer` writes to."""

    def start(self, header: bytes, report: Report) -> None:
        """Take the header's line, the first of all; tell of trouble by `report` from now on."""

    def write(self, lines: Sequence[bytes], t: float, count: int | None = None) -> None:
        """Take lines, the last of which is of time `t`.

        Several may stand in one piece; then `count` tells how many there are.
        """

    def flush(self) -> None:
        """Let out what has been taken, as far as it can leave now."""

    @property
    def retry(self) -> float | None:
        """Seconds after which to `flush` again; None when nothing is kept back."""

    def close(self) -> None:
        """Let out the rest, in bounded time, and close the file."""


class FileSink:
    """A new file, readable by its owner only; compressed when its name ends in `.zst`.

    Raises `CaptureExists` for a file that is there already and `UsageError` for a place that
    cannot be written to. A later failure, such as a full disk, is reported: what was being written
    is kept and tried again, what comes meanwhile is lost and counted, and a `gap` tells the number
    once the file can be written again.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._file = _create(self.path)
        self._compressor = _compressor() if self.path.endswith(".zst") else None
        self._taken: list[bytes] = []
        self._unwritten = memoryview(b"")
        self._waiting = 0  # records in `_taken`
        self._records = 0  # that `_unwritten` stands for
        self._lost = 0
        self._t = 0.0
        self._failing = False
        self._told = False
        self._quiet_until = 0.0
        self._look_at = 0.0
        self._report: Report | None = None

    def start(self, header: bytes, report: Report) -> None:
        """Write the header's line; tell of trouble by `report` from now on."""
        self._report = report
        self.write((header,), 0.0)
        self.flush()

    def write(self, lines: Sequence[bytes], t: float, count: int | None = None) -> None:
        """Take lines; `flush` writes them."""
        count = len(lines) if count is None else count
        if self._works():
            self._taken.extend(lines)
            self._waiting += count
        else:
            self._lost += count
        self._t = t

    def flush(self) -> None:
        """Write what has been taken, so that a reader finds all of it."""
        if self._works() and self._taken:
            self._records, self._waiting = self._waiting, 0
            data = b"".join(self._taken)
            self._taken.clear()
            if self._compressor is not None:
                data = self._compressor.compress(data)
                data += self._compressor.flush(_FLUSH_BLOCK)
            self._push(data)
            self._look()

    @property
    def retry(self) -> float | None:
        """Seconds after which to `flush` again; None while the file can be written."""
        return _FILE_RETRY if self._failing else None

    def close(self) -> None:
        """Write the rest and close the file; report what it lacks."""
        self.flush()
        if self._works() and self._compressor is not None:
            self._records = 0
            self._push(self._compressor.flush())
        if self._failing:
            self._tell(f"the last {self._lost + self._records} records are not in {self.path}")
        os.close(self._file)

    def _works(self) -> bool:
        """Whether the file takes what it is given, after another try if it did not."""
        if self._failing and self._push(self._unwritten):
            self._recover()
        return not self._failing

    def _push(self, data: bytes | memoryview) -> bool:
        self._unwritten = memoryview(data)
        try:
            while self._unwritten:
                self._unwritten = self._unwritten[os.write(self._file, self._unwritten) :]
        except OSError as error:
            self._fail(error)
            return False
        return True

    def _look(self) -> None:
        """See whether the file can still be found, once in a while."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK
            if os.fstat(self._file).st_nlink == 0:
                self._look_at = math.inf
                self._tell(
                    f"{self.path} was deleted, and nobody will find what is recorded; the relay "
                    "goes on, and a new start records anew"
                )

    def _fail(self, error: OSError) -> None:
        now = time.monotonic()
        if not self._failing and now >= self._quiet_until:
            self._quiet_until = now + _QUIET
            self._told = True
            self._tell(
                f"cannot write {self.path}: {error.strerror}; "
                "the relay goes on, records are lost until it can be written"
            )
        self._failing = True

    def _recover(self) -> None:
        self._failing = False
        if self._told:
            self._told = False
            self._tell(f"{self.path} can be written again; {self._lost} records were lost")
        if self._lost:
            self._taken.append(_gap(self._t, self._lost))
            self._waiting += 1
            self._lost = 0

    def _tell(self, text: str) -> None:
        if self._report is not None:
            self._report(text)


def _gap(t: float, lost: int) -> bytes:
    from xmppspy.capture.format import encode  # noqa: PLC0415 - what is opened is not yet written to
    from xmppspy.protocol.events import Gap  # noqa: PLC0415

    return encode(Gap(t=t, lost=lost))


def _skipped(t: float, lost: int) -> bytes:
    from xmppspy.capture.format import encode  # noqa: PLC0415 - as above
    from xmppspy.protocol.events import Skipped  # noqa: PLC0415

    return encode(Skipped(t=t, lost=lost))


def _apart(lines: Sequence[bytes]) -> Iterator[bytes]:
    return (line for piece in lines for line in piece.splitlines(keepends=True))


def _compressor() -> "zstandard.ZstdCompressionObj":
    import zstandard  # noqa: PLC0415 - most captures are not compressed

    return zstandard.ZstdCompressor().compressobj()


def _create(path: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
    try:
        file = os.open(path, flags, 0o600)
    except FileExistsError:
        raise CaptureExists(path) from None
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot write {path}: {reason}; choose another place with -w") from None
    tell_writing(file)
    return file


class PipeSink:
    """The writing end of a pipe to a live view; it becomes non-blocking, and belongs to the sink.

    A view that is slow gets what fits into `PIPE_BACKLOG`, then whole lines are skipped, and when
    it has caught up a `skipped` line tells their number. When the view is gone, `on_end` is called
    once, or else a report is made.
    """

    def __init__(self, descriptor: int, on_end: Callable[[], None] | None = None) -> None:
        os.set_blocking(descriptor, False)
        self._pipe = descriptor
        self._on_end = on_end
        self._report: Report | None = None
        self._leaving = memoryview(b"")  # perhaps begins inside of a line
        self._lines: deque[bytes] = deque()
        self._size = 0  # of `_lines`
        self._skipped = 0
        self._t = 0.0
        self._ended = False

    def start(self, header: bytes, report: Report) -> None:
        """Write the header's line; tell of the end by `report` from now on."""
        self._report = report
        self.write((header,), 0.0)
        self.flush()

    def write(self, lines: Sequence[bytes], t: float, count: int | None = None) -> None:
        """Take lines, or skip them."""
        self._t = t
        whole = lines if count in (None, len(lines)) else _apart(lines)
        for line in () if self._ended else whole:
            if self._skipped or self._size + len(self._leaving) > PIPE_BACKLOG:
                self._skipped += 1
            else:
                self._lines.append(line)
                self._size += len(line)

    def flush(self) -> None:
        """Write what the pipe takes now."""
        try:
            while not self._ended and self._next():
                self._leaving = self._leaving[os.write(self._pipe, self._leaving) :]
        except BlockingIOError:
            return
        except OSError:
            self._end()

    @property
    def retry(self) -> float | None:
        """Seconds after which to `flush` again; None when the view has everything."""
        return _PIPE_RETRY if self._leaving or self._lines or self._skipped else None

    def close(self) -> None:
        """Write the rest, for two seconds at most, and close the pipe."""
        deadline = time.monotonic() + _PIPE_CLOSING
        poll = select.poll()
        poll.register(self._pipe, select.POLLOUT)
        self.flush()
        while self.retry is not None and (remaining := deadline - time.monotonic()) > 0:
            poll.poll(remaining * 1000)
            self.flush()
        os.close(self._pipe)

    def _next(self) -> bool:
        """See to it that something is leaving; return False when there is nothing."""
        if not self._leaving:
            self._leaving = memoryview(self._piece())
        return bool(self._leaving)

    def _piece(self) -> bytes:
        if not self._lines and self._skipped:
            lost, self._skipped = self._skipped, 0
            return _skipped(self._t, lost)
        piece: list[bytes] = []
        length = 0
        while self._lines and length < _PIECE:
            piece.append(self._lines.popleft())
            length += len(piece[-1])
        self._size -= length
        return b"".join(piece)

    def _end(self) -> None:
        self._ended = True
        self._leaving = memoryview(b"")
        self._lines.clear()
        self._size = self._skipped = 0
        if self._on_end is not None:
            self._on_end()
        elif self._report is not None:
            self._report("the live view has ended; the relay goes on")
