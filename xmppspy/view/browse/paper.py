"""Paper: lines of spans for a width, wrapped so that nothing is cut off."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from xmppspy.view.fold import prefix, width_of
from xmppspy.view.marked import Span

Line: TypeAlias = tuple[Span, ...]

LABELS: Final = 10
"""Columns of what stands before a value."""

_LEAST: Final = 20
_INDENT: Final = re.compile(r"\s*")
_HANGING: Final = 4


class Part(NamedTuple):
    """A part of what is told about a line of a capture."""

    title: str
    """Empty for the first one."""
    lines: list[Line]
    folds: dict[int, int] = {}  # noqa: RUF012 - never changed
    """Which lines begin something that can be folded, and which are its last ones."""


def labelled(
    rows: Iterable[tuple[str, str, str]], width: int, labels: int = LABELS
) -> Iterator[Line]:
    """Rows of a label, an ink and a value, the values below each other; or without a label."""
    for label, ink, value in rows:
        margin = labels + 1 if label else 0
        room = max(width - margin, _LEAST)
        first, *more = textwrap.wrap(value, room, break_on_hyphens=False) or [""]
        yield ("meta", f"{label:<{margin}}"), (ink, first)
        for line in more:
            yield ("meta", " " * margin), (ink, line)


def wrapped(line: Line, width: int) -> Iterator[Line]:
    """A line as several, so that each fits; those that follow are indented a little more."""
    if sum(width_of(text) for _, text in line) <= width:
        yield line
        return
    indent = _indent(line)
    hanging = min(indent + _HANGING, width // 2)
    left, current = width, list[Span]()
    for ink, text in line:
        rest = text
        while rest:
            piece = prefix(rest, left) if width_of(rest) > left else rest
            if piece:
                current.append((ink, piece))
                left -= width_of(piece)
                rest = rest[len(piece) :]
            if rest:
                yield tuple(current)
                left, current = width - hanging, [("text", " " * hanging)]
    yield tuple(current)


def _indent(line: Line) -> int:
    text = "".join(text for _, text in line[:2])
    match = _INDENT.match(text)
    return 0 if match is None else len(match[0])
