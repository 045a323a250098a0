"""Sessions: what begins on one connection and may go on on the next (XEP-0198 §5)."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from xmppspy.analysis.bounds import Bounded
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FrameRecord,
    Gap,
    Skipped,
)
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import read

MAX_CONNECTIONS: Final = 1000
MAX_RESUMABLE: Final = 1000
"""Sessions of which a connection may still come, the open ones included."""

_SM: Final = "urn:xmpp:sm:"
_SASL2: Final = "urn:xmpp:sasl:"
_NEGOTIATING: Final = frozenset({"authenticate", "success"})
_MAX_ID: Final = 4000
"""Bytes of a session's id (XEP-0198 §4)."""


@dataclass(eq=False, slots=True)
class Session:
    """What lives as long as a resource is bound: one connection, or several by resumption."""

    number: int
    """From 1, in the order of appearance."""
    conn: int
    """The connection that carries it, or carried it last."""
    whole: bool
    """Whether all of it is in the capture, as far as one can know: its connections from their
    beginning, no records lost, no bytes unframed."""
    heard: set[Direction] = field(default_factory=set)
    """The directions of which the capture holds frames; a part of it may hold one only."""
    id: str | None = None
    """By which it can be resumed."""
    wanted: str | None = None
    """Which session its client asks to resume instead."""


def sm_elements(record: FrameRecord) -> list[etree._Element]:
    """The elements of stream management in a frame, those inside SASL2's included, in order.

    Those of any version of the protocol; `local_name` tells which they are.
    """
    namespace = record.xmlns or ""
    inline = namespace.startswith(_SASL2) and record.kind in _NEGOTIATING
    if not inline and not namespace.startswith(_SM):
        return []
    tree = read(record).tree
    if tree is None:
        return []
    return [tree] if not inline else [each for each in tree.iter("{*}*") if _is_sm(each)]


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _is_sm(element: etree._Element) -> bool:
    return str(element.tag).startswith(f"{{{_SM}")


class Sessions:
    """Tells which session a connection carries. To be shown every event, in order."""

    def __init__(self) -> None:
        self._numbers = 0
        self._by_conn: Bounded[int, Session] = Bounded(MAX_CONNECTIONS)
        self._by_id: Bounded[str, Session] = Bounded(MAX_RESUMABLE)

    def of(self, conn: int) -> Session:
        """The session that the connection carries; where none is known, one that is not whole."""
        found = self._by_conn.get(conn)
        if found is None:
            found = self._next(conn, whole=False)
            self._by_conn.put(conn, found)
        return found

    def see(self, event: Event) -> list[Session]:
        """Take the next event; returns the sessions that are over with it.

        Among them are those that are given up because there are too many.
        """
        if isinstance(event, FrameRecord):
            return self._see_frame(event)
        if isinstance(event, ConnectionOpened):
            return self._begin(event.conn, whole=True)
        if isinstance(event, ConnectionClosed):
            return self._left(self._by_conn.pop(event.conn))
        if isinstance(event, Gap | Skipped):
            self._doubt()
        return []

    # --- connections

    def _next(self, conn: int, *, whole: bool) -> Session:
        self._numbers += 1
        return Session(self._numbers, conn, whole)

    def _begin(self, conn: int, *, whole: bool) -> list[Session]:
        over = self._left(self._by_conn.pop(conn))
        return over + self._left(self._by_conn.put(conn, self._next(conn, whole=whole)))

    def _left(self, session: Session | None) -> list[Session]:
        """What is over when a session has lost its connection."""
        if session is None or (session.id is not None and self._by_id.get(session.id) is session):
            return []
        return [session]

    def _doubt(self) -> None:
        for session in (*self._by_conn.values(), *self._by_id.values()):
            session.whole = False

    # --- frames

    def _see_frame(self, record: FrameRecord) -> list[Session]:
        over: list[Session] = []
        if self._by_conn.get(record.conn) is None:
            over = self._begin(record.conn, whole=record.kind == "stream")
        session = self.of(record.conn)
        session.heard.add(record.dir)
        if record.kind == "opaque":
            session.whole = False
        elif record.kind == "/stream" and record.dir == "c2s":
            self._end(session)
        elif record.xmlns is not None:
            for element in sm_elements(record):
                over += self._negotiate(record, element)
        return over

    def _end(self, session: Session) -> None:
        """A session whose client ends the stream in order cannot be resumed (XEP-0198 §5)."""
        if session.id is not None:
            self._by_id.pop(session.id)
            session.id = None

    def _negotiate(self, record: FrameRecord, element: etree._Element) -> list[Session]:
        session = self.of(record.conn)
        name = local_name(element)
        if record.dir == "c2s":
            if name == "resume":
                session.wanted = element.get("previd")
        elif name == "enabled" and element.get("resume") in ("true", "1"):
            return self._name(session, element.get("id"))
        elif name == "resumed":
            return self._resume(session, element.get("previd") or session.wanted)
        elif name == "failed":
            return self._refuse(session)
        return []

    def _name(self, session: Session, name: str | None) -> list[Session]:
        if not name or len(name) > _MAX_ID:
            return []
        session.id = name
        given_up = self._by_id.put(name, session)
        return [] if given_up is None or self._is_carried(given_up) else [given_up]

    def _resume(self, provisional: Session, name: str | None) -> list[Session]:
        """The connection goes on with the session of that name."""
        session = None if name is None else self._by_id.get(name)
        if session is None:
            provisional.whole = False
            return self._name(provisional, name)
        if self._is_carried(session):
            self._by_conn.pop(session.conn)
        session.conn = provisional.conn
        session.whole = session.whole and provisional.whole
        self._by_conn.put(session.conn, session)
        return [] if provisional is session else [provisional]

    def _refuse(self, session: Session) -> list[Session]:
        """The session that was to be resumed is no more."""
        name, session.wanted = session.wanted, None
        lost = None if name is None else self._by_id.get(name)
        if name is None or lost is None or self._is_carried(lost):
            return []
        self._by_id.pop(name)
        return [lost]

    def _is_carried(self, session: Session) -> bool:
        return self._by_conn.get(session.conn) is session
