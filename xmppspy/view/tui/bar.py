"""Bar: one line with something at its left and something at its right."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from xmppspy.view.marked import Span
from xmppspy.view.tui.columns import fitted
from xmppspy.view.tui.direct import Direct
from xmppspy.view.tui.scheme import Inks


class Bar(Direct):
    """Shows spans at both ends of a line.

    Where there is no room for both, the left is cut; with `gives_way` the right is left out.
    """

    DEFAULT_CSS = "Bar { height: 1; }"

    class Picked(Message):
        """One of the spans at the left was clicked: the one at `at`."""

        def __init__(self, bar: "Bar", at: int) -> None:
            super().__init__()
            self.bar = bar
            self.at = at

        @property
        def control(self) -> "Bar":
            """The bar."""
            return self.bar

    def __init__(
        self,
        inks: Inks,
        id: str,  # noqa: A002
        ground: str = "raised",
        *,
        gives_way: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._gives_way = gives_way
        self.inks = inks
        self._ground = ground
        self._left: Sequence[Span] = ()
        self._right: Sequence[Span] = ()

    def show(self, left: Iterable[Span], right: Iterable[Span] = ()) -> None:
        """Show these; a space stands at each end."""
        shown = (tuple(left), tuple(right))
        if shown != (self._left, self._right):
            self._left, self._right = shown
            self.refresh()

    @property
    def text(self) -> str:
        """What is shown, without colours."""
        return "".join(text for _, text in (*self._left, ("", "  "), *self._right))

    def render_line(self, _y: int) -> Strip:
        """The line."""
        width = self.size.width
        right = [*self._right, ("text", " ")]
        room = width - sum(cell_len(text) for _, text in right)
        if room < sum(cell_len(text) for _, text in self._left) and self._gives_way:
            room, right = width - 1, [("text", " ")]
        spans = [*fitted([("text", " "), *self._left], max(room, 0)), *right]
        style = self.inks.style
        line = Strip([Segment(text, style(ink, self._ground)) for ink, text in spans])
        return line.adjust_cell_length(width, style("text", self._ground))

    def on_click(self, event: events.Click) -> None:
        """Tell which span it was."""
        left = 1
        for at, (_, text) in enumerate(self._left):
            if left <= event.x < left + cell_len(text):
                self.post_message(self.Picked(self, at))
            left += cell_len(text)
