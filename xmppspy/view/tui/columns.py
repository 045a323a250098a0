"""Columns: a row of the list as one line of the terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip

from xmppspy.view.browse.records import Flag
from xmppspy.view.browse.row import Row, tone
from xmppspy.view.look import ARROWS
from xmppspy.view.marked import Span
from xmppspy.view.tui.emphasis import emphasized
from xmppspy.view.tui.scheme import Inks

if TYPE_CHECKING:
    import re

WIDE: Final = 110
"""Columns from which on the other side's address has a column of its own."""
WIDER: Final = 160

SIGNS: Final = (
    (
        (Flag.MARKED, "change", "★"),
        (Flag.DROPPED, "change", "⊘"),
        (Flag.CHANGED, "change", "✎"),
        (Flag.HELD, "change", "…"),
        (Flag.INJECTED, "change", "+"),
    ),
    (
        (Flag.ERROR, "error", "✗"),
        (Flag.BAD, "error", "!"),
        (Flag.DOUBTFUL, "change", "?"),
        (Flag.ODD, "change", "~"),
    ),
)
"""What stands at the beginning of a row: of each group the first that applies."""

_CORE: Final = "RFC 6120"
"""Goes without saying."""
_SHORT: Final = 12
"""Columns of an address that has no column of its own."""
_SHORT_ARROWS: Final = {"c2s": "→", "s2c": "←"}


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide the columns are; 0 for those that are not shown."""

    width: int
    time: int
    conn: int
    arrow: int
    kind: int
    peer: int
    size: int
    latency: int
    has_sources: bool

    @property
    def summary(self) -> int:
        """What is left for what a row says."""
        taken = len(SIGNS) + self.time + self.conn + self.arrow + self.kind + self.peer
        gaps = 5 + bool(self.peer)
        return max(self.width - taken - gaps - self.size - self.latency, 0)

    @classmethod
    def of(cls, width: int, time: int, conn: int) -> "Columns":
        """Those for a list of a width; `time` and `conn` are what these need."""
        wide, wider = width >= WIDE, width >= WIDER
        return cls(
            width=width,
            time=time,
            conn=conn,
            arrow=3 if wide else 1,
            kind=17 if wide else 12,
            peer=36 if wider else 26 if wide else 0,
            size=9 if wider else 0,
            latency=8 if wide else 7,
            has_sources=wide,
        )


def strip(
    row: Row,
    columns: Columns,
    time: str,
    inks: Inks,
    ground: str = "ground",
    found: "re.Pattern[str] | None" = None,
) -> Strip:
    """The line of a row; what `found` finds in it stands out."""
    spans = emphasized(tuple(_spans(row, columns, time)), found)
    return Strip([Segment(text, inks.style(ink, ground)) for ink, text in spans], columns.width)


def fitted(spans: Iterable[Span], width: int) -> Iterator[Span]:
    """The spans in exactly `width` columns: `…` stands for what is cut off."""
    left = width
    for ink, text in spans:
        length = cell_len(text)
        if length > left:
            if left:
                yield ink, set_cell_size(text, left - 1) + "…"
            return
        yield ink, text
        left -= length
    if left:
        yield "text", " " * left


def _spans(row: Row, columns: Columns, time: str) -> Iterator[Span]:
    arrow_ink = row.dir or "meta"
    yield from (_sign(row, signs) for signs in SIGNS)
    yield "meta", f" {time:>{columns.time}} "
    yield tone(row.conn), f"{f'#{row.conn}' if row.conn else '':<{columns.conn}} "
    yield arrow_ink, f"{_arrow(row, columns):<{columns.arrow}} "
    yield from fitted([row.kind], columns.kind)
    yield "meta", " "
    if columns.peer:
        yield from fitted([("meta", row.peer)], columns.peer)
        yield "meta", " "
    # What is not there leaves its room to the summary.
    room = columns.summary + (0 if row.latency or columns.size else columns.latency)
    yield from fitted(_summary(row, columns), room)
    if columns.size:
        yield "meta", f"{f'{row.size:,} B' if row.size else '':>{columns.size}}"
    if row.latency or columns.size:
        yield _latency_ink(row), f"{row.latency:>{columns.latency}}"


def _sign(row: Row, signs: tuple[tuple[int, str, str], ...]) -> Span:
    return next(((ink, sign) for flag, ink, sign in signs if row.flags & flag), ("meta", " "))


def _arrow(row: Row, columns: Columns) -> str:
    if row.dir is None:
        return ""
    return (ARROWS if columns.arrow > 1 else _SHORT_ARROWS)[row.dir]


def _summary(row: Row, columns: Columns) -> Iterator[Span]:
    source = "" if row.source.startswith(_CORE) or not columns.has_sources else row.source
    if row.peer and not columns.peer:
        yield "meta", f"{short(row.peer)} "
    yield from row.topic
    if source:
        yield "meta", f" {source}" if row.topic else source
    if row.details and (row.topic or source):
        yield "meta", " "
    yield from row.details


def short(address: str) -> str:
    """What tells an address from others: its local part, or its domain."""
    name = address.partition("/")[0].partition("@")[0]
    return name if cell_len(name) <= _SHORT else set_cell_size(name, _SHORT - 1) + "…"


def _latency_ink(row: Row) -> str:
    return "change" if row.flags & Flag.ODD or row.latency.endswith(" s") else "meta"
