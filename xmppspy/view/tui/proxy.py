"""Proxy: the running proxy, as the view knows it."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from xmppspy.control import news, replies, requests
from xmppspy.errors import ControlError
from xmppspy.view import watch as words
from xmppspy.view.tui.control import Control, Lost, Told
from xmppspy.view.tui.queue import Queue

R = TypeVar("R", bound=replies.Reply)

BUSY: Final = 30.0
"""Seconds that held frames have left at least while a person is at one of them."""


class Proxy:
    """What is held at a proxy, and what else it says; what it is asked for goes through here.

    `changed` is called when something is otherwise than before, `say` with a line for the person
    and the name of its ink; `clock` tells seconds.
    """

    def __init__(
        self,
        control: Control,
        changed: Callable[[], object],
        say: Callable[[str, str], object],
        clock: Callable[[], float],
    ) -> None:
        self._control = control
        self._changed = changed
        self._say = say
        self.clock = clock
        self.queue = Queue()
        self.breakpoint: replies.Breakpoint | None = None
        self.rules: replies.Rules | None = None
        self.listening: Sequence[str] = ()
        """Where clients connect, as HOST:PORT."""
        self.lost = ""
        """Why it is gone; empty while it is there."""
        self.drafts: dict[int, str] = {}
        """What was begun to be made of held frames, by their numbers."""

    async def begin(self) -> None:
        """Listen to it. Raises ControlError."""
        self._control.listen(self.hear)
        watching = await self._control.ask(requests.Watch(), replies.Watching)
        self.breakpoint = watching.breakpoint
        for frame in watching.frames:
            self.queue.take(frame, self.clock())
        self.rules = await self._control.ask(requests.Rules(), replies.Rules)
        self.listening = (await self._control.ask(requests.Status(), replies.Status)).listening
        self._changed()

    def close(self) -> None:
        """Listen no more."""
        self._control.close()

    @property
    def is_there(self) -> bool:
        """Whether it can be asked for anything."""
        return not self.lost

    def left(self, n: int) -> float:
        """Seconds until time is up for a held frame."""
        return self.queue.left(n, self.clock())

    # --- asking

    async def ask(self, request: requests.AnyRequest, kind: type[R]) -> R | None:
        """Ask for something; None where it is not done, which is said."""
        try:
            return await self.demand(request, kind)
        except ControlError as error:
            self._say(error.reason, "error")
            return None

    async def demand(self, request: requests.AnyRequest, kind: type[R]) -> R:
        """Ask for something. Raises RequestRefused, and ControlError where it is gone."""
        if self.lost:
            raise ControlError(self.lost)
        return await self._control.ask(request, kind)

    async def decide(self, request: requests.AnyRequest) -> bool:
        """Decide about held frames. Somebody is here, so what is still held waits for longer."""
        if await self.ask(request, replies.Decided) is None:
            return False
        await self.stay()
        return True

    async def stay(self) -> None:
        """Let what is held wait for longer, for somebody is busy with it."""
        if self.queue and self.is_there:
            more = max(BUSY, self.breakpoint.timeout if self.breakpoint else 0.0)
            await self.ask(requests.Extend(n="all", seconds=more), replies.Decided)

    # --- what it says

    def hear(self, told: Told) -> None:
        """Take what has happened."""
        match told:
            case Lost():
                self.lost = told.reason
                self.queue.clear()
                self._say(f"{told.reason}; what it has written stays here", "error")
            case news.Held():
                self.queue.take(told.frame, self.clock())
            case news.Extended():
                self.queue.extend(told.n, told.left, self.clock())
            case news.Decided():
                self.queue.remove(told.n)
            case news.Released():
                self._release(told)
            case news.Breakpoint():
                self.breakpoint = told.breakpoint
            case news.Rules():
                self.rules = told.rules
            case news.Trouble() | news.Dropped():
                self._say(words.line(told).replace("\n", " "), "error")
        self._changed()

    def _release(self, told: news.Released) -> None:
        self.queue.remove(told.n)
        self.drafts.pop(told.n, None)
        if not told.decided or told.action == "drop":
            self._say(words.outcome(told), "change")
