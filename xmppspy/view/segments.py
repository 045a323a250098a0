"""Pieces of one line, each with its ink, so that a line can be measured before it is painted."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from xmppspy.view.escape import END
from xmppspy.view.fold import prefix, width_of
from xmppspy.view.ink import Ink, Palette

Segment: TypeAlias = tuple[Ink, str]
"""Clean text, and what it is painted with."""


def paint(palette: Palette, segments: Iterable[Segment]) -> str:
    """The segments in colour, one after the other."""
    return "".join(
        [
            palette.paint(ink, text) if END in text else f"{ink.on}{text}{ink.off}"
            for ink, text in segments
            if text
        ]
    )


def width(segments: Iterable[Segment]) -> int:
    """The columns that the segments take."""
    return sum(width_of(text) for _, text in segments)


def cut_to(segments: Sequence[Segment], room: int) -> Sequence[Segment]:
    """As much of the segments as fits into `room` columns; `…` stands for what is cut off."""
    if width(segments) <= room:
        return segments
    fitting: list[Segment] = []
    left = room - 1
    for ink, text in segments:
        length = width_of(text)
        if length > left:
            fitting.append((ink, prefix(text, left) + "…"))
            break
        fitting.append((ink, text))
        left -= length
    return fitting
