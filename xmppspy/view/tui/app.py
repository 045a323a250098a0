"""Viewer: the interactive view as a program."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from textual import events, on
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.timer import Timer

from xmppspy.view.browse.listing import Listing
from xmppspy.view.browse.messages import Answered, Ask, Drawn, Found, Opened, Progress, Trouble
from xmppspy.view.browse.rowsource import RowSource
from xmppspy.view.tui import bars
from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.chase import Chase
from xmppspy.view.tui.commands import Command, Table
from xmppspy.view.tui.helpers import Helper, Shelf
from xmppspy.view.tui.memory import Forgetful, Memory
from xmppspy.view.tui.pane import Pane
from xmppspy.view.tui.rowlist import RowList
from xmppspy.view.tui.scheme import DARK, SCHEMES, Inks, Scheme
from xmppspy.view.tui.screens import Ground
from xmppspy.view.tui.searcher import Searcher
from xmppspy.view.tui.sieve import Sieve
from xmppspy.view.tui.themes import theme
from xmppspy.view.tui.times import Times

if TYPE_CHECKING:
    import re

    from xmppspy.view.marked import Span
    from xmppspy.view.tui.agent import Agent
    from xmppspy.view.tui.prompt import Prompt
    from xmppspy.view.tui.question import Question
    from xmppspy.view.tui.tray import Tray

WIDE: Final = 140
"""Columns from which on the list and the detail are side by side."""

_MESSAGE_STAYS: Final = 5.0


class Viewer(App[int], inherit_bindings=False):
    """Shows one capture. Its exit code is what the program is to exit with."""

    ENABLE_COMMAND_PALETTE = False
    INLINE_PADDING = 0
    CSS = """
    Screen { layout: vertical; background: $background; }
    #body { layout: vertical; height: 1fr; }
    #body.wide { layout: horizontal; }
    RowList { height: 1fr; width: 1fr; scrollbar-size-vertical: 1; }
    RowList { overflow-x: hidden; overflow-y: scroll; }
    Pane { height: 60%; width: 1fr; }
    .wide Pane { height: 1fr; width: 1fr; }
    .zoomed RowList { display: none; }
    .zoomed Pane { height: 1fr; }
    #filter { display: none; }
    #filter.on { display: block; }
    """

    def __init__(
        self,
        shelf: Shelf,
        index: Helper,
        search: Callable[[], Helper],
        table: "Table[Viewer]",
        *,
        times: Times,
        scheme: Scheme = DARK,
        memory: Memory | None = None,
        attach: "Callable[[Viewer], Awaitable[None]] | None" = None,
        text: str = "",
        follows: bool = False,
    ) -> None:
        super().__init__(ansi_color=True if scheme.is_plain else None)
        self.shelf = shelf
        self.index = index
        self.table = table
        self.times = times
        self.clock: Callable[[], float] = time.monotonic
        self.memory = memory or Forgetful()
        self.inks = Inks(scheme)
        self.progress = Progress()
        self.trouble = ""
        """Why nothing can be shown; empty as a rule."""
        self.is_succeeded = False
        """Whether it has ended because the capture goes on in another file of the same name."""
        self.listing = Listing()
        self.source = RowSource(shelf.body, shelf.records, shelf.heap)
        self.searcher = Searcher(search)
        self.sieve: Sieve = Sieve(self.listing, self.searcher.send)
        self._message: tuple[Span, ...] = ()
        self._is_opened = False
        self._answers: dict[str, Callable[[Any], object]] = {}
        self._prompt: Prompt | None = None
        self._forgetting: Timer | None = None
        self._begin_acting = attach
        self._first_filter = text
        self._follows = follows
        self.acting: Agent | None = None
        """What a running proxy can be had to do; None where there is none."""
        self.chase = Chase(self.sieve, self.say, self._go)
        for command in table.commands.values():
            self.bind(command.keys, f"command({command.name!r})", show=False)
        for each in SCHEMES.values():
            self.register_theme(theme(each))
        self.theme = scheme.name

    def get_default_screen(self) -> Screen[None]:
        """The screen with the list."""
        return Ground()

    def compose(self) -> ComposeResult:
        """Bars at the top and at the bottom, the list and the detail between them."""
        yield Bar(self.inks, "title")
        yield Bar(self.inks, "filter", "ground")
        with Container(id="body"):
            yield RowList(self.listing, self.source, self.times, self.inks)
            yield Pane(self.inks, self.times)
        yield Bar(self.inks, "status")

    # --- parts

    @property
    def base(self) -> Screen[object]:
        """The screen with the list, whatever lies over it."""
        return self.screen_stack[0]

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.base.query_one(RowList)

    @property
    def pane(self) -> Pane:
        """The detail."""
        return self.base.query_one(Pane)

    @property
    def prompt(self) -> "Prompt | None":
        """The prompt, once it is loaded."""
        return self._prompt

    @property
    def is_asked(self) -> bool:
        """Whether a question is open."""
        return self.prompt is not None and self.prompt.question is not None

    def bar(self, name: str) -> Bar:
        """A bar by its name."""
        return self.base.query_one(f"#{name}", Bar)

    # --- beginning

    def on_mount(self) -> None:
        """Begin to take what is read."""
        self.index.listen(self._take)
        self._arrange(self.size.width)
        if self.is_wide:
            self.pane.add_class("open")
        self.rows.focus()

    async def _load(self) -> None:
        """Get what the first screen does without."""
        await asyncio.to_thread(self._import)
        from xmppspy.view.tui.prompt import Prompt  # noqa: PLC0415 - it was imported above

        self._prompt = Prompt(self.inks, self.closed)
        await self.mount(self._prompt, before=self.bar("status"))
        self.searcher.listen(self._take)
        self.sieve.reach(self.progress.rows, self.progress.explained)
        if self._first_filter:
            self.sieve.apply(self._first_filter, self.rows.row or 0)
        self.rows.repaint()
        self.moved()
        if self._begin_acting is not None:
            self.run_worker(self._begin_acting(self))

    def _import(self) -> None:
        self.source.load()
        from xmppspy.view.browse import leaf  # noqa: F401, PLC0415
        from xmppspy.view.tui import filtering, prompt  # noqa: F401, PLC0415

    # --- what is read

    def _take(self, message: object) -> None:
        """Take a message of a helper."""
        if isinstance(message, Opened):
            self.times.open(message.created)
            self.sieve.open(message.created, utc=self.times.utc)
        elif isinstance(message, Drawn):
            self.source.take(message)
            self.rows.repaint()
        elif isinstance(message, Progress):
            self._go_on(message)
        elif isinstance(message, Found):
            self._find(message)
        elif isinstance(message, Answered):
            self._answers.pop(message.about, _ignore)(message.value)
        elif isinstance(message, Trouble):
            self._despair(message)

    def _go_on(self, progress: Progress) -> None:
        before, self.progress = self.progress, progress
        self.source.go_on(progress)
        self.sieve.reach(progress.rows, progress.explained)
        if not self._is_opened:
            self._is_opened = True
            self.rows.follows = progress.is_written or self._follows
            self.call_after_refresh(self._load)
        self.rows.changed(before.explained, progress.explained, progress.touched)
        self.rows.grown(live=before.is_written)
        self.tell()

    def _find(self, found: Found) -> None:
        if self.sieve.take(found):
            self.rows.relist()
        elif found.slot == "filter":
            is_live = self.progress.is_written and self.sieve.looked >= self.listing.rows
            self.rows.grown(live=is_live)
        if self.sieve.looked >= self.listing.rows:
            self.rows.settle()
        self.chase.go_on()
        if self.prompt is not None:
            self.prompt.say_again()
        self.tell()

    def _despair(self, trouble: Trouble) -> None:
        if trouble.is_fatal:
            self.trouble = trouble.reason
            self.exit(2)
        else:
            self.say(trouble.reason, "error")

    def ask_index(self, about: str, then: "Callable[[Any], object]") -> None:
        """Have the indexer tell something, and do something with it."""
        self._answers[about] = then
        self.index.send(Ask(about))

    def ask_searcher(self, message: object, about: str, then: "Callable[[Any], object]") -> None:
        """Have the searcher tell something, and do something with it."""
        self._answers[about] = then
        self.searcher.send(message)

    # --- what is said

    def say(self, text: str, ink: str = "text") -> None:
        """Say something at the bottom, for a few seconds."""
        self._message = ((ink, text),)
        self.tell()
        if self._forgetting is not None:
            self._forgetting.stop()
        self._forgetting = self.set_timer(_MESSAGE_STAYS, self.forget)

    def forget(self) -> None:
        """Say no longer what was said."""
        self._message = ()
        self.tell()

    def tell(self) -> None:
        """Bring the bars up to date."""
        rows, proxy = self.rows, self.acting.proxy if self.acting is not None else None
        rows.explain(bars.nothing(self.sieve, self.progress, proxy))
        self.bar("title").show(
            bars.title(self.shelf.body.capture, self.progress),
            [*bars.held(proxy), *bars.standing(self.progress)],
        )
        is_sifted = bool(self.sieve.text) or self.sieve.hides_quiet
        self.bar("filter").set_class(is_sifted, "on")
        self.bar("filter").show(bars.applied(self.sieve), bars.matching(self.sieve))
        where = list(bars.position(rows.place, len(self.listing), rows.new, follows=rows.follows))
        room = self.size.width - sum(len(text) for _, text in where) - 2
        hints = () if self.is_asked else bars.hints(self._hinted(), room)
        self.bar("status").show(self._message or hints, where)
        self._succeed()

    def _succeed(self) -> None:
        """End, for whoever follows, when the capture goes on in another file."""
        is_busy = self.is_asked or len(self.screen_stack) > 1
        if self.progress.standing == "replaced" and self.rows.follows and not is_busy:
            self.is_succeeded = True
            self.exit(0)

    def _hinted(self) -> "Sequence[Command[Viewer]]":
        return self.table.hinted(self, at_detail=self.focused is self.pane.detail)

    @on(Bar.Picked, "#status")
    def picked(self, event: Bar.Picked) -> None:
        """Do what was clicked at the bottom."""
        hinted = self._hinted()
        if not self._message and not self.is_asked:
            hinted[event.at // bars.SPANS_OF_HINT].run(self)

    # --- where one is

    @on(RowList.Moved)
    def moved(self) -> None:
        """Show what is at the cursor."""
        row, browser = self.rows.row, self.source.browser
        if row is not None and browser is not None and self.pane.is_open:
            self.pane.read(browser, row)
        if self.acting is not None:
            self.acting.moved()
        self.tell()

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Look closely at what was clicked twice."""
        self.open_pane()

    def open_pane(self) -> None:
        """Show the detail, and go there."""
        self.pane.add_class("open")
        self.moved()

    def show_row(self, row: int) -> None:
        """Go to a row; if it is not shown, show everything."""
        if self.listing.place_of(row) is None and self.sieve.applied:
            self.sieve.show_all()
            self.rows.relist()
            self.say("everything is shown, for the filter leaves this out; v goes back")
        self.rows.go_to_row(row)

    def on_tray_chosen(self, event: "Tray.Chosen") -> None:
        """Show a held frame."""
        if self.acting is not None:
            self.acting.show(event.n)

    # --- what is looked for

    def _go(self, row: int) -> None:
        self.rows.go_to_row(row)

    def stop_looking(self) -> None:
        """Look for nothing any more."""
        self.chase.stop()
        self.sieve.forget()
        self.highlight(None)

    def highlight(self, pattern: "re.Pattern[str] | None") -> None:
        """Let stand out what a pattern finds."""
        self.pane.detail.highlight(pattern)
        self.rows.highlight(pattern)

    # --- what is asked

    def ask(self, question: "Question") -> None:
        """Ask a question at the bottom."""
        if self.prompt is not None:
            self.prompt.ask(question)
            self.tell()

    @on(events.DescendantFocus)
    def other_focus(self) -> None:
        """Other keys do something now."""
        self.tell()

    def closed(self) -> None:
        """Nothing lies over the list any more: the keys are for it, unless something is asked."""
        if not self.is_asked:
            self.base.set_focus(self.rows)
        self.tell()

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """What was typed faster than the focus could go to the prompt goes there all the same."""
        if self.is_asked and event.is_printable and event.character is not None:
            event.prevent_default()
            assert self.prompt is not None  # noqa: S101 - somebody asks
            self.prompt.type(event.character)

    def action_command(self, name: str) -> None:
        """Do what a key stands for."""
        self.table.commands[name].run(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key does anything now."""
        if action != "command":
            return True
        command = self.table.commands[str(parameters[0])]
        return not self.is_asked and len(self.screen_stack) == 1 and command.works(self)

    def on_unmount(self) -> None:
        """Leave the proxy, while there is an event loop to do so."""
        if self.acting is not None:
            self.acting.proxy.close()

    # --- arrangement

    @property
    def is_wide(self) -> bool:
        """Whether the list and the detail are side by side."""
        return self.size.width >= WIDE

    def on_resize(self, event: events.Resize) -> None:
        """Use the room there is."""
        self._arrange(event.size.width)

    def _arrange(self, width: int) -> None:
        self.base.query_one("#body").set_class(width >= WIDE, "wide")

    def dress(self, scheme: Scheme) -> None:
        """Show everything in other colours."""
        self.theme = scheme.name
        self.inks.change(scheme)
        self.rows.repaint()
        for widget in self.base.walk_children():
            widget.refresh()

    def close_helpers(self) -> None:
        """End the helpers."""
        self.index.stop()
        self.searcher.stop()


def _ignore(_value: object) -> None:
    """Nobody asked."""
