"""Marked text: painted with names of inks instead of terminal codes, to be taken apart again.

So whatever paints text for terminals serves those as well who need its pieces.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from xmppspy.view.ink import Ink, Palette

Span: TypeAlias = tuple[str, str]
"""The name of an ink, and clean text without marks."""

_NAMES: Final = Palette._fields
_ON: Final = "\x11"
_OFF: Final = "\x12"
"""Control characters, which clean text holds only as escapes."""
_MARK: Final = re.compile(f"{_ON}(.)|{_OFF}", re.DOTALL)

MARKED: Final = Palette(
    **{name: Ink(_ON + chr(ord("a") + at), _OFF) for at, name in enumerate(_NAMES)}
)
"""Paints with marks."""


def painted(ink: str, text: str) -> str:
    """Clean text in the ink of a name."""
    return MARKED.paint(getattr(MARKED, ink), text)


def spans(text: str) -> Iterator[Span]:
    """The pieces of one line of marked text."""
    ink, at = "text", 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            yield ink, text[at : match.start()]
        ink = "text" if match[1] is None else _NAMES[ord(match[1]) - ord("a")]
        at = match.end()
    if at < len(text):
        yield ink, text[at:]


def lines(text: str) -> Iterator[tuple[Span, ...]]:
    """The lines of marked text, in their pieces. An ink may go on from one line to the next."""
    line: list[Span] = []
    for ink, piece in spans(text.removesuffix("\n")):
        first, *more = piece.split("\n")
        line.append((ink, first))
        for each in more:
            yield tuple(span for span in line if span[1])
            line = [(ink, each)]
    yield tuple(span for span in line if span[1])
