"""Stream management audited: both sides count stanzas, and so does this (XEP-0198)."""

import re
from typing import Final, NamedTuple

from lxml import etree

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.counting import MAX_UNCONFIRMED, MODULUS, Lane, Problem
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.protocol.events import (
    UNCHANGED,
    Direction,
    Event,
    FateDecided,
    FrameRecord,
    Gap,
    Skipped,
)
from xmppspy.protocol.stanzas import is_stanza, stanzas_in

MAX_SESSIONS: Final = 200
_H: Final = re.compile(rb"\bh\s*=\s*[\"']([0-9]{1,10})[\"']")
_MAX_DIGITS: Final = 10
_MAX_ID: Final = 4000


class Acknowledgement(NamedTuple):
    """An `h` and what to think of it. It may stand on `a`, `resume`, `resumed` or `failed`."""

    n: int
    t: float
    conn: int
    counted: Direction
    """The direction of the stanzas that it counts: the other one than its own."""
    h: int | None
    """None where it is missing or no number."""
    expected: int | None
    """The right `h`, or the nearest to it; None where the capture does not tell."""
    outstanding: int | None
    """Stanzas that the same side got and does not count yet; None where it is not known."""
    problem: Problem | None = None
    confirmed: tuple[int, ...] = ()
    """The numbers of the frames that are acknowledged by it for the first time."""
    told: tuple[int, ...] = ()
    """Those of which their sender learns by it that they are done: what it is shown may differ."""

    def __str__(self) -> str:
        shown = "h missing or no number" if self.h is None else f"h={self.h}"
        if self.problem is None:
            return shown
        expected = "" if self.expected is None else f", expected {self.expected}"
        return f"{shown}{expected}: {self.problem}"


class _Session:
    """What is counted, by the direction of the stanzas; before `<enabled/>` only c2s."""

    def __init__(self, lanes: dict[Direction, Lane], conn: int) -> None:
        self.lanes = lanes
        self.conn = conn


class _Resuming(NamedTuple):
    """A `<resume/>` that awaits its answer."""

    name: str
    h: int | None
    shown: int | None
    """The `h` that the server got to see."""


