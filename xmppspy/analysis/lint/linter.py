"""Linter: shows each event to the rules that have something to say about it."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.exchanges import Exchanges, Request
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.lint.catalog import RULES, chosen, followers
from xmppspy.analysis.lint.connection import Connection
from xmppspy.analysis.lint.rule import (
    Breach,
    Finding,
    Follower,
    FrameCheck,
    Place,
    Rule,
    Said,
    place_of,
)
from xmppspy.analysis.lint.sight import Ending, Memories, Secured, Sight, Unanswered
from xmppspy.analysis.streammanagement import StreamManagement
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    Fault,
    FrameRecord,
    Gap,
    Skipped,
    TLSEstablished,
)
from xmppspy.protocol.framing import Flaw, Frame
from xmppspy.protocol.stanza import Stanza, read
from xmppspy.protocol.wellformed import find_flaw

MAX_CONNECTIONS: Final = 1000
"""Connections that are followed at a time; of more, the oldest are forgotten."""

PATIENCE: Final = 5.0
"""Seconds that a request has to be old to count as unanswered where the capture ends without the
end of its connection."""

_PLANS: Final = 2000
_LOOSE: Final = frozenset({"space", "text", "comment", "pi", "opaque", "partial"})
_MARKUP: Final = (b"<!", b"<?")

_Key: TypeAlias = tuple[str, str | None, str | None, str, tuple[str, ...]]


class _Plan(NamedTuple):
    """What is to be done with frames of one sort."""

    raw: tuple[tuple[Rule, FrameCheck], ...]
    checks: tuple[tuple[Rule, FrameCheck], ...]
    """Those that need the element."""
    follow: tuple[Follower, ...]


class Linter:
    """Judges the events of a capture, shown to it in their order.

    `select` and `ignore` are ids of rules or beginnings of ids; a rule applies when it is selected
    (without any, all are) and not ignored. Raises UsageError for what fits no rule.

    Judged is what peers sent (`FrameRecord.data`), whatever became of it on its way; frames that
    xmppspy put in are not. Memory is bounded: see `MAX_CONNECTIONS` and the tables of the families.
    """

    def __init__(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> None:
        self.rules: Final = chosen(select, ignore)
        """The rules that apply."""
        self._followers = followers()
        self._identities = Identities()
        self._exchanges = Exchanges(self._identities)
        self._management = StreamManagement()
        self._connections: Bounded[int, Connection] = Bounded(MAX_CONNECTIONS)
        self._capture = Memories()
        self._plans: dict[_Key, _Plan] = {}
        self._last_n = 0
        self._t = 0.0

    def see(self, event: Event) -> Iterator[Finding]:
        """Take the next event; gives what is wrong with it, or known to be wrong with it.

        All of what is given has to be taken before the next event is shown.
        """
        self._t = max(self._t, event.t)
        self._identities.see(event)
        answer = self._exchanges.see(event)
        acknowledged = self._management.see(event)
        for request in self._exchanges.take_unanswered():
            yield from self._give_up(request)
        if isinstance(event, FrameRecord):
            conn = self._connection_of(event)
            sight = self._sight(event, conn)
            sight.answer, sight.acknowledged = answer, acknowledged
            if not event.injected:
                yield from self._judge(sight)
            conn.take(event, None if answer is None else answer.request)
            self._last_n = event.n
        elif isinstance(event, TLSEstablished):
            yield from self._secure(event)
        elif isinstance(event, ConnectionOpened):
            self._open(event)
        elif isinstance(event, ConnectionClosed):
            yield from self._close(event)
        elif isinstance(event, Fault):
            yield from self._blame(event)
        elif isinstance(event, Gap | Skipped):
            self._doubt()

    def finish(self) -> Iterator[Finding]:
        """The capture is over: gives what is wrong only because nothing more came."""
        is_timed = self._t > 0
        for request in self._exchanges.pending():
            if not is_timed or self._t - request.t >= PATIENCE:
                yield from self._give_up(request)
        for conn in list(self._connections.values()):
            yield from self._end(conn, None)

    # --- frames

    def _sight(self, record: FrameRecord, conn: Connection) -> Sight:
        root, flaw = None, None
        if record.kind not in _LOOSE or (record.data[:1] == b"<" and _is_element(record)):
            stanza = read(record)
            root, flaw = stanza.tree, _flaw(record, stanza)
            if record.kind == "stream" or (flaw and flaw.error != "restricted-xml"):
                root = None
        me = self._identities.of(record.conn)
        return Sight(record, conn, me, self._capture, root, flaw)

    def _judge(self, sight: Sight) -> Iterator[Finding]:
        record = sight.record
        plan = self._plan(record)
        place = place_of(record)
        for rule, check in plan.raw:
            for said in check(sight):
                yield _finding(rule, said, place)
        if sight.root is not None:
            for rule, check in plan.checks:
                for said in check(sight):
                    yield _finding(rule, said, place)
        for frames, follow in plan.follow:
            if frames.raw or sight.root is not None:
                follow(sight)

    def _plan(self, record: FrameRecord) -> _Plan:
        key = (record.kind, record.xmlns, record.type, record.dir, record.ns)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            plan = self._plans[key] = self._make_plan(record)
        return plan

    def _make_plan(self, record: FrameRecord) -> _Plan:
        fitting = [
            (rule, frames, check)
            for rule in self.rules
            for frames, check in rule.frame_checks
            if frames.cover(record)
        ]
        return _Plan(
            tuple((rule, check) for rule, frames, check in fitting if frames.raw),
            tuple((rule, check) for rule, frames, check in fitting if not frames.raw),
            tuple(each for each in self._followers if each.frames.cover(record)),
        )

    # --- connections

    def _connection_of(self, record: FrameRecord) -> Connection:
        conn = self._connections.get(record.conn)
        if conn is None:
            conn = Connection(record.conn, begun=record.kind == "stream")
            self._connections.put(record.conn, conn)
        elif conn.up.last_t is None and conn.down.last_t is None:
            # Somebody kept the opening, and frames, but not all that were between them.
            conn.begun = record.kind == "stream" or record.n == self._last_n + 1
        return conn

    def _open(self, event: ConnectionOpened) -> None:
        conn = Connection(event.conn, begun=True, opened=True, transport=event.transport)
        self._connections.pop(event.conn)
        self._connections.put(event.conn, conn)

    def _secure(self, event: TLSEstablished) -> Iterator[Finding]:
        conn = self._connections.get(event.conn)
        if conn is None:
            conn = Connection(event.conn)
            self._connections.put(event.conn, conn)
        place = Place(event.conn, event.t)
        for rule in self.rules:
            for check in rule.tls_checks:
                for said in check(Secured(event, conn)):
                    yield _finding(rule, said, place)
        conn.tls[event.leg] = event

    def _blame(self, event: Fault) -> Iterator[Finding]:
        place = Place(event.conn or 0, event.t, event.dir, event.n)
        for rule in self.rules:
            for check in rule.fault_checks:
                for said in check(event):
                    yield _finding(rule, said, place)

    def _close(self, event: ConnectionClosed) -> Iterator[Finding]:
        conn = self._connections.pop(event.conn)
        if conn is not None:
            yield from self._end(conn, event)

    def _end(self, conn: Connection, closed: ConnectionClosed | None) -> Iterator[Finding]:
        ending = Ending(
            conn,
            closed,
            self._t,
            self._identities.of(conn.number),
            self._management.unconfirmed(conn.number, "c2s"),
            self._management.unconfirmed(conn.number, "s2c"),
        )
        place = Place(conn.number, self._t)
        for rule in self.rules:
            for check in rule.end_checks:
                for said in check(ending):
                    yield _finding(rule, said, place)

    def _doubt(self) -> None:
        for conn in self._connections.values():
            conn.whole = False

    def _give_up(self, request: Request) -> Iterator[Finding]:
        unanswered = Unanswered(
            request,
            self._connections.get(request.conn),
            self._identities.of(request.conn),
            max(self._t - request.t, 0.0),
        )
        place = place_of(request)
        for rule in self.rules:
            for check in rule.request_checks:
                for said in check(unanswered):
                    yield _finding(rule, said, place)


def _is_element(record: FrameRecord) -> bool:
    return record.data[:2] not in _MARKUP and record.kind not in ("opaque", "partial")


def _flaw(record: FrameRecord, stanza: Stanza) -> Flaw | None:
    """What expat finds; asked only where there may be something."""
    data = record.data
    if stanza.well_formed and b"<!--" not in data and b"<?" not in data:
        return None
    return find_flaw(Frame(record.kind, data, context=record.context, xmlns=record.xmlns))


def _finding(rule: Rule, said: Said, place: Place) -> Finding:
    severity = rule.severity
    if isinstance(said, Breach):
        severity, place = said.severity or severity, said.place or place
        message = said.message
    else:
        message = said
    return Finding(
        rule=rule.id,
        severity=severity,
        conn=place.conn,
        dir=place.dir,
        n=place.n,
        t=place.t,
        ref=rule.ref,
        message=message,
    )


__all__ = ["RULES", "Linter"]
