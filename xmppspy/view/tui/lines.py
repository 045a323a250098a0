"""Lines: text that scrolls, with or without a line at the cursor."""

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xmppspy.view.marked import Span
from xmppspy.view.tui.direct import Direct
from xmppspy.view.tui.scheme import Inks

Line: TypeAlias = Sequence[Span]


class Lines(ScrollView, Direct, can_focus=True):
    """Shows lines of spans. With `has_cursor`, one of them is the one at the cursor.

    With `needs_focus`, that is seen only while keys are for these lines.
    """

    DEFAULT_CSS = "Lines { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; overflow-x: hidden; overflow-y: scroll; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "next line", show=False),
        Binding("up,k", "move(-1)", "line before", show=False),
        Binding("pagedown,ctrl+f,space", "page(1)", "a page on", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "a page back", show=False),
        Binding("home,g", "first", "first line", show=False),
        Binding("end,G", "last", "last line", show=False),
        Binding("enter", "choose", "choose", show=False),
    ]

    class Chosen(Message):
        """The line at the cursor was chosen."""

        def __init__(self, lines: "Lines", at: int) -> None:
            super().__init__()
            self.lines = lines
            self.at = at

        @property
        def control(self) -> "Lines":
            """Whose line it is."""
            return self.lines

    def __init__(
        self,
        inks: Inks,
        id: str | None = None,  # noqa: A002
        *,
        has_cursor: bool = False,
        ground: str = "ground",
        needs_focus: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.inks = inks
        self.cursor = 0
        self._needs_focus = needs_focus
        self._has_cursor = has_cursor
        self._ground = ground
        self._lines: Sequence[Line] = ()

    @property
    def text(self) -> str:
        """All lines, without colours."""
        return "\n".join("".join(text for _, text in line) for line in self._lines)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def show(self, lines: Sequence[Line], *, cursor: int = 0) -> None:
        """Show these lines."""
        self._lines = lines
        width = max((sum(cell_len(text) for _, text in line) for line in lines), default=0)
        self.virtual_size = Size(width, len(lines))
        self.cursor = min(max(cursor, 0), max(len(lines) - 1, 0))
        self._bring_in()
        self.refresh()

    # --- moving

    def action_move(self, by: int) -> None:
        """Go some lines on."""
        if self._has_cursor:
            self.go_to(self.cursor + by)
        else:
            self.scroll_to(y=self.scroll_y + by, animate=False)

    def action_page(self, by: int) -> None:
        """Go some pages on."""
        self.action_move(by * max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self.action_move(-self.count)

    def action_last(self) -> None:
        """Go to the last line."""
        self.action_move(self.count)

    def action_choose(self) -> None:
        """Choose the line at the cursor."""
        if self._has_cursor and self.count:
            self.post_message(self.Chosen(self, self.cursor))

    def go_to(self, line: int) -> None:
        """Put the cursor on a line."""
        before, self.cursor = self.cursor, min(max(line, 0), max(self.count - 1, 0))
        self._bring_in()
        self.refresh_line(before)
        self.refresh_line(self.cursor)

    def _bring_in(self) -> None:
        if not self._has_cursor:
            return
        height, top = max(self.size.height, 1), round(self.scroll_y)
        if not top <= self.cursor < top + height:
            top = self.cursor if self.cursor < top else self.cursor - height + 1
            self.scroll_to(y=top, animate=False)

    # --- what is seen

    def render_line(self, y: int) -> Strip:
        """One line of what is seen."""
        left, top = round(self.scroll_x), round(self.scroll_y)
        width, at = self.size.width, top + y
        is_seen = self._has_cursor and (self.has_focus or not self._needs_focus)
        ground = "chosen" if is_seen and at == self.cursor else self._ground
        style = self.inks.style
        if at >= self.count:
            return Strip.blank(width, style("text", self._ground))
        strip = Strip([Segment(text, style(ink, ground)) for ink, text in self._lines[at]])
        return strip.crop_extend(left, left + width, style("text", ground))

    def on_focus(self) -> None:
        """The cursor is seen."""
        self.refresh()

    def on_blur(self) -> None:
        """It is not, as a rule."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked."""
        at = round(self.scroll_y) + event.y
        if self._has_cursor and at < self.count:
            self.go_to(at)
            self.action_choose()
