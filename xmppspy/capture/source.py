"""Where a capture's bytes come from: a file that may still grow, a pipe, either compressed."""

import os
import re
import select
import stat
import sys
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias, TypeGuard, cast

if TYPE_CHECKING:
    from pathlib import Path

Source: TypeAlias = str | os.PathLike[str] | BinaryIO
"""A path, `-` for standard input, or a binary stream."""

MAX_LINE: Final = 256 * 1024 * 1024
"""Bytes of one line; a longer one is an error."""

_CHUNK: Final = 256 * 1024
_ZSTD_START: Final = 0x28
"""The first byte of zstandard's magic number, with which no line of a capture begins."""

_PATTERN: Final = re.compile(r"[*?\[]")

_SHORT: Final = 0.01
_LONG: Final = 0.1
"""Seconds between looks at a file that does not grow: just after it did, and in the long run."""


class LineTooLongError(Exception):
    """A line has more than `MAX_LINE` bytes."""


def is_path(source: Source) -> TypeGuard[str | os.PathLike[str]]:
    """Whether a source is a file to be opened."""
    return isinstance(source, str | os.PathLike) and source != "-"


def name_of(source: Source) -> str:
    """How errors name a source."""
    if is_path(source):
        return os.fspath(source)
    name = "standard input" if source == "-" else getattr(source, "name", None)
    return name if isinstance(name, str) else "the capture"


def read_lines(source: Source, *, follow: bool, until: float | None) -> Generator[bytes]:
    """Cut a source into lines, line feeds included; only the last one may lack it.

    Lines come as soon as they are there. With `follow` a file is waited for at its end, until
    the time `until` of `time.monotonic()` if that is given; what is no regular file just ends.
    Raises OSError (also for broken compression) and `LineTooLongError`.
    """
    if is_path(source):
        *before, last = _files(source)
        for path in before:
            yield from _lines_of(path, follow=False, until=None)
        yield from _lines_of(last, follow=follow, until=until)
    elif isinstance(source, str | os.PathLike):
        yield from _lines(_decompressed(_from_standard_input(follow, until)))
    else:
        yield from _lines(_decompressed(_from_stream(source)))


def joined(files: "Iterable[Path]") -> Iterator[bytes]:
    """The bytes of files, one after the other, unpacked. Raises OSError."""
    for path in files:
        with path.open("rb", buffering=0) as file:
            yield from _decompressed(_from_file(file.fileno(), follow=False, until=None))


def _lines_of(
    path: str | os.PathLike[str], *, follow: bool, until: float | None
) -> Iterator[bytes]:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - pathlib takes long to load
        yield from _lines(_decompressed(_from_file(file.fileno(), follow, until)))


def _files(source: str | os.PathLike[str]) -> "Sequence[str | os.PathLike[str]]":
    """The file of that name or, where there is none, those that match it as a pattern, in order.

    So the parts of a capture are read as one, the one without a number last.
    """
    name = os.path.basename(source)  # noqa: PTH119 - as above
    if os.path.lexists(source) or not _PATTERN.search(name):
        return [source]
    return matching(source) or [source]


def matching(pattern: str | os.PathLike[str]) -> "list[Path]":
    """The files whose names match a pattern, in order; of one that is there twice, the plain one."""
    from pathlib import Path  # noqa: PLC0415 - most captures are one file

    path = Path(pattern)
    found = sorted(path.parent.glob(path.name), key=lambda each: each.name)
    compressed = {each.with_suffix("") for each in found if each.suffix == ".zst"}
    chosen = [each for each in found if each not in compressed and each.suffix != ".part"]
    return [each for each in chosen if each.is_file()]


def _from_standard_input(follow: bool, until: float | None) -> Iterator[bytes]:
    try:
        return _from_file(sys.stdin.fileno(), follow, until)
    except OSError:  # in a test, standard input may be no file at all
        return _from_stream(sys.stdin.buffer)


def _from_stream(stream: BinaryIO) -> Iterator[bytes]:
    read = getattr(stream, "read1", stream.read)
    return iter(lambda: read(_CHUNK) or b"", b"")


def _from_file(descriptor: int, follow: bool, until: float | None) -> Iterator[bytes]:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        yield from _from_pipe(descriptor, until)
        return
    pause = _SHORT
    while True:
        if chunk := os.read(descriptor, _CHUNK):
            pause = _SHORT
            yield chunk
        elif not follow or _is_over(until):
            return
        else:
            time.sleep(pause)
            pause = min(_LONG, pause * 1.5)


def _from_pipe(descriptor: int, until: float | None) -> Iterator[bytes]:
    while True:
        if until is not None:
            remaining = max(0.0, until - time.monotonic())
            if not select.select([descriptor], [], [], remaining)[0]:
                return
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return
        yield chunk


def _is_over(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until


def _decompressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Take the compression off, if there is any; tell by the first byte, not by a name."""
    first = next(chunks, b"")
    chunks = chain((first,), chunks)
    if first[:1] != bytes((_ZSTD_START,)):
        yield from chunks
        return
    import zstandard  # noqa: PLC0415 - most captures are not compressed

    reader = zstandard.ZstdDecompressor().stream_reader(
        cast("BinaryIO", _Pieces(chunks)), read_across_frames=True
    )
    try:
        while data := reader.read1(_CHUNK):
            yield data
    except zstandard.ZstdError as error:
        raise OSError(f"broken compression: {error}") from None


class _Pieces:
    """What arrives, as the file that zstandard reads from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int) -> bytes:
        return next(self._chunks, b"")


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    pieces: list[bytes] = []
    length = 0
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        if not others:
            rest = first
        else:
            yield b"".join((*pieces, first, b"\n"))
            pieces.clear()
            length = 0
            rest = others.pop()
            for line in others:
                yield line + b"\n"
        if rest:
            pieces.append(rest)
            length += len(rest)
        if length > MAX_LINE:
            raise LineTooLongError
    if pieces:
        yield b"".join(pieces)
