"""Writing: a screen on which a person writes XML, which is checked as it is typed."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import TextArea

from xmppspy.errors import MalformedXML
from xmppspy.intervene import fragments
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.framing import Frame
from xmppspy.view.browse.paper import wrapped
from xmppspy.view.marked import MARKED, Span, lines
from xmppspy.view.paint import Painter
from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.lines import Line, Lines
from xmppspy.view.tui.scheme import Inks
from xmppspy.view.tui.xmlarea import XMLArea

WIDE: Final = 120
"""Columns from which on there is something beside the text."""


class Writing(Screen[None], inherit_bindings=False):
    """A text, and something to compare it with: beside it, or in its place for a while."""

    CSS = """
    Writing { layout: vertical; }
    #desk { layout: horizontal; height: 1fr; }
    #desk Lines { display: none; width: 1fr; height: 1fr; }
    #desk.wide Lines, #desk.other Lines { display: block; }
    #desk.wide XMLArea { width: 1fr; }
    #desk.other XMLArea { display: none; }
    #desk.wide.other XMLArea { display: block; }
    #desk.stacked { layout: vertical; }
    #desk.stacked Lines { display: block; border-top: solid $foreground 20%; }
    #desk.stacked.wide { layout: horizontal; }
    #desk.stacked.wide Lines { border-top: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "send", show=False, priority=True),
        Binding("escape", "leave", "leave", show=False, priority=True),
        Binding("ctrl+o", "other", "what is beside it", show=False, priority=True),
    ]
    HINTS: ClassVar[Sequence[tuple[str, str]]] = ()
    """Keys, and what they do here."""

    def __init__(
        self, inks: Inks, text: str, context: StreamContext = DEFAULT_CONTEXT, other: str = "other"
    ) -> None:
        super().__init__()
        self.inks = inks
        self.area = XMLArea(inks, text)
        self.other = Lines(inks, other)
        self.frames: Sequence[Frame] = ()
        """What the text consists of; nothing while it is not well-formed."""
        self._stream = context
        self._is_insisting = False
        self._title = Bar(inks, "writing-title")
        self._verdict = Bar(inks, "verdict", "ground")
        self._hint = Bar(inks, "writing-hint")

    def compose(self) -> ComposeResult:
        """What it is about, the text, what is thought of it, and what keys do."""
        yield self._title
        with Container(id="desk"):
            yield self.area
            yield self.other
        yield self._verdict
        yield self._hint

    def on_mount(self) -> None:
        """Begin."""
        keys = [
            span for key, does in self.HINTS for span in (("key", f"{key} "), ("meta", f"{does}  "))
        ]
        self._hint.show(keys)
        self.area.focus()
        self.tell()
        self.judge()

    def on_resize(self, event: events.Resize) -> None:
        """Use the room there is."""
        self.query_one("#desk").set_class(event.size.width >= WIDE, "wide")
        self.call_after_refresh(self.lay_out)

    @abstractmethod
    def lay_out(self) -> None:
        """Show what is beside the text, for the room there is now."""

    @property
    def room(self) -> int:
        """Columns for what is beside the text."""
        width = self.size.width
        return max((width // 2 if width >= WIDE else width) - 3, 20)

    # --- what is said

    def entitle(self, left: Sequence[Span], right: Sequence[Span] = ()) -> None:
        """Say what it is about."""
        self._title.show(left, right)

    def say(self, text: str, ink: str = "text") -> None:
        """Say something about the text."""
        self._verdict.show([(ink, text)])

    @property
    def verdict(self) -> str:
        """What is said about the text."""
        return self._verdict.text.strip()

    @abstractmethod
    def tell(self) -> None:
        """Bring the title up to date."""

    # --- the text

    @on(TextArea.Changed)
    def changed(self, event: TextArea.Changed) -> None:
        """Look at it again."""
        event.stop()
        self._is_insisting = False
        self.judge()

    def judge(self) -> None:
        """Say whether the text is well-formed in its stream, and if not, where."""
        text = self.area.text
        try:
            self.frames = fragments.elements(text, self._stream)
        except MalformedXML as error:
            self.frames = ()
            self.area.point_at(error.position)
            before = text[: error.position]
            line, column = before.count("\n") + 1, error.position - before.rfind("\n")
            self.say(f"✗ line {line}, column {column}: {error.reason}", "error")
        else:
            self.area.point_at(None)
            self.say(f"✓ well-formed, {_counted(self.frames)}", "event")

    def action_other(self) -> None:
        """Show what is beside the text, or the text again."""
        self.query_one("#desk").toggle_class("other")

    def action_send(self) -> None:
        """Send the text; what is not well-formed only when it is asked for once more."""
        if not self.area.text.strip():
            self.say("there is nothing to be sent", "error")
        elif self.frames or self._is_insisting:
            self.run_worker(self.send(is_forced=not self.frames), exclusive=True)
        else:
            self._is_insisting = True
            self.judge()
            self.say(f"{self.verdict} · Ctrl-S once more sends it all the same", "error")

    @abstractmethod
    async def send(self, *, is_forced: bool) -> None:
        """Send the text; unchecked if it is forced."""

    def action_leave(self) -> None:
        """Go back; what was written is kept."""
        self.dismiss(None)


def shown(xml: str, width: int) -> list[Line]:
    """XML laid out, as lines of a width."""
    painted = Painter(MARKED, full=True).xml(xml.encode(errors="surrogatepass"), width)
    return [part for line in lines(painted) for part in wrapped(line, width)]


def _counted(frames: Sequence[Frame]) -> str:
    size = sum(len(frame.data) for frame in frames)
    count = f"{len(frames)} elements, " if len(frames) > 1 else ""
    return f"{count}{size:,} B"
