"""The lines of a capture, by the places where they begin."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from xmppspy.capture.body import Body
from xmppspy.capture.lines import BOM

_AT_ONCE: Final = 1024 * 1024
"""Bytes that are read at a time, unless one line has more."""


class Offsets(Protocol):
    """Who knows where the lines of rows begin."""

    @property
    def rows(self) -> int:
        """How many rows there are."""

    def offsets(self, start: int, stop: int) -> list[int]:
        """Where the lines of rows begin; the last one is where the one before it ends."""


def lines_at(body: Body, offsets: Sequence[int]) -> Iterator[bytes]:
    """The lines that begin at `offsets`, except at the last one, where the last line ends.

    What stands between them, comments and blank lines, is left out, and so are line feeds.
    """
    first = 0
    while first < len(offsets) - 1:
        last = first + 1
        while last < len(offsets) - 1 and offsets[last + 1] - offsets[first] <= _AT_ONCE:
            last += 1
        start = offsets[first]
        data = body.read(start, offsets[last])
        for at in range(first, last):
            yield _line(data, offsets[at] - start, offsets[at + 1] - start)
        first = last


def _line(data: bytes, start: int, stop: int) -> bytes:
    end = data.find(b"\n", start, stop)
    line = data[start : stop if end < 0 else end]
    return line.removeprefix(BOM)
