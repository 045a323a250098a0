"""Linter: follows the connections of a capture, and shows what happens to the rules."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.exchanges import Exchanges, Request
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.lint.catalog import chosen, followers
from xmppspy.analysis.lint.connection import Connection
from xmppspy.analysis.lint.dispatch import Dispatch, finding
from xmppspy.analysis.lint.finding import Finding, Place, place_of
from xmppspy.analysis.lint.keeping import Memories
from xmppspy.analysis.lint.sight import Ending, Secured, Sight, Unanswered
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

_LOOSE: Final = frozenset({"space", "text", "comment", "pi", "opaque", "partial"})
_MARKUP: Final = (b"<!", b"<?")


class Linter:
    """Judges the events of a capture, shown to it in their order.

    `select` and `ignore` are ids of rules or beginnings of ids; a rule applies when it is selected
    (without any, all are) and not ignored. Raises UsageError for what fits no rule.

    Judged is what peers sent (`FrameRecord.data`), whatever became of it on its way; frames that
    xmppspy put in are not. Where xmppspy changes logins, each side is judged by what it was sent:
    a client by the offer that it saw, a server by the one it made. Memory is bounded: see `MAX_CONNECTIONS` and the tables of the families.
    """

    def __init__(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> None:
        self._dispatch = _dispatch(tuple(select), tuple(ignore))
        self.rules: Final = self._dispatch.rules
        """The rules that apply."""
        self._identities = Identities()
        self._exchanges = Exchanges(self._identities)
        self._management = StreamManagement()
        self._connections: Bounded[int, Connection] = Bounded(MAX_CONNECTIONS)
        self._capture = Memories()
        self._last_n = 0
        self._t = 0.0

    def see(self, event: Event) -> Iterator[Finding]:
        """Take the next event; gives what is wrong with it, or known to be wrong since it came."""
        return iter(self._see(event))

    def finish(self) -> Iterator[Finding]:
        """The capture is over: gives what is wrong only because nothing more came."""
        is_timed = self._t > 0
        for request in self._exchanges.pending():
            if not is_timed or self._t - request.t >= PATIENCE:
                yield from self._give_up(request)
        for conn in list(self._connections.values()):
            yield from self._end(conn, None)

    def _see(self, event: Event) -> list[Finding]:
        self._t = max(self._t, event.t)
        if isinstance(event, FrameRecord):
            return self._see_frame(event)
        self._follow(event)
        found = [each for gone in self._exchanges.take_unanswered() for each in self._give_up(gone)]
        if isinstance(event, TLSEstablished):
            found += self._secure(event)
        elif isinstance(event, ConnectionOpened):
            self._open(event)
        elif isinstance(event, ConnectionClosed):
            found += self._close(event)
        elif isinstance(event, Fault):
            found += self._blame(event)
        elif isinstance(event, Gap | Skipped):
            self._doubt()
        return found

    def _follow(self, event: Event) -> None:
        self._identities.see(event)
        self._exchanges.see(event)
        self._management.see(event)

    # --- frames

    def _see_frame(self, record: FrameRecord) -> list[Finding]:
        self._identities.see(record)
        answer = self._exchanges.see(record)
        acknowledged = self._management.see(record)
        conn = self._connection_of(record)
        if record.repeated:
            # What was before is in a part of the capture that is not at hand.
            self._connections.put(record.conn, Connection(record.conn))
            return []
        found: list[Finding] = []
        if not record.injected:
            sight = self._sight(record, conn)
            sight.answer, sight.acknowledged = answer, acknowledged
            found = self._dispatch.judge(sight)
        conn.take(record, None if answer is None else answer.request)
        self._last_n = record.n
        for request in self._exchanges.take_unanswered():
            found += self._give_up(request)
        return found

    def _sight(self, record: FrameRecord, conn: Connection) -> Sight:
        root, flaw = None, None
        if record.kind not in _LOOSE or _is_element(record):
            stanza = read(record)
            root, flaw = stanza.element, _flaw(record, stanza)
            if record.kind == "stream" or (flaw and flaw.error != "restricted-xml"):
                root = None
        return Sight(record, conn, self._identities.of(record.conn), self._capture, root, flaw)

    def _connection_of(self, record: FrameRecord) -> Connection:
        conn = self._connections.get(record.conn)
        if conn is None:
            conn = Connection(record.conn, begun=record.kind == "stream")
            self._connections.put(record.conn, conn)
        elif conn.up.last_t is None and conn.down.last_t is None:
            # Somebody kept the opening, and frames, but not all that were between them.
            conn.begun = record.kind == "stream" or record.n == self._last_n + 1
        return conn

    # --- other events

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
                    yield finding(rule, said, place)
        conn.tls[event.leg] = event

    def _blame(self, event: Fault) -> Iterator[Finding]:
        place = Place(event.conn or 0, event.t, event.dir, event.n)
        for rule in self.rules:
            for check in rule.fault_checks:
                for said in check(event):
                    yield finding(rule, said, place)

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
                    yield finding(rule, said, place)

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
                    yield finding(rule, said, place)


@lru_cache(maxsize=8)
def _dispatch(select: tuple[str, ...], ignore: tuple[str, ...]) -> Dispatch:
    """Linters of the same choice share one: it remembers plans, and nothing of a conversation."""
    return Dispatch(chosen(select, ignore), followers())


def _is_element(record: FrameRecord) -> bool:
    """Whether it is an element called `text`, `space` and so on, and not what these stand for."""
    if record.kind in ("opaque", "partial") and record.xmlns is None:
        return False
    return record.data[:1] == b"<" and record.data[:2] not in _MARKUP


def _flaw(record: FrameRecord, stanza: Stanza) -> Flaw | None:
    """What expat finds; asked only where there may be something."""
    data = record.data
    if stanza.plain or (stanza.well_formed and b"<!--" not in data and b"<?" not in data):
        return None
    return find_flaw(Frame(record.kind, data, context=record.context, xmlns=record.xmlns))
