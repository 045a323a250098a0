"""Long text cut short for reading: base64 after a few characters, prose after a few lines."""

import re
import textwrap
import unicodedata
from typing import Final

from xmppspy.view.escape import ASIDE, END, ESCAPE

BASE64_LIMIT: Final = 160
"""Longer base64 is folded; keys, hashes and most SASL messages stay whole."""
BASE64_KEPT: Final = 40
PROSE_LIMIT: Final = 1200
PROSE_KEPT: Final = 600

# Possessive, and nothing behind a long run can make it fail: linear in the text.
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/_-]{60,}+\s*+)++[A-Za-z0-9+/_-]*+={0,2}")
_LEAST_ROOM: Final = 24
_NO_WIDTH: Final = frozenset({"Mn", "Me", "Cf"})


def fold(text: str, size: int) -> str:
    """Clean text with its long runs of base64, and then its own end, as `…[6,012 B]`.

    The number is the size of the whole run, or `size` for the text itself.
    """
    if len(text) <= BASE64_LIMIT:
        return text
    folded = _BASE64.sub(_fold_base64, text)
    if len(folded) <= PROSE_LIMIT:
        return folded
    return _close(folded[:PROSE_KEPT]) + folded_mark(size)


def folded_mark(size: int) -> str:
    """What stands for the part of a text of `size` bytes that is not shown."""
    return f"{ASIDE}…[{size_of(size)}]{END}"


def size_of(count: int) -> str:
    """A number of bytes, for people."""
    return f"{count:,} B"


def width_of(text: str) -> int:
    """The columns that clean text takes on a terminal."""
    if text.isascii() and END not in text:
        return len(text)
    return sum(map(_columns, text))


def cut(text: str, room: int) -> str:
    """Clean text in at most `room` columns; `…` stands for what is cut off."""
    return text if width_of(text) <= room else prefix(text, room - 1) + "…"


def wrapped(text: str, start: int, columns: int, hanging: str) -> str:
    """Clean text broken at white space.

    Its first line stands behind `start` columns, the others behind `hanging`.
    """
    if start + len(text) <= columns:
        return text
    lines = textwrap.wrap(
        text,
        max(columns, start + _LEAST_ROOM),
        initial_indent=" " * start,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[start:]


def prefix(text: str, room: int) -> str:
    """As much of clean text as fits into `room` columns."""
    column = 0
    for index, char in enumerate(text):
        column += _columns(char)
        if column > room:
            return _close(text[:index])
    return text


def _columns(char: str) -> int:
    if char in (ESCAPE, ASIDE, END) or unicodedata.category(char) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _fold_base64(match: re.Match[str]) -> str:
    run = match[0]
    if len(run) <= BASE64_LIMIT:
        return run
    return run[:BASE64_KEPT] + folded_mark(len(run))


def _close(text: str) -> str:
    """`text`, which was cut somewhere, without half an escape or half a remark at its end."""
    for mark in (ESCAPE, ASIDE):
        if text.rfind(mark) > text.rfind(END):
            return text[: text.rfind(mark)]
    return text
