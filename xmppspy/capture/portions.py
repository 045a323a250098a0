"""Portions: a finished capture in pieces that can be read at the same time.

What a line means depends on the lines before it in two ways. What it leaves out (number, time,
connection) is that of the line before; and the namespaces of a frame are those that the header of its
stream has lent. So a portion begins with a line that leaves nothing out, and is told the headers
that stand before it, which a plain search for bytes finds. Where a capture is written in a way
that such a search would miss, by hand or by `jq`, there is `Unportionable`, and it has to be read
from its beginning.
"""

import mmap
from collections import deque
from collections.abc import Iterator
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
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            return _divide(path, data, min(number, len(data) // least))
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise Unportionable from error


def _divide(path: Path, data: mmap.mmap, number: int) -> list[Portion]:
    size = len(data)
    is_one = data[: len(_HEADER)] == _HEADER and data.find(_ANOTHER) < 0
    if not is_one or data[-1:] != b"\n":
        raise Unportionable  # a last line that is cut off is for the reader to judge
    starts = [0, *(_beginning(data, size * each // number) for each in range(1, number)), size]
    told = _told_before(data, starts)
    return [
        Portion(path, start, stop, before)
        for (start, stop), before in zip(pairwise(starts), told, strict=False)
        if start < stop
    ]


def _beginning(data: mmap.mmap, at: int) -> int:
    """Where the first line behind a place begins that leaves nothing out."""
    while (at := data.find(_FRAME, at)) >= 0:
        at += 1
        keys = _KEYS.decode(_line_at(data, at))
        if None not in (keys.n, keys.t, keys.conn, keys.dir, keys.kind):
            return at
    return len(data)


def _marked(data: mmap.mmap) -> list[int]:
    """Where the lines are that later ones depend on, in order."""
    found: list[int] = []
    for mark in _MARKS:
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            found.append(at)
    return sorted(found)


def _told_before(data: mmap.mmap, starts: list[int]) -> Iterator[tuple[bytes, ...]]:
    """For each place the lines before it that lines behind it depend on."""
    header, standing, marked = _line_at(data, 0), Standing(), deque(_marked(data))
    yield ()
    for start in starts[1:]:
        while marked and marked[0] < start:
            line = _line_at(data, data.rfind(b"\n", 0, marked.popleft()) + 1)
            if _KEYS.decode(line).conn is None:
                raise Unportionable
            standing.see((line,))
        yield (header, *standing.lines())


def _line_at(data: mmap.mmap, at: int) -> bytes:
    stop = data.find(b"\n", at)
    return data[at : len(data) if stop < 0 else stop + 1]


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
