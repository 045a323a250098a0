"""Worker: carries out what the proxy asks of its script, one thing after the other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from xmppspy.errors import ScriptError
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import Direction
from xmppspy.scripting import messages
from xmppspy.scripting.complaints import Often, Place, complaint, said
from xmppspy.scripting.limits import TimeIsUpError, within
from xmppspy.scripting.program import Program
from xmppspy.scripting.session import Session
from xmppspy.scripting.stanza import Stanza
from xmppspy.scripting.verdict import Verdict


@dataclass(slots=True)
class _Connection:
    session: Session
    contexts: dict[Direction, StreamContext]


@dataclass(slots=True)
class _Called:
    """What came of a call."""

    value: object = None
    trouble: str | None = None
    """A complaint that is to be told now."""
    failed: bool = False


@dataclass
class Worker:
    """The script, and the connections that it knows of.

    `say` takes each message to the proxy, and sends it at once. `limit` is how many seconds a call
    may take.
    """

    path: str
    limit: float
    say: Callable[[messages.FromScript], None]
    _program: Program | None = None
    _connections: dict[int, _Connection] = field(default_factory=dict)
    _often: Often = field(default_factory=Often)
    _warned: set[int] = field(default_factory=set)
    """Lines that make verdicts in vain."""

    def handle(self, message: messages.ToScript) -> None:
        """Do what the proxy asks, and reply. Never fails, whatever the script does."""
        match message:
            case messages.Ask():
                self.say(self._judge(message))
            case messages.Context(conn=conn, dir=direction):
                self._of(conn).contexts[direction] = message.context()
            case messages.Known(conn=conn, domain=domain, jid=jid):
                session = self._of(conn).session
                session.domain, session.jid = domain, jid
            case messages.Open():
                self.say(self._open(message))
            case messages.Close(conn=conn):
                self.say(self._close(conn))
            case messages.Load(source=source):
                self.say(self._load(source))

    def _load(self, source: bytes) -> messages.Reply:
        try:
            program = Program(self.path, source)
        except ScriptError as error:
            return messages.Refused(error.reason, error.line)
        self._program = program
        self._often, self._warned = Often(), set()
        return messages.Loaded(program.function("stanza") is not None, program.filter)

    # --- connections

    def _of(self, conn: int, client: str = "?") -> _Connection:
        found = self._connections.get(conn)
        if found is None:
            contexts: dict[Direction, StreamContext] = {}
            session = Session(conn, client, self.say, contexts)
            found = self._connections[conn] = _Connection(session, contexts)
        return found

    def _open(self, message: messages.Open) -> messages.Done:
        session = self._of(message.conn, message.client).session
        session.domain, session.jid = message.domain, message.jid
        self._tell_of("connected", session)
        return messages.Done()

    def _close(self, conn: int) -> messages.Done:
        self._tell_of("closed", self._of(conn).session)
        del self._connections[conn]
        return messages.Done()

    def _tell_of(self, name: str, session: Session) -> None:
        called = self._call(name, session)
        if called.value is not None:
            reason = f"{name}() returned {_kind(called.value)}; only what stanza() returns counts"
            called.trouble = self._complain(name, reason)
        if called.trouble:
            self.say(messages.Say(called.trouble, session.conn))

    # --- stanzas

    def _judge(self, ask: messages.Ask) -> messages.Answer:
        made: list[tuple[Verdict, int]] = []
        called = self._call("stanza", self._shown(ask, made), self._of(ask.conn).session)
        verdict = called.value
        if isinstance(verdict, Verdict):
            self._warn_of_vain(made, verdict)
            return messages.Answer.of(verdict.value)
        if verdict is not None:
            reason = (
                f"stanza() returned {_kind(verdict)}; return a verdict, such as s.drop(), or None"
            )
            called.trouble = self._complain("stanza", reason)
        elif not called.failed:
            self._warn_of_vain(made, None)
        if called.trouble is None:
            return messages.AS_IT_CAME
        self.say(messages.Say(called.trouble, ask.conn, noted=False))
        return messages.Answer(notes=(f"script {called.trouble}",))

    def _shown(self, ask: messages.Ask, made: list[tuple[Verdict, int]]) -> Stanza:
        contexts = self._of(ask.conn).contexts
        context = contexts.get(ask.dir, DEFAULT_CONTEXT)
        back = contexts.get("c2s" if ask.dir == "s2c" else "s2c", context)
        return Stanza(ask.record(context), back, made)

    def _warn_of_vain(self, made: list[tuple[Verdict, int]], returned: Verdict | None) -> None:
        """Tell of verdicts that were made and are not the one that is returned, once a line."""
        for verdict, line in made:
            if verdict is not returned and line not in self._warned and self._program is not None:
                self._warned.add(line)
                place = self._program.line(line)
                text = complaint(place, "nothing comes of a verdict that is not returned")
                self.say(messages.Say(text))

    # --- calls

    def _call(self, name: str, *arguments: object) -> _Called:
        program = self._program
        function = None if program is None else program.function(name)
        if program is None or function is None:
            return _Called()
        try:
            return _Called(within(self.limit, function, *arguments))
        except TimeIsUpError as error:
            reason = f"{name}() took longer than {self.limit:g} s"
            return _Called(failed=True, trouble=self._tell(program.place(error), reason))
        except BaseException as error:  # noqa: BLE001 - whatever it raises, sys.exit() included
            return _Called(failed=True, trouble=self._tell(program.place(error), said(error)))

    def _complain(self, name: str, reason: str) -> str | None:
        """About what a function did, as a whole."""
        program = self._program
        function: Any = None if program is None else program.function(name)
        code = getattr(function, "__code__", None)
        line = 0 if code is None else code.co_firstlineno
        return None if program is None else self._tell(program.line(line), reason)

    def _tell(self, place: Place, reason: str) -> str | None:
        more = self._often.tell(reason.partition(":")[0], place.line)
        return None if more is None else complaint(place, reason) + more


def _kind(value: object) -> str:
    """What a value is called; what it says of itself might do anything."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
