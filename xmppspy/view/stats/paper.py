"""Paper: what tables are printed on, and how they look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.text import Text

from xmppspy.analysis.words import harmless
from xmppspy.view.clock import Clock

ROWS: Final = 10
"""Rows of a table; the rest is said to be there."""

TITLE: Final = "kind"
META: Final = "meta"
ERROR: Final = "error"
"""Styles by the names that the theme has for them."""

_GAP: Final = "  "

Colours: TypeAlias = Literal["", "standard", "256"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the tables are printed on."""

    columns: int
    colours: Colours
    """How many; empty for none."""
    clock: Clock


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> "Table":
    """A table of which the first `left` columns are words, cut where there is no room for them.

    What peers said is made harmless here. There has to be a row at least.
    """
    return Table(tuple(head), [[harmless(cell) for cell in row] for row in rows], left)


@dataclass(frozen=True, slots=True)
class Table:
    """Harmless texts, lined up; a tenth of the work that rich's tables are, which can do more."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int
    """How many columns are words; the others stand to the right, and are never cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One line for the head, and one for each row."""
        widths = self._widths(options.max_width)
        yield Segment(self._line(self.head, widths), console.get_style(META))
        yield Segment.line()
        for row in self.rows:
            yield Segment(self._line(row, widths))
            yield Segment.line()

    def _widths(self, room: int) -> list[int]:
        """As wide as the texts are; where that is too much, the widest words give way first."""
        cells = zip(self.head, *self.rows, strict=True)
        widths = [max(map(cell_len, column)) for column in cells]
        excess = sum(widths) + len(_GAP) * (len(widths) - 1) - room
        while excess > 0 and (widest := max(widths[: self.left])) > 1:
            widths[widths.index(widest)] -= 1
            excess -= 1
        return widths

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        shown = []
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            blank = width - cell_len(cell)
            if blank < 0:
                shown.append(set_cell_size(cell, width - 1) + "…")
            else:
                shown.append(cell + " " * blank if place < self.left else " " * blank + cell)
        return _GAP.join(shown).rstrip()


def more(count: int) -> Iterator[Text]:
    """Says that a table of `count` rows does not show them all, if so."""
    if count > ROWS:
        yield Text(f"… and {count - ROWS:,} more", style=META)


def percent(share: float) -> str:
    """A share of one, for people."""
    return f"{share * 100:.0f} %"
