"""Keeper: sees to it that there is a process that carries out the calls."""

import asyncio
from typing import Final, Protocol

from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Direction
from xmppspy.proxy.scripts.calls import Call, Calls, Question
from xmppspy.proxy.scripts.process import ScriptProcess
from xmppspy.proxy.tasks import spawn
from xmppspy.scripting import messages

MORE: Final = 4.0
"""Seconds more than a call may take that a frame waits: others may have to be judged before."""

STEADY: Final = 10.0
"""Seconds after which a process that ends is started again at once."""

FIRST_PAUSE: Final = 0.5
"""Seconds before it is started again, when it has not lasted; doubled each time."""

LONGEST_PAUSE: Final = 30.0


class Owner(Protocol):
    """What a keeper serves."""

    def now(self) -> float:
        """The time, in seconds."""

    def beginning(self) -> tuple[list[messages.Load], list[messages.Open]]:
        """What a new process has to be told first."""

    def replied(self, call: Call, reply: messages.Reply) -> bool:
        """Take a reply; False when it does not fit the call."""

    def done(self, deed: messages.Deed) -> None:
        """The script wants something done."""

    def given_up(self, question: Question) -> None:
        """The answer to a question will come too late."""

    def rest(self) -> None:
        """Nothing more has come at present."""

    def interrupted(self, call: Call | None, reason: str, pause: float) -> bool:
        """The process is gone, and with it a call.

        Returns whether it is to be started again, which will be after `pause` seconds.
        """


class Keeper:
    """The process of a script, started again when it ends; what it has not done is asked again.

    `start`, then `look` every now and then, and `stop`.
    """

    def __init__(self, path: str, limit: float, owner: Owner) -> None:
        self._path, self._limit = path, limit
        self._owner = owner
        self._calls = Calls(limit)
        self._contexts: dict[tuple[int, Direction], StreamContext] = {}  # as the process knows them
        self._process: ScriptProcess | None = None
        self._started = 0.0
        self._pause = 0.0
        self._restart: asyncio.TimerHandle | None = None
        self._starting: asyncio.Task[None] | None = None
        self._gone: asyncio.Event | None = None  # set when the process is, once it is to end

    async def start(self) -> None:
        """Start a process, and have it do what there is to do."""
        self._starting = spawn(self._launch(), "start the script")
        await asyncio.shield(self._starting)

    async def stop(self, patience: float) -> None:
        """Let the process do what it was asked to do, for so many seconds, and end."""
        self._gone = asyncio.Event()
        if self._restart is not None:
            self._restart.cancel()
        if self._starting is not None:
            await asyncio.wait([self._starting])
        if self._process is None:
            return
        self._process.close()
        try:
            async with asyncio.timeout(patience):
                await self._gone.wait()
        except TimeoutError:
            self._process.kill("has not come to an end")
            await self._gone.wait()

    def add(self, call: Call) -> None:
        """Have a call made after those that were added before."""
        self._calls.add(call)
        self._send()

    def tell(self, news: messages.Known) -> None:
        """Tell the process, if there is one, what has become known."""
        if self._process is not None:
            self._process.send(news)

    def hurry(self) -> None:
        """Start a process that is to be started later."""
        if self._restart is not None:
            self._restart.cancel()
            self._begin_again()

    def look(self) -> None:
        """End the process if it hangs, and give up questions that have waited for too long."""
        now = self._owner.now()
        if self._process is not None and (seconds := self._calls.overdue(now)):
            self._process.kill(f"did not answer for {seconds:g} s")
        for question in self._calls.give_up(now - self._limit - MORE):
            self._owner.given_up(question)
        self._owner.rest()

    def questions(self) -> list[Question]:
        """Take out the questions that were not asked yet."""
        return self._calls.questions()

    # --- to the process, and from it

    def _send(self) -> None:
        now = self._owner.now()
        while self._process is not None and (call := self._calls.send(now)) is not None:
            if isinstance(call, Question):
                self._ask(self._process, call)
            else:
                self._process.send(call)
            if isinstance(call, messages.Close):
                self._contexts.pop((call.conn, "c2s"), None)
                self._contexts.pop((call.conn, "s2c"), None)

    def _ask(self, process: ScriptProcess, asked: Question) -> None:
        frame = asked.frame
        stream = frame.conn, frame.dir
        if self._contexts.get(stream) is not frame.context:
            self._contexts[stream] = frame.context
            process.send(messages.Context.of(*stream, frame.context))
        process.send(messages.Ask.about(asked.ticket, frame))

    def _received(self, said: list[messages.FromScript]) -> None:
        for message in said:
            if not isinstance(message, messages.Reply):
                self._owner.done(message)
                continue
            call = self._calls.answered(self._owner.now())
            if isinstance(call, Question) and self._calls.is_given_up(call):
                continue
            fits = call is not None and self._owner.replied(call, message)
            if not fits and self._process is not None:
                self._process.kill("answered what it was not asked")
        self._owner.rest()

    # --- its beginning and its end

    async def _launch(self) -> None:
        self._contexts.clear()
        self._started = self._owner.now()
        self._calls.begin(*self._owner.beginning())
        try:
            process = await ScriptProcess.start(
                self._path, self._limit, self._received, self._ended
            )
        except OSError as error:
            self._ended(f"could not be started: {error.strerror or error}")
            return
        if not process.is_gone:
            self._process = process
            self._send()

    def _ended(self, reason: str) -> None:
        self._process = None
        call = self._calls.interrupted()
        if self._gone is not None:
            self._gone.set()
            return
        pause = 0.0 if self._owner.now() - self._started >= STEADY else self._pause
        self._pause = min(max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)
        if self._owner.interrupted(call, reason, pause):
            self._restart = asyncio.get_running_loop().call_later(pause, self._begin_again)

    def _begin_again(self) -> None:
        self._restart = None
        self._starting = spawn(self._launch(), "start the script again")
