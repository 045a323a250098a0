"""RowList: the rows of a capture, one a line."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xmppspy.view.browse.listing import Listing
from xmppspy.view.browse.row import Row
from xmppspy.view.browse.rowsource import RowSource
from xmppspy.view.tui.columns import Columns, strip
from xmppspy.view.tui.direct import Direct
from xmppspy.view.tui.scheme import Inks
from xmppspy.view.tui.times import WIDTH as TIME
from xmppspy.view.tui.times import Times

if TYPE_CHECKING:
    import re

_LEAST_CONN: Final = 2
_KEPT: Final = 500
"""Lines that are kept as they were painted; of more, all are painted again."""


class RowList(ScrollView, Direct, can_focus=True):
    """Shows the rows of a listing, reading only those that are seen.

    There is one cursor. While `follows`, it is at the last row, also of those to come; else what is
    seen stays where it is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "next row", show=False),
        Binding("up,k", "move(-1)", "row before", show=False),
        Binding("pagedown,ctrl+f,space", "page(1)", "a page on", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "a page back", show=False),
        Binding("home,g", "first", "first row", show=False),
        Binding("end,G", "last", "last row, and follow", show=False),
    ]

    class Moved(Message):
        """The cursor is at another row, or the row at the cursor has changed."""

    class Chosen(Message):
        """The row at the cursor is to be looked at closely."""

    def __init__(self, listing: Listing, source: RowSource, times: Times, inks: Inks) -> None:
        super().__init__(id="rows")
        self.listing = listing
        self.follows = False
        self.inks = inks
        self.new = 0
        """Rows that have come since the end was left."""
        self._nothing = ""
        self._source = source
        self._times = times
        self.wanted = 0
        """The row that the cursor is to be at, or near, when other rows are shown."""
        self._is_seeking = False
        self._cursor = 0
        self._strips: dict[tuple[int, bool], Strip] = {}
        self._conn_width = _LEAST_CONN
        self._columns: Columns | None = None
        self._found: re.Pattern[str] | None = None

    # --- where the cursor is

    @property
    def row(self) -> int | None:
        """The row at the cursor; None where there is none."""
        return self.listing.row_at(self._cursor) if len(self.listing) else None

    @property
    def place(self) -> int:
        """The place of the cursor in the listing."""
        return self._cursor

    def go_to(self, place: int) -> None:
        """Put the cursor at a place."""
        last = max(len(self.listing) - 1, 0)
        place = min(max(place, 0), last)
        self.follows = self.follows and place == last
        self._put(place)
        self.stay()

    def go_to_row(self, row: int) -> None:
        """Put the cursor at a row, or near it; at itself as soon as it is shown."""
        self.follows = False
        self._put(self.listing.place_near(row) or 0, centred=True)
        self.wanted, self._is_seeking = row, True

    def stay(self) -> None:
        """The row at the cursor is the one that is wanted."""
        self.wanted, self._is_seeking = self.row or 0, False

    def _put(self, place: int, *, centred: bool = False) -> None:
        before, self._cursor = self._cursor, place
        height = max(self.size.height, 1)
        top = round(self.scroll_y)
        if not top <= place < top + height:
            if centred:
                top = max(place - height // 2, 0)
            else:
                top = place - height + 1 if place >= top + height else place
            self.scroll_to(y=top, animate=False)
        self.refresh_line(before)
        self.refresh_line(place)
        self.post_message(self.Moved())

    def action_move(self, by: int) -> None:
        """Go some rows on."""
        self.go_to(self._cursor + by)

    def action_page(self, by: int) -> None:
        """Go some pages on."""
        self.go_to(self._cursor + by * max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self.go_to(0)

    def action_last(self) -> None:
        """Go to the last row, and stay at the end."""
        self.follow()

    def follow(self) -> None:
        """Go to the last row, and stay at the end."""
        self.follows, self.new = True, 0
        self._put(max(len(self.listing) - 1, 0))
        self.stay()

    # --- what is shown

    def grown(self, *, live: bool = False) -> None:
        """The listing has more rows than before; `live`, if they have come just now."""
        count, before = len(self.listing), int(self.virtual_size.height)
        if count == before and not self._is_seeking:
            return
        self.virtual_size = Size(self.scrollable_content_region.width, count)
        if self.follows:
            self._put(max(count - 1, 0))
            self.refresh()
            return
        self.new += max(count - before, 0) if live else 0
        if self._is_seeking:
            self._seek()
        elif before < round(self.scroll_y) + self.size.height:
            self.refresh()

    def relist(self) -> None:
        """The listing has other rows; the cursor goes back to where a person put it, or near."""
        self._strips.clear()
        self._is_seeking = True
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.listing))
        self.new = 0
        if self.follows:
            self._put(max(len(self.listing) - 1, 0))
            self.stay()
            self.refresh()
        else:
            self._seek()

    def _seek(self) -> None:
        """Put the cursor where the anchor is, as far as is known by now."""
        offset = self._cursor - round(self.scroll_y)
        self._cursor = self.listing.place_near(self.wanted) or 0
        top = self._cursor - min(max(offset, 0), max(self.size.height - 1, 0))
        self.scroll_to(y=max(top, 0), animate=False)
        self.refresh()
        self.post_message(self.Moved())

    def settle(self) -> None:
        """The listing is complete: the cursor stays where it is."""
        self._is_seeking = False

    def changed(self, start: int, stop: int, touched: Iterable[int]) -> None:
        """Rows are known better than before: those from `start` on and before `stop`, and others."""
        concerned = {row for row, _ in self._strips if start <= row < stop}.union(touched)
        for row in concerned:
            self._strips.pop((row, True), None)
            self._strips.pop((row, False), None)
        if concerned:
            self.refresh()
        if self.row in concerned:
            self.post_message(self.Moved())

    def explain(self, text: str) -> None:
        """Say why there are no rows, where there are none."""
        if text != self._nothing:
            self._nothing = text
            self.refresh()

    def highlight(self, pattern: "re.Pattern[str] | None") -> None:
        """Let stand out what a pattern finds."""
        self._found = pattern
        self.repaint()

    def _arrange(self) -> None:
        width = self.scrollable_content_region.width
        self._columns = Columns.of(width, TIME, self._conn_width)
        self.virtual_size = Size(width, len(self.listing))
        self.repaint()

    def repaint(self) -> None:
        """Rows that were painted may look otherwise now."""
        self._strips.clear()
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Arrange the columns anew."""
        self._arrange()
        self._put(self._cursor)

    def render_line(self, y: int) -> Strip:
        """One line of what is seen."""
        place = y + round(self.scroll_y)
        if place >= len(self.listing) or self._columns is None:
            return self._empty(y)
        row, at_cursor = self.listing.row_at(place), place == self._cursor
        found = self._strips.get((row, at_cursor))
        if found is None:
            found = self._painted(row, at_cursor)
        return found

    def _empty(self, y: int) -> Strip:
        """A line without a row; where there are none at all, one says why."""
        if y == 1 and not len(self.listing) and self._nothing:
            text = Segment(f"   {self._nothing}", self.inks.style("meta"))
            return Strip([text]).extend_cell_length(self.size.width, self.inks.style("text"))
        return Strip.blank(self.size.width, self.inks.style("text"))

    def _painted(self, number: int, at_cursor: bool) -> Strip:
        row = self._source.row(number)
        ground = "chosen" if at_cursor else "ground"
        if row is None or self._columns is None:
            return Strip.blank(self.size.width, self.inks.style("text", ground))
        if len(self._strips) >= _KEPT:
            self._strips.clear()
        if len(f"#{row.conn}") > self._conn_width:
            self._conn_width = len(f"#{row.conn}")
            self.call_later(self._arrange)
        time = self._times(row, lambda: self._before(number))
        made = strip(row, self._columns, time, self.inks, ground, self._found)
        self._strips[number, at_cursor] = made
        return made

    def _before(self, number: int) -> Row | None:
        """The row that is shown before one."""
        place = self.listing.place_of(number)
        return self._source.row(self.listing.row_at(place - 1)) if place else None

    # --- the mouse

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What is seen has moved: the cursor comes along, so that it is always seen."""
        super().watch_scroll_y(old_value, new_value)
        top, height = round(new_value), self.size.height
        place = min(max(self._cursor, top), top + height - 1)
        if height and place != self._cursor and not self._is_seeking:
            self.go_to(place)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; look closely at what was clicked twice."""
        place = event.y + round(self.scroll_y)
        if place < len(self.listing):
            self.go_to(place)
            if event.chain > 1:
                self.post_message(self.Chosen())
