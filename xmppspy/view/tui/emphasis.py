"""Emphasis: what is looked for stands out in lines."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xmppspy.view.marked import Span

if TYPE_CHECKING:
    import re


def emphasized(line: Sequence[Span], pattern: "re.Pattern[str] | None") -> Sequence[Span]:
    """A line with what the pattern finds in an ink of its own, also across spans."""
    if pattern is None:
        return line
    marks = [match.span() for match in pattern.finditer(_text(line)) if match[0]]
    return tuple(_standing_out(line, marks)) if marks else line


def _text(line: Sequence[Span]) -> str:
    return "".join(text for _, text in line)


def _standing_out(line: Sequence[Span], marks: Sequence[tuple[int, int]]) -> Iterator[Span]:
    at = 0
    for ink, piece in line:
        yield from _cut(ink, piece, at, marks)
        at += len(piece)


def _cut(ink: str, piece: str, at: int, marks: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """A piece that begins at a place of the line, in parts."""
    place = 0
    for start, stop in marks:
        begin, end = max(start - at, place), min(stop - at, len(piece))
        if begin < end:
            yield ink, piece[place:begin]
            yield "found", piece[begin:end]
            place = end
    yield ink, piece[place:]
