"""Paper: what tables are printed on, and how they look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rich.table import Table
from rich.text import Text

from xmppspy.analysis.words import harmless
from xmppspy.view.clock import Clock

ROWS: Final = 10
"""Rows of a table; the rest is said to be there."""

TITLE: Final = "kind"
META: Final = "meta"
ERROR: Final = "error"
"""Styles by the names that the theme has for them."""

Colours: TypeAlias = Literal["", "standard", "256"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the tables are printed on."""

    columns: int
    colours: Colours
    """How many; empty for none."""
    clock: Clock


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Table:
    """A table of which the first `left` columns are words, cut where there is no room for them.

    What peers said is made harmless here. There has to be a row at least.
    """
    made = Table(box=None, padding=(0, 2, 0, 0), header_style=META, pad_edge=False)
    for index, name in enumerate(head):
        is_word = index < left
        made.add_column(
            name,
            justify="left" if is_word else "right",
            # What may wrap is made narrower where there is no room; the texts forbid that it does.
            no_wrap=not is_word,
        )
    for row in rows:
        made.add_row(*(Text(harmless(cell), no_wrap=True, overflow="ellipsis") for cell in row))
    return made


def more(count: int) -> Iterator[Text]:
    """Says that a table of `count` rows does not show them all, if so."""
    if count > ROWS:
        yield Text(f"… and {count - ROWS:,} more", style=META)


def percent(share: float) -> str:
    """A share of one, for people."""
    return f"{share * 100:.0f} %"
