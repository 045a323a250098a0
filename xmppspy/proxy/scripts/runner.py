"""Runner: the script of a proxy, as the rest of the proxy knows it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Final, Protocol

from xmppspy.errors import ScriptError
from xmppspy.intervene.orders import Asker
from xmppspy.protocol.events import Event, FrameRecord, Side
from xmppspy.protocol.verdicts import FORWARD, End, Undecided, Verdict
from xmppspy.proxy.scripts.calls import Call, Question
from xmppspy.proxy.scripts.keeper import MORE, Keeper
from xmppspy.proxy.scripts.news import News
from xmppspy.proxy.scripts.sight import Sight
from xmppspy.proxy.scripts.source import Source
from xmppspy.scripting import limits, messages

LOOK: Final = 0.2
"""Seconds between two looks at the file, and at the time that a call takes."""

_LAST_CALLS: Final = 3.0
"""Seconds that the script has at the end for what it was still asked."""

_QUIET: Final = 5.0
"""Seconds in which it is not told again that the script is too slow."""


class Floor(Protocol):
    """Where a script acts: the connections of a proxy, and its capture."""

    def consult(self, asker: Asker | None) -> None:
        """Have a script asked about frames, or nobody."""

    def settle(self, conn: int, answers: Iterable[tuple[int, Verdict]]) -> None:
        """Take the script's answers, by their tickets."""

    def inject(self, conn: int, to: Side, data: bytes) -> bool:
        """Put elements into a stream; False when there is none."""

    def end(self, conn: int, how: End, reason: str) -> None:
        """End a connection."""

    def note(self, text: str, conn: int | None = None) -> None:
        """Have a note in the capture."""

    def now(self) -> float:
        """Seconds since the capture was created."""


