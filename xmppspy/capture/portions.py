"""Portions: a finished capture in pieces that can be read at the same time.

What a line means depends on the lines before it in two ways. What it leaves out (number, time,
connection) is that of the line before; and the namespaces of a frame are those that the header of its
stream has lent. So a portion begins with a line that leaves nothing out, and is told the headers
that stand before it, which a plain search for bytes finds. Where a capture is written in a way
that such a search would miss, by hand or by `jq`, there is `Unportionable`, and it has to be read
from its beginning.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from xmppspy.capture.decoder import Decoder
from xmppspy.capture.format import FORMAT, FrameLine
from xmppspy.capture.source import MAX_LINE
from xmppspy.capture.standing import Standing
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import ConnectionClosed, ConnectionOpened, Event, FrameRecord

_HEADER: Final = f'{{"format":"{FORMAT}"'.encode()
_FRAME: Final = b'\n{"n":'
_ANOTHER: Final = b"\n" + _HEADER
_MARKS: Final = (b'"kind":"stream"', b'"event":"open"', b'"event":"close"')
"""What stands in the lines that later ones depend on, as xmppspy writes them; in a text it could not
stand, since there the quotation marks are escaped."""
_CHUNK: Final = 1 << 20
_SHORT: Final = 1 << 12
"""Bytes that are looked at at a time, for texts and for the beginning of a line."""
_KEYS: Final = msgspec.json.Decoder(FrameLine)


class Unportionable(Exception):  # noqa: N818 - nothing is wrong
    """The capture has to be read from its beginning."""


@dataclass(frozen=True, slots=True)
class Portion:
    """The lines of a capture from byte `start` to byte `stop`, and those before that they need."""

    path: Path
    start: int
    stop: int
    before: tuple[bytes, ...] = ()

    @property
    def earlier(self) -> "Portion":
        """All that stands before it."""
        return Portion(self.path, 0, self.start)

    def lines(self) -> Iterator[tuple[Event | None, bytes]]:
        """Each line with its event; None for a header, a comment, a blank or unknown line.

        Raises `Unportionable` instead of the first line that cannot be read; also behind the last
        one, if what stands in this portion may make those behind it mean something else.
        """
        decoder = Decoder(str(self.path))
        is_usual = True
        try:
            for line in self.before:
                decoder.decode(line)
            for line in self._read():
                event = decoder.decode(line)
                is_usual = is_usual and _is_usual(event, line)
                yield event, line
        except (CaptureError, OSError) as error:
            raise Unportionable from error
        if not is_usual:
            raise Unportionable

    def events(self) -> Iterator[Event]:
        """The events of the portion. Raises `Unportionable`, as `lines` does."""
        return (event for event, _ in self.lines() if event is not None)

    def _read(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            left = self.stop - self.start
            while left > 0 and (line := file.readline(MAX_LINE + 1)):
                left -= len(line)
                yield line


def portions(path: Path, number: int, least: int) -> list[Portion]:
    """Divide a capture into that many portions at most, of `least` bytes each or more.

    Raises `Unportionable` where that cannot be done.
    """
    try:
        if number < 2 or not path.is_file() or path.stat().st_size < 2 * least:
            raise Unportionable
        with path.open("rb", buffering=0) as file:
            data = _Data(file.fileno())
            return _divide(path, data, min(number, data.size // least))
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise Unportionable from error


def _divide(path: Path, data: "_Data", number: int) -> list[Portion]:
    if data.read(0, len(_HEADER)) != _HEADER or data.read(data.size - 1, data.size) != b"\n":
        raise Unportionable  # a last line that is cut off is for the reader to judge
    starts = [
        0, *(_beginning(data, data.size * each // number) for each in range(1, number)), data.size
    ]  # fmt: skip
    told = _told_before(data, starts)
    return [
        Portion(path, start, stop, before)
        for (start, stop), before in zip(pairwise(starts), told, strict=False)
        if start < stop
    ]


def _beginning(data: "_Data", at: int) -> int:
    """Where the first line behind a place begins that leaves nothing out."""
    for found in data.places((_FRAME,), at):
        keys = _KEYS.decode(data.line(found + 1))
        if None not in (keys.n, keys.t, keys.conn, keys.dir, keys.kind):
            return found + 1
    return data.size


def _told_before(data: "_Data", starts: list[int]) -> Iterator[tuple[bytes, ...]]:
    """For each place the lines before it that lines behind it depend on."""
    header, standing = data.line(0), Standing()
    marked = data.places((*_MARKS, _ANOTHER), 0)
    place = next(marked, data.size)
    yield ()
    for start in starts[1:]:
        while place < start:
            line = data.line(place)
            if line.startswith(_HEADER) or _KEYS.decode(line).conn is None:
                raise Unportionable
            standing.see((line,))
            place = next(marked, data.size)
        yield (header, *standing.lines())


class _Data:
    """The bytes of a file, of which few are in memory at a time."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from one place to another."""
        return os.pread(self._descriptor, stop - start, start)

    def places(self, texts: Sequence[bytes], at: int) -> Iterator[int]:
        """Where any of some texts stands, from a place on."""
        longest = max(map(len, texts))
        for start in range(at, self.size, _CHUNK):
            chunk = self.read(start, start + _CHUNK + longest - 1)
            yield from sorted(start + found for text in texts for found in _found(text, chunk))

    def line(self, at: int) -> bytes:
        """The line that a byte stands in; behind a line feed at the place itself."""
        return self.read(self._beginning(at), self._end(at + 1))

    def _beginning(self, at: int) -> int:
        for stop in range(at + 1, 0, -_SHORT):
            start = max(0, stop - _SHORT)
            found = self.read(start, stop).rfind(b"\n")
            if found >= 0:
                return start + found + 1
        return 0

    def _end(self, at: int) -> int:
        for start in range(at, self.size, _SHORT):
            found = self.read(start, start + _SHORT).find(b"\n")
            if found >= 0:
                return start + found + 1
        return self.size


def _found(text: bytes, chunk: bytes) -> Iterator[int]:
    """Where a text begins in the first bytes of a chunk; behind them stands what is seen again."""
    at = chunk.find(text)
    while 0 <= at < _CHUNK:
        yield at
        at = chunk.find(text, at + 1)


def _is_usual(event: Event | None, line: bytes) -> bool:
    """Whether the search for what later lines depend on has found this line, if it is such a one."""
    if len(line) > MAX_LINE:
        return False
    if isinstance(event, FrameRecord):
        return event.kind != "stream" or _MARKS[0] in line
    if event is None:
        return b"format" not in line or line.startswith(_HEADER)
    if isinstance(event, ConnectionOpened):
        return _MARKS[1] in line
    return not isinstance(event, ConnectionClosed) or _MARKS[2] in line