class StreamManagement:
    """Follows the counts of all sessions of a capture, across resumption, in both directions.

    Show it every event, in order. It counts from `<enable/>` (what the client sends) and
    `<enabled/>` (what the server sends), also inside SASL2 and Bind 2; where the capture does not
    hold these, from a resumption. Memory is bounded (`MAX_SESSIONS`, `MAX_UNCONFIRMED`): counts of
    the oldest sessions, and which frames are unconfirmed, are given up; `dropped` counts both.
    """

    def __init__(self) -> None:
        self._by_conn: Bounded[int, _Session] = Bounded(MAX_SESSIONS)
        self._by_id: Bounded[str, _Session] = Bounded(MAX_SESSIONS)
        self._resuming: Bounded[int, _Resuming] = Bounded(MAX_SESSIONS)
        self._waiting: Bounded[int, Direction] = Bounded(MAX_UNCONFIRMED)  # stanzas, by frame
        self._forgotten = 0

    @property
    def dropped(self) -> int:
        """Sessions and unconfirmed frames that were given up because there were too many."""
        return self._by_conn.dropped + self._forgotten

    def see(self, event: Event) -> Acknowledgement | None:
        """Take the next event; if it says an `h`, returns what to think of it."""
        if isinstance(event, FrameRecord):
            return self._see_frame(event)
        if isinstance(event, FateDecided):
            self._correct(event)
        elif isinstance(event, Gap | Skipped):
            for session in (*self._by_conn.values(), *self._by_id.values()):
                for lane in session.lanes.values():
                    lane.lose()
        return None

    def outstanding(self, conn: int, counted: Direction) -> int | None:
        """Stanzas of a direction that were not acknowledged yet; None where it is not known.

        Also of a connection that is over, unless its session went on.
        """
        lane = self._lane(conn, counted)
        return None if lane is None else lane.outstanding

    def awaited(self, conn: int, counted: Direction) -> int | None:
        """Stanzas of a direction of which their sender was not told; None where it is not known.

        What was dropped is told as done; what was put in is awaited by nobody.
        """
        lane = self._lane(conn, counted)
        return None if lane is None else lane.awaited

    def unconfirmed(self, conn: int, counted: Direction) -> tuple[int, ...]:
        """The numbers of the frames that hold them, as far as they are remembered."""
        lane = self._lane(conn, counted)
        return () if lane is None else tuple(entry.n for entry in lane.untold)

    def _lane(self, conn: int, counted: Direction) -> Lane | None:
        session = self._by_conn.get(conn)
        return None if session is None else session.lanes.get(counted)

    # --- frames

    def _see_frame(self, record: FrameRecord) -> Acknowledgement | None:
        if is_stanza(record):
            self._count(record)
        elif record.kind == "opaque":
            if (lane := self._lane(record.conn, record.dir)) is not None:
                lane.lose()
        elif elements := sm_elements(record):
            found = [self._negotiate(record, element) for element in elements]
            return next((each for each in found if each is not None), None)
        return None

    def _count(self, record: FrameRecord) -> None:
        lane = self._lane(record.conn, record.dir)
        if lane is None:
            return
        sent = 0 if record.injected else 1
        received = 1 if record.sent is UNCHANGED else stanzas_in(record.sent or b"")
        if record.waits:
            received = 0
            self._waiting.put(record.n, record.dir)
        self._forgotten += lane.count(record.n, sent, received)

    def _correct(self, event: FateDecided) -> None:
        """A stanza that had waited has left, or one went on otherwise than it came."""
        waited = self._waiting.pop(event.n)
        left = 1 if event.action == "forward" else stanzas_in(event.sent or b"")
        if waited is not None:
            lane = self._lane(event.conn, waited)
            self._forgotten += lane.count(event.n, 0, left) if lane is not None else 0
            return
        more = left - 1
        for direction in ("c2s", "s2c"):
            if (lane := self._lane(event.conn, direction)) is not None:
                lane.correct(event.n, more)

    def _negotiate(self, record: FrameRecord, element: etree._Element) -> Acknowledgement | None:
        name = local_name(element)
        if name == "r":
            self._demand(record)
        elif name == "a" and not record.injected:
            return self._judge(record, element, self._lane(record.conn, _other(record.dir)))
        elif name == "enable" and record.dir == "c2s":
            self._enable(record)
        elif name == "resume" and record.dir == "c2s":
            return self._resume(record, element)
        elif record.dir == "s2c" and name in ("enabled", "resumed", "failed"):
            answered = {"enabled": self._enabled, "resumed": self._resumed, "failed": self._failed}
            return answered[name](record, element)
        return None

    def _demand(self, record: FrameRecord) -> None:
        lane = self._lane(record.conn, record.dir)
        if lane is not None and lane.exact and record.left:
            lane.demands.append(lane.received)

    # --- sessions

    def _enable(self, record: FrameRecord) -> None:
        session = self._by_conn.get(record.conn)
        if session is None or "s2c" not in session.lanes:
            self._by_conn.put(record.conn, _Session({"c2s": Lane()}, record.conn))

    def _enabled(self, record: FrameRecord, element: etree._Element) -> None:
        session = self._by_conn.get(record.conn)
        if session is None:
            # Not seen from the beginning: what the client sent before is not known.
            session = _Session({"c2s": Lane(exact=False)}, record.conn)
            self._by_conn.put(record.conn, session)
        session.lanes.setdefault("s2c", Lane())
        name = element.get("id")
        if name and len(name) <= _MAX_ID:
            self._by_id.put(name, session)

    def _resume(self, record: FrameRecord, element: etree._Element) -> Acknowledgement | None:
        name = element.get("previd") or ""
        if len(name) > _MAX_ID:
            return None
        shown = _shown_number(record, element)
        self._resuming.put(record.conn, _Resuming(name, _number(element), shown))
        session = self._by_id.get(name)
        return self._judge(record, element, None if session is None else session.lanes.get("s2c"))

    def _resumed(self, record: FrameRecord, element: etree._Element) -> Acknowledgement | None:
        asked = self._resuming.pop(record.conn)
        if asked is None:
            asked = _Resuming(element.get("previd") or "", None, None)
        session = self._by_id.get(asked.name)
        if session is None:
            session = _Session({}, record.conn)
            self._by_id.put(asked.name, session)
        elif self._by_conn.get(session.conn) is session:
            self._by_conn.pop(session.conn)
        found = self._judge(record, element, session.lanes.get("c2s"))
        session.conn = record.conn
        self._by_conn.put(record.conn, session)
        _rebase(session, "c2s", _shown_number(record, element), _number(element))
        _rebase(session, "s2c", asked.shown, asked.h)
        return found

    def _failed(self, record: FrameRecord, element: etree._Element) -> Acknowledgement | None:
        asked = self._resuming.pop(record.conn)
        if asked is None:
            self._by_conn.pop(record.conn)
            return None
        session = self._by_id.pop(asked.name)
        if session is None or element.get("h") is None:
            return None
        return self._judge(record, element, session.lanes.get("c2s"))

    # --- h

    def _judge(
        self, record: FrameRecord, element: etree._Element, lane: Lane | None
    ) -> Acknowledgement:
        h = _number(element)
        problem = None if h is not None else Problem.NO_NUMBER
        expected: int | None = None
        confirmed: tuple[int, ...] = ()
        shown = _shown_number(record, element)
        if lane is not None and h is not None:
            problem, expected = lane.judge(h, answering=record.kind == "a")
            if problem is None and lane.misleads(shown):
                problem, expected = Problem.MISLEADING, lane.sent
            confirmed = lane.confirm(h)
        told = () if lane is None or shown is None else lane.tell(shown)
        return Acknowledgement(
            n=record.n,
            t=record.t,
            conn=record.conn,
            counted=_other(record.dir),
            h=h,
            expected=expected,
            outstanding=None if lane is None else lane.outstanding,
            problem=problem,
            confirmed=confirmed,
            told=told,
        )


def _rebase(
    session: _Session, direction: Direction, sent: int | None, received: int | None
) -> None:
    lane = session.lanes.setdefault(direction, Lane())
    if sent is None or received is None:
        lane.lose()
    else:
        lane.rebase(sent, received)


def _other(direction: Direction) -> Direction:
    return "s2c" if direction == "c2s" else "c2s"


def _number(element: etree._Element) -> int | None:
    """The `h` of an element; None where it is missing or no unsigned 32-bit number."""
    text = (element.get("h") or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS:
        return None
    return int(text) if int(text) < MODULUS else None


def _shown_number(record: FrameRecord, element: etree._Element) -> int | None:
    """The `h` that the other side got to see; None where it is not to be found."""
    if record.sent is UNCHANGED:
        return _number(element)
    found = _H.search(record.sent or b"")
    return None if found is None else int(found[1]) % MODULUS