class Scripts:
    """The script of a proxy. `start` it on a floor, have it `see` every event, and `stop` it.

    `tell` takes lines for the person at the terminal. A call may take `limit` seconds. Whatever the
    script does, a frame that it was asked about goes on after `limit + keeper.MORE` seconds.
    """

    def __init__(
        self, path: str, tell: Callable[[str], None], *, limit: float = limits.CALL
    ) -> None:
        self.path = path
        self._name = Path(path).name
        self._patience = limit + MORE + 2 * LOOK  # by then it was given up
        self._sight: Sight | None = None  # what it wants to see at present; None: nothing
        self._tickets = count(1)
        self._tell = tell
        self._file = Source(path)
        self._source: bytes | None = None  # the version in force
        self._saved: bytes | None = None  # the one that was saved, and is to be loaded
        self._news = News()
        self._keeper = Keeper(path, limit, self)
        self._first: asyncio.Future[None] | None = None  # the first loading
        self._timer: asyncio.TimerHandle | None = None
        self._answers: defaultdict[int, list[tuple[int, Verdict]]] = defaultdict(list)
        self._is_over = False
        self._too_late = 0
        self._complained = float("-inf")

    async def start(self, floor: Floor) -> None:
        """Load the script. Raises `ScriptError`."""
        self._floor = floor
        try:
            source = self._file.read()
        except OSError as error:
            raise ScriptError(self.path, error.strerror or str(error)) from None
        self._first = first = asyncio.get_running_loop().create_future()
        self._keeper.add(messages.Load(source))
        try:
            await self._keeper.start()
            self._look()
            await first
        except BaseException:  # also when there is to be an end before it is loaded
            self._first = None
            await self.stop(0)
            raise

    async def stop(self, patience: float = _LAST_CALLS) -> None:
        """Let the script do what it was asked to do, for so many seconds, and end it."""
        self._is_over = True
        self._see(None)
        if self._timer is not None:
            self._timer.cancel()
        await self._keeper.stop(patience)

    def wants(self, head: FrameRecord) -> bool:
        """Whether it could want to judge a frame of which the start tag is known."""
        return self._sight is not None and self._sight.may_show(head)

    def ask(self, frame: FrameRecord, now: float) -> Undecided | None:  # noqa: ARG002 - of an `Asker`
        """Have it judge a frame, unless it does not want to see it; the answer goes to the floor."""
        if self._sight is None or not self._sight.shows(frame):
            return None
        asked = Question(next(self._tickets), frame)
        self._keeper.add(asked)
        return Undecided(asked.ticket, self._patience)

    def see(self, event: Event) -> None:
        """Take the next event of the capture."""
        news = self._news.see(event)
        if isinstance(news, messages.Known):
            self._keeper.tell(news)
        elif news is not None:
            self._keeper.add(news)

    def _look(self) -> None:
        """Look at the time and at the file, every now and then."""
        self._timer = asyncio.get_running_loop().call_later(LOOK, self._look)
        self._keeper.look()
        try:
            source = self._file.read_if_saved()
        except OSError as error:
            self._report(f"{error.strerror}; the version before stays in force")
            return
        if source is not None:
            self._saved = source
            self._keeper.add(messages.Load(source))
            self._keeper.hurry()

    # --- what the keeper asks and tells

    def now(self) -> float:
        """Seconds since the capture was created."""
        return self._floor.now()

    def beginning(self) -> tuple[list[messages.Load], list[messages.Open]]:
        """The version in force, and the connections that there are."""
        loads = [] if self._source is None else [messages.Load(self._source)]
        return loads, self._news.present()

    def replied(self, call: Call, reply: messages.Reply) -> bool:
        """Take a reply; False when it does not fit the call."""
        match call, reply:
            case Question(), messages.Answer():
                self._answer(call, reply.verdict())
            case messages.Load(), messages.Loaded():
                self._loaded(call.source, reply)
            case messages.Load(), messages.Refused():
                self._refused(reply.reason, reply.line, was_good=call.source == self._source)
            case _:
                return isinstance(call, messages.Open | messages.Close) and isinstance(
                    reply, messages.Done
                )
        return True

    def done(self, deed: messages.Deed) -> None:
        """Do what the script wants done, after what it has said before."""
        self.rest()
        match deed:
            case messages.Say(text=text, conn=conn, noted=noted):
                self._tell(text)
                if noted:
                    self._floor.note(f"script {text}", conn)
            case messages.Note(conn=conn, text=text):
                self._floor.note(text, conn)
            case messages.Inject(conn=conn, to=side, data=data):
                if not self._floor.inject(conn, side, data):
                    self._report(f"nothing was injected towards the {side}: no stream", conn)
            case messages.Stop(conn=conn, how=how):
                self._floor.end(conn, how, how.by(messages.SCRIPT))

    def interrupted(self, call: Call | None, reason: str, pause: float) -> bool:
        """The process is gone: what it was asked goes on, and it is started again."""
        if isinstance(call, Question):
            self._answer(call, Verdict(notes=(f"script {self._name}: {reason}",)))
        is_new = isinstance(call, messages.Load) and call.source != self._source
        if is_new or self._first is not None:
            self._refused(f"{reason} when it was loaded")
            return self._source is not None
        when = f"in {pause:g} s; until then everything goes on" if pause else "now"
        self._report(f"{reason}; it is started again {when}")
        if pause:
            self._see(None)
            for question in self._keeper.questions():
                self._answer(question, FORWARD)
        self.rest()
        return True

    def given_up(self, question: Question) -> None:
        """What waited for too long goes on."""
        self._too_late += 1
        self._answer(question, Verdict(notes=(f"script {self._name}: it was too slow",)))

    # --- what comes of it

    def _see(self, sight: Sight | None) -> None:
        """From now on it wants to see this, or nothing."""
        self._sight = None if self._is_over else sight
        self._floor.consult(None if self._sight is None else self)

    def _answer(self, asked: Question, verdict: Verdict) -> None:
        self._answers[asked.frame.conn].append((asked.ticket, verdict))

    def rest(self) -> None:
        """Let go on what the script has judged by now."""
        while self._answers:
            self._floor.settle(*self._answers.popitem())
        if self._too_late and self.now() - self._complained >= _QUIET:
            self._complained = self.now()
            many = f"{self._too_late} frame{'s' if self._too_late > 1 else ''}"
            self._report(f"it was too slow; {many} went on before it said anything")
            self._too_late = 0

    def _loaded(self, source: bytes, reply: messages.Loaded) -> None:
        is_saved, self._source = source == self._saved, source
        self._see(Sight(reply.filter) if reply.judges else None)
        if self._first is not None:
            self._first.set_result(None)
            self._first = None
        elif is_saved:
            self._saved = None
            self._report("loaded anew; this version is in force")

    def _refused(self, reason: str, line: int = 0, *, was_good: bool = False) -> None:
        if self._first is not None:
            self._first.set_exception(ScriptError(self.path, reason, line))
            self._first = None
            return
        self._saved = None
        if was_good:
            self._see(None)
        after = "everything goes on" if was_good else "the version before stays in force"
        said = f"{ScriptError(self._name, reason, line)}; {after}"
        self._tell(said)
        self._floor.note(f"script {said}")

    def _report(self, text: str, conn: int | None = None) -> None:
        self._tell(f"{self._name}: {text}")
        self._floor.note(f"script {self._name}: {text}", conn)
