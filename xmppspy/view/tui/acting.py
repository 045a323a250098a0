"""Acting: what a person has the running proxy do."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from xmppspy.control import replies, requests
from xmppspy.intervene.ids import Ids
from xmppspy.protocol.events import Side
from xmppspy.view.browse.places import Places
from xmppspy.view.layout import indented
from xmppspy.view.tui.composing import Composing, Draft
from xmppspy.view.tui.cursor import conn_at, frame_at
from xmppspy.view.tui.editing import Editing
from xmppspy.view.tui.holding import HoldQuestion, OneOf
from xmppspy.view.tui.proxy import BUSY, Proxy
from xmppspy.view.tui.questions import AskFor
from xmppspy.view.tui.rulesheet import RuleSheet
from xmppspy.view.tui.tray import Tray

if TYPE_CHECKING:
    from xmppspy.view.tui.app import Viewer
    from xmppspy.view.tui.control import Control

_WAYS = (("close", "in order, when all that was said is sent"), ("reset", "at once, by TCP reset"))
_ENDS = (("forward", "let them go on, and quit"), ("leave", "quit; they wait until time is up"))


class Acting:
    """Does what keys stand for that are about the proxy, or what it holds."""

    def __init__(self, viewer: "Viewer", control: "Control") -> None:
        self._viewer = viewer
        self.proxy = Proxy(control, self.changed, viewer.say, viewer.clock)
        self.tray = Tray(viewer.inks, self.proxy)
        self.draft = Draft()
        """What is being composed."""
        self.ids = Ids(Random())  # noqa: S311 - nobody has to guess them

    @property
    def is_live(self) -> bool:
        """Whether the proxy can be asked for anything."""
        return self.proxy.is_there

    @property
    def holds(self) -> bool:
        """Whether anything is held."""
        return len(self.proxy.queue) > 0

    async def begin(self) -> None:
        """Show what it holds. Raises ControlError."""
        await self._viewer.mount(self.tray, before=self._viewer.prompt)
        await self.proxy.begin()

    def changed(self) -> None:
        """Bring up to date what is told of it."""
        viewer = self._viewer
        if not self.holds and viewer.focused is self.tray.lines:
            viewer.rows.focus()
        self.tray.tell()
        viewer.tell()

    def moved(self) -> None:
        """Keys are about the held frame at the cursor of the list, if one is there."""
        frame = frame_at(self._viewer) if self.holds else None
        if frame is not None and self.proxy.queue.mean(frame.n):
            self.tray.tell()

    def show(self, n: int) -> None:
        """Show a held frame in the list, and all about it."""
        viewer, browser = self._viewer, self._viewer.source.browser
        row = None if browser is None else Places(browser).of_frame(n)
        if row is not None:
            viewer.show_row(row)
            viewer.open_pane()

    # --- what is held

    def ask_hold(self) -> None:
        """Ask which frames are to be held."""
        viewer, now = self._viewer, self.proxy.breakpoint
        if now is None:
            return
        question = HoldQuestion(now, viewer.memory, self._hold)

        def learn(names: object) -> None:
            question.names = names  # type: ignore[assignment]

        viewer.ask_index("seen", learn)
        viewer.ask(question)

    def _hold(self, text: str) -> None:
        if text:
            self._run_hold(requests.Hold(filter=text, on=True))
        else:
            self._run_hold(requests.Hold(on=False))

    def toggle_hold(self) -> None:
        """Hold nothing any more, or again what was held before."""
        now = self.proxy.breakpoint
        if now is None or now.filter is None:
            self.ask_hold()
        else:
            self._run_hold(requests.Hold(on=not now.on))

    def _run_hold(self, request: requests.Hold) -> None:
        self._viewer.run_worker(self._set(request))

    async def _set(self, request: requests.Hold) -> None:
        done = await self.proxy.ask(request, replies.Breakpoint)
        if done is not None and done.on:
            self._viewer.say(f"holding {done.filter}", "event")
        elif done is not None:
            count = len(self.proxy.queue)
            waits = f"; the {count} held already go on waiting" if count else ""
            self._viewer.say(f"nothing is held from now on{waits}", "event")

    def forward(self) -> None:
        """Let the held frame go on."""
        self._decide(lambda n: requests.Release(n=n), "forwarded")

    def drop(self) -> None:
        """Drop the held frame."""
        self._decide(lambda n: requests.Drop(n=n), "dropped")

    def duplicate(self) -> None:
        """Let the held frame go on twice."""
        self._decide(lambda n: requests.Duplicate(n=n), "forwarded twice")

    def _decide(self, request: Callable[[int], requests.AnyRequest], said: str) -> None:
        frame = self.proxy.queue.meant
        if frame is not None:
            self._viewer.run_worker(self._done(request(frame.n), f"frame {frame.n}: {said}"))

    async def _done(self, request: requests.AnyRequest, said: str) -> None:
        if await self.proxy.decide(request):
            self._viewer.say(said, "event")

    def forward_all(self) -> None:
        """Let all held frames go on."""
        said = f"{len(self.proxy.queue)} forwarded"
        self._viewer.run_worker(self._done(requests.Release(n="all"), said))

    def wait(self) -> None:
        """Let the held frame wait for longer."""
        frame = self.proxy.queue.meant
        if frame is not None:
            request = requests.Extend(n=frame.n, seconds=self.proxy.left(frame.n) + BUSY)
            self._viewer.run_worker(self.proxy.ask(request, replies.Decided))

    def edit(self) -> None:
        """Edit the held frame."""
        viewer, frame = self._viewer, self.proxy.queue.meant
        if frame is not None and frame.xml is None and frame.received is None:
            viewer.say(f"frame {frame.n} is no text: it cannot be edited here", "error")
        elif frame is not None:
            viewer.push_screen(Editing(viewer.inks, self.proxy, frame), self._back)

    def go_to_held(self) -> None:
        """Go to what is held, or back to the list."""
        viewer = self._viewer
        if viewer.focused is self.tray.lines:
            viewer.rows.focus()
        else:
            self.tray.lines.focus()

    # --- what is put in

    def compose(self) -> None:
        """Write something to be sent: on the connection at the cursor, to begin with."""
        viewer = self._viewer
        if not self.draft.text:
            self.draft.conn = conn_at(viewer) or self.draft.conn
        screen = Composing(viewer.inks, self.proxy, viewer.memory, self.draft, self.ids)
        viewer.push_screen(screen, self._back)

    def again(self) -> None:
        """Compose what stands at the cursor once more."""
        frame, draft = frame_at(self._viewer), self.draft
        if frame is None or frame.xml is None:
            self._viewer.say("only frames that are text can be sent again")
            return
        draft.text = indented(frame.data).decode()
        draft.conn = frame.conn
        draft.to = Side.SERVER if frame.dir == "c2s" else Side.CLIENT
        self.compose()

    # --- rules and connections

    def rules(self) -> None:
        """Show the rules."""
        self._viewer.push_screen(RuleSheet(self._viewer.inks, self.proxy), self._back)

    def ask_kill(self, conn: int | None = None) -> None:
        """Ask how to end a connection, or else the one at the cursor."""
        conn = conn or self._conn()
        if conn is None:
            return

        def take(how: str) -> None:
            request = requests.Kill(conn=conn, how="reset" if how == "reset" else "close")
            self._viewer.run_worker(self._kill(request))

        self._viewer.ask(OneOf(f"end connection {conn}", _WAYS, take))

    async def _kill(self, request: requests.Kill) -> None:
        if await self.proxy.ask(request, replies.Killed) is not None:
            self._viewer.say(f"connection {request.conn} is being ended", "event")

    def ask_mark(self, conn: int | None = None) -> None:
        """Ask for a mark about a connection, or else the one at the cursor."""
        conn = conn or self._conn()
        if conn is None:
            return

        def take(text: str) -> None:
            request = requests.Mark(text=text.strip() or "marked", conn=conn)
            self._viewer.run_worker(self._mark(request))

        remark = "the proxy writes it into the capture, now"
        self._viewer.ask(AskFor(f"mark connection {conn}", remark, take))

    async def _mark(self, request: requests.Mark) -> None:
        if await self.proxy.ask(request, replies.Marked) is not None:
            self._viewer.say(f"connection {request.conn}: {request.text}", "event")

    def _conn(self) -> int | None:
        """The connection of the row at the cursor."""
        conn = conn_at(self._viewer)
        if conn is None:
            self._viewer.say("this belongs to no connection")
        return conn

    # --- the end

    def ask_leave(self) -> None:
        """Ask what becomes of held frames when the program ends."""

        def take(how: str) -> None:
            self._viewer.run_worker(self._leave(forwards=how == "forward"))

        self._viewer.ask(OneOf(f"{len(self.proxy.queue)} held", _ENDS, take))

    async def _leave(self, *, forwards: bool) -> None:
        if forwards:
            await self.proxy.ask(requests.Release(n="all"), replies.Decided)
        self._viewer.exit(0)

    def _back(self, _result: object) -> None:
        self._viewer.closed()
        self.changed()
