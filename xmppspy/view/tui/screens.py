"""Screens: the one of the list, and those that lie over it for a while (overview, journey, help)."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from xmppspy.view.marked import Span
from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.lines import Line, Lines
from xmppspy.view.tui.scheme import Inks

_MARGIN: Final[Span] = ("text", " ")


class Ground(Screen[None], inherit_bindings=False):
    """The screen of the list: all keys are the viewer's own."""


class Sheet(Screen[int | None], inherit_bindings=False):
    """A title and lines. A line may stand for something: then choosing it ends the screen with it.

    Of `keys` each ends it; of `more` each does something with what the line at the cursor stands for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "leave", "back", show=False),
    ]

    def __init__(
        self,
        inks: Inks,
        title: str,
        hint: str,
        *,
        has_cursor: bool = True,
        keys: Sequence[str] = (),
        more: Mapping[str, Callable[[int], object]] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self._inks = inks
        self._title_text = title
        self._hint = hint
        self._values: Sequence[int | None] = ()
        self.lines = Lines(inks, "sheet", has_cursor=has_cursor)
        for key in keys:
            self._bindings.bind(key, "leave", "back", show=False)
        self._more = more
        for key in more:
            self._bindings.bind(key, f"do_more({key!r})", "", show=False)

    def compose(self) -> ComposeResult:
        """The title, the lines, and what keys do."""
        yield Bar(self._inks, "sheet-title")
        yield self.lines
        yield Bar(self._inks, "sheet-hint")

    def on_mount(self) -> None:
        """Show what is known already."""
        self.entitle(self._title_text)
        self.hint(self._hint)
        self.lines.focus()

    def hint(self, text: str, ink: str = "meta") -> None:
        """Say what keys do, or what is to be said instead."""
        self.query_one("#sheet-hint", Bar).show([(ink, text)])

    def entitle(self, title: str, right: Sequence[Span] = ()) -> None:
        """Change the title."""
        self.query_one("#sheet-title", Bar).show([("title", title)], right)

    def show(self, lines: Sequence[Line], values: Sequence[int | None] = ()) -> None:
        """Show lines, and what they stand for; at first the cursor is at one of these."""
        is_first = not self.lines.count
        self._values = values
        scroll = self.lines.scroll_y
        first = next((at for at, value in enumerate(values) if value is not None), 0)
        cursor = first if is_first else self.lines.cursor
        self.lines.show([(_MARGIN, *line) for line in lines], cursor=cursor)
        self.lines.scroll_to(y=scroll, animate=False)

    @property
    def room(self) -> int:
        """Columns for a line."""
        return max(self.lines.scrollable_content_region.width - 2, 40)

    @on(Lines.Chosen)
    def chosen(self, event: Lines.Chosen) -> None:
        """End with what the line stands for."""
        event.stop()
        if self.value is not None:
            self.dismiss(self.value)

    @property
    def value(self) -> int | None:
        """What the line at the cursor stands for."""
        at = self.lines.cursor
        return self._values[at] if at < len(self._values) else None

    def action_do_more(self, key: str) -> None:
        """End, and do what the key stands for with what the line at the cursor stands for."""
        if self.value is not None:
            self.app.call_later(self._more[key], self.value)
            self.dismiss(None)

    def action_leave(self) -> None:
        """End without anything."""
        self.dismiss(None)
