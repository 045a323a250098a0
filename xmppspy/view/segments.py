"""Pieces of one line, each with its ink, so that a line can be measured before it is painted."""

from collections.abc import Iterable
from typing import TypeAlias

from xmppspy.view.fold import cut, width_of
from xmppspy.view.ink import Ink, Palette

Segment: TypeAlias = tuple[Ink, str]
"""Clean text, and what it is painted with."""


def paint(palette: Palette, segments: Iterable[Segment]) -> str:
    """The segments in colour, one after the other."""
    return "".join([palette.paint(ink, text) for ink, text in segments])


def width(segments: Iterable[Segment]) -> int:
    """The columns that the segments take."""
    return sum(width_of(text) for _, text in segments)


def cut_to(segments: Iterable[Segment], room: int) -> list[Segment]:
    """As many of the segments as fit into `room` columns; the last one ends with `…` then."""
    fitting: list[Segment] = []
    for ink, text in segments:
        length = width_of(text)
        if length > room:
            fitting.append((ink, cut(text, max(room, 1))))
            break
        fitting.append((ink, text))
        room -= length
    return fitting
