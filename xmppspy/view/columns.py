"""Columns: a table of short texts, lined up, in as many columns as the terminal has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xmppspy.view.escape import escape_line, unmarked
from xmppspy.view.fold import cut, width_of
from xmppspy.view.ink import Palette

_GAP: Final = "  "
_LEAST: Final = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    is_number: bool = False
    """Whether it stands to the right."""
    is_elastic: bool = False
    """Whether it is cut where there is no room for it; the widest such one first."""


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    room: int | None,
    palette: Palette | None = None,
) -> str:
    """The rows below the titles, ended by a line break; what peers said is made harmless.

    `room` are the terminal's columns, None where there is no terminal. A column without any text
    is left out.
    """
    palette = palette or Palette()
    clean = [[unmarked(escape_line(cell)) for cell in row] for row in rows]
    kept = [place for place in range(len(columns)) if any(row[place] for row in clean)]
    columns = [columns[place] for place in kept]
    clean = [[row[place] for place in kept] for row in clean]
    widths = _widths(columns, clean, room)
    head = _line(columns, [column.title for column in columns], widths)
    lines = [palette.paint(palette.meta, head)]
    lines += [_line(columns, row, widths) for row in clean]
    return "\n".join(lines) + "\n"


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int | None
) -> list[int]:
    widths = [
        max(width_of(text) for text in (column.title, *(row[place] for row in rows)))
        for place, column in enumerate(columns)
    ]
    elastic = [place for place, column in enumerate(columns) if column.is_elastic]
    excess = 0 if room is None else sum(widths) + len(_GAP) * (len(widths) - 1) - room
    while excess > 0 and elastic:
        widest = max(elastic, key=lambda place: widths[place])
        if widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
        excess -= 1
    return widths


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    shown = []
    for column, cell, width in zip(columns, cells, widths, strict=True):
        text = cut(cell, width)
        blank = " " * (width - width_of(text))
        shown.append(blank + text if column.is_number else text + blank)
    return _GAP.join(shown).rstrip()
