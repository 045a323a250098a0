"""Pane: the detail of the row at the cursor, under a line that says what it is."""

from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer

from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.detail import Detail
from xmppspy.view.tui.scheme import Inks
from xmppspy.view.tui.times import Times

if TYPE_CHECKING:
    from xmppspy.view.browse.browser import Browser, Told
    from xmppspy.view.browse.leaf import Form

_HEAVY: Final = 100_000
"""Bytes of a line that takes a moment to be laid out: it waits until the cursor rests."""
_REST: Final = 0.12


class Pane(Vertical):
    """Shows one row at a time, in one of several forms."""

    DEFAULT_CSS = "Pane { display: none; } Pane.open { display: block; }"

    def __init__(self, inks: Inks, times: Times) -> None:
        super().__init__(id="pane")
        self.form: Form = "xml"
        self.full = False
        self.detail = Detail(inks)
        self._times = times
        self._title = Bar(inks, "pane-title")
        self._told: Told | None = None
        self._browser: Browser | None = None
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """The line, and the detail."""
        yield self._title
        yield self.detail

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("open")

    def read(self, browser: "Browser", row: int) -> None:
        """Show a row, as it is known by now."""
        self._browser = browser
        told = browser.told(row)
        is_other = self._told is None or self._told.row != row
        if not is_other and told == self._told:
            return
        self._told = told
        if self._resting is not None:
            self._resting.stop()
        if is_other and len(told.line) > _HEAVY:
            self._resting = self.set_timer(_REST, self.show)
        else:
            self.show(again=not is_other)

    def show(self, *, again: bool = False) -> None:
        """Lay out what is read; `again` if it was there before."""
        if self._told is None or self._browser is None:
            return
        from xmppspy.view.browse.leaf import FORMS_SAID, Leaves  # noqa: PLC0415 - it is loaded

        leaves = Leaves(self._browser, self._times.clock)
        parts = leaves(self._told, self.detail.room, self.form, full=self.full)
        self.detail.read(parts, again=again)
        said = [FORMS_SAID[self.form] if self.form != "xml" else "", "in full" if self.full else ""]
        self._title.show(
            [("title", leaves.title(self._told))], [("meta", " · ".join(filter(None, said)))]
        )

    @on(Detail.Resized)
    def resized(self, event: Detail.Resized) -> None:
        """Lay it out for another width."""
        event.stop()
        self.show(again=True)

    def next_form(self) -> None:
        """Show the bytes in the next form."""
        from xmppspy.view.browse.leaf import FORMS  # noqa: PLC0415 - it is loaded

        self.form = FORMS[(FORMS.index(self.form) + 1) % len(FORMS)]
        self.show()

    def toggle_full(self) -> None:
        """Cut nothing short, or do so again."""
        self.full = not self.full
        self.show(again=True)
