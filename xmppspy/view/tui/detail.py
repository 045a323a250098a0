"""Detail: all that is known of the row at the cursor, in parts that can be folded."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from xmppspy.view.browse.folding import GUTTER, Folding
from xmppspy.view.browse.paper import Part
from xmppspy.view.tui.emphasis import emphasized
from xmppspy.view.tui.lines import Lines
from xmppspy.view.tui.scheme import Inks

if TYPE_CHECKING:
    import re


class Detail(Lines):
    """Shows the parts of a leaf."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "fold", "fold what the line is in", show=False),
        Binding("right", "unfold", "unfold", show=False),
        Binding("enter", "switch", "fold, unfold", show=False),
        Binding("plus", "toggle_all", "fold all, unfold all", show=False),
    ]

    class Resized(Message):
        """There is another width to be filled."""

    def __init__(self, inks: Inks) -> None:
        super().__init__(inks, "detail", has_cursor=True, needs_focus=True)
        self._folding = Folding((), 0)
        self._found: re.Pattern[str] | None = None
        self._width = 0

    @property
    def room(self) -> int:
        """Columns for the text of a leaf."""
        return max(self.scrollable_content_region.width - GUTTER, 20)

    def read(self, parts: Sequence[Part], *, again: bool = False) -> None:
        """Show these parts; `again` if they are about the same line as before."""
        if again:
            self._folding = self._folding.again(parts, self.room)
            self._lay(self.cursor)
        else:
            self._folding = Folding(parts, self.room)
            self._lay(0)
            self.scroll_to(0, 0, animate=False)

    def highlight(self, pattern: "re.Pattern[str] | None") -> None:
        """Let stand out what a pattern finds."""
        self._found = pattern
        self._lay(self.cursor)

    def action_switch(self) -> None:
        """Fold what begins at the cursor, or unfold it."""
        self._folding.toggle(self.cursor)
        self._lay(self.cursor)

    def action_fold(self) -> None:
        """Fold what the cursor is in."""
        self._lay(self._folding.fold(self.cursor))

    def action_unfold(self) -> None:
        """Unfold what is folded at the cursor."""
        self._folding.unfold(self.cursor)
        self._lay(self.cursor)

    def action_toggle_all(self) -> None:
        """Fold what is inside of something, or unfold everything."""
        self._folding.toggle_all()
        self._lay(0)

    def _lay(self, cursor: int) -> None:
        lines = [emphasized(shown.line, self._found) for shown in self._folding.lines]
        self.show(lines, cursor=cursor)

    def on_resize(self, event: events.Resize) -> None:
        """Have the leaf made for another width."""
        if event.size.width != self._width:
            self._width = event.size.width
            self.post_message(self.Resized())
