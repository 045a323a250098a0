"""Paper: lines of spans for a width, wrapped so that nothing is cut off."""

import re
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
_WORD: Final = 30
"""Columns of a word that is not broken."""


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
        for line in wrapped(((ink, value),), room, hanging=0):
            yield (("meta", f"{label:<{margin}}"), *line)
            label = ""  # noqa: PLW2901 - it is said once


def wrapped(line: Line, width: int, hanging: int | None = None) -> Iterator[Line]:
    """A line as several, so that each fits; those that follow are indented a little more.

    It is broken behind white space where that can be. `hanging` is another indentation.
    """
    if sum(width_of(text) for _, text in line) <= width:
        yield line
        return
    if hanging is None:
        hanging = min(_indent(line) + _HANGING, width // 2)
    room, current, is_empty = width, list[Span](), True
    for ink, text in line:
        rest = text
        while rest:
            piece = _fitting(rest, room, may_be_none=not is_empty)
            if piece:
                current.append((ink, piece))
                room -= width_of(piece)
                rest, is_empty = rest[len(piece) :], False
            if rest:
                yield tuple(current)
                rest = rest.removeprefix(" ")
                room, current, is_empty = (
                    width - hanging,
                    [("text", " " * hanging)] if hanging else [],
                    True,
                )
    yield tuple(current)


def _fitting(text: str, room: int, *, may_be_none: bool) -> str:
    """As much of a text as there is room for, up to a word's end where there is one."""
    if width_of(text) <= room:
        return text
    piece = prefix(text, room)
    space = piece.rfind(" ") + 1
    if space:
        return piece[:space]
    # A word that fits into a whole line begins there; a longer one is broken.
    fits_below = width_of(text.partition(" ")[0]) <= _WORD
    return "" if may_be_none and fits_below else piece


def _indent(line: Line) -> int:
    text = "".join(text for _, text in line[:2])
    match = _INDENT.match(text)
    return 0 if match is None else len(match[0])
