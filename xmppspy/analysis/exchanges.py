"""Exchanges: IQ requests and the answers to them (RFC 6120 §8.2.3)."""

from collections import deque
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.identity import Identities, Identity
from xmppspy.analysis.responders import may_answer, mirrors
from xmppspy.analysis.sessions import Session, Sessions
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.events import Direction, Event, FrameRecord

LATE: Final = 5.0
"""Seconds after which an answer is late: Smack, for one, has given up by then."""

MAX_PENDING: Final = 10_000
"""Ids of requests that may be outstanding at a time, and of answered ones that are remembered."""

MAX_ALIKE: Final = 20
"""Outstanding requests of one session that may have the same id."""

MAX_NAMES: Final = 8192
"""Characters of the id, addresses and namespace of a request that is followed."""

_REQUESTS: Final = frozenset({"get", "set"})
_ANSWERS: Final = frozenset({"result", "error"})
_MAX_NAME: Final = 100
_SERVERS: Final = 0
"""Stands for the session of all streams between servers, where the answer to what came on one
connection may go out on another (RFC 6120 §10.2)."""


class State(StrEnum):
    """How an answer stands to a request."""

    ANSWERED = "answered"
    LATE = "late"
    """Answered, but after the threshold."""
    DUPLICATE = "duplicate"
    """The request had been answered already."""
    SPOOF_CANDIDATE = "spoof candidate"
    """The id is that of a request which is outstanding, but one to somebody else: a peer that
    guesses ids, or one that confuses addresses. The request stays outstanding."""
    ORPHANED = "orphaned"
    """There is no such request."""
    UNSEEN = "unseen"
    """There is no such request in the capture, which may not hold it: it begins in the middle of
    the session, lost something, or holds only what was said in the other direction."""


class Request(NamedTuple):
    """A request, as far as it has to be known later."""

    n: int
    t: float
    conn: int
    dir: Direction
    type: str
    """`get` or `set`."""
    id: str
    from_: str | None
    to: str | None
    name: str
    """Local name of its payload; empty when there is none."""
    namespace: str
    """Namespace of its payload; empty when there is none, or in the content namespace."""


class Answer(NamedTuple):
    """A result or an error, with the request it belongs to."""

    n: int
    t: float
    conn: int
    dir: Direction
    type: str
    """`result` or `error`."""
    state: State
    request: Request | None
    """What it answers; what it claims to answer, for a duplicate or a spoof candidate."""
    latency: float | None
    """Seconds from the request to an answer that is the first one, to the microsecond; else None."""


_Key: TypeAlias = tuple[int, Direction, str]
"""Number of the session, direction of the request, id."""


class _Outstanding(NamedTuple):
    """The requests of one session with the same id, the oldest first."""

    session: Session
    requests: list[Request]


class Exchanges:
    """Pairs the IQ requests of a capture with their answers, in both directions.

    An id may be outstanding in both directions and towards several addresses at once; the
    addresses decide. Requests outlive a connection when its session is resumed. Judged is what
    was sent (`FrameRecord.data`), whatever became of it on its way.

    Show every event to `identities` first, and then here, in order. Memory is bounded
    (`MAX_PENDING`, `MAX_ALIKE`, `MAX_NAMES`): the oldest requests are given up and counted in
    `dropped`, and their sessions' answers without a request are `UNSEEN`, not `ORPHANED`. A request
    without an id is not followed: nothing can be an answer to it.
    """

    def __init__(self, identities: Identities, late_after: float = LATE) -> None:
        self._identities = identities
        self._late_after = late_after
        self._sessions = Sessions()
        self._pending: Bounded[_Key, _Outstanding] = Bounded(MAX_PENDING)
        self._answered: Bounded[_Key, Request] = Bounded(MAX_PENDING)
        self._unanswered: deque[Request] = deque(maxlen=MAX_PENDING)
        self.dropped = 0
        """How many requests were given up because there were too many, or were too large."""

    def see(self, event: Event) -> Answer | None:
        """Take the next event; if it is an answer, returns how it stands to a request."""
        for session in self._sessions.see(event):
            self._abandon(session)
        if not isinstance(event, FrameRecord) or event.kind != "iq" or event.xmlns is not None:
            return None
        if event.type in _ANSWERS:
            return self._answer(event)
        if event.type in _REQUESTS:
            self._ask(event)
        return None

    def pending(self) -> list[Request]:
        """The requests that may still be answered, the oldest first."""
        requests = (each for entry in self._pending.values() for each in entry.requests)
        return sorted(requests, key=lambda request: request.n)

    def overdue(self, now: float) -> list[Request]:
        """Those of them that an answer would be late for at the time `now`."""
        return [request for request in self.pending() if now - request.t > self._late_after]

    def take_unanswered(self) -> list[Request]:
        """The requests whose session ended without an answer, since this was last asked."""
        found = list(self._unanswered)
        self._unanswered.clear()
        return found

    # --- requests

    def _key(self, record: FrameRecord, identity: Identity, direction: Direction) -> _Key:
        if identity.kind == "server":
            return _SERVERS, "c2s", record.id or ""
        return self._sessions.of(record.conn).number, direction, record.id or ""

    def _ask(self, record: FrameRecord) -> None:
        if record.id is None:
            return
        session = self._sessions.of(record.conn)
        names = (record.id, record.from_ or "", record.to or "", *record.ns[:1])
        if sum(map(len, names)) > MAX_NAMES:
            self._drop(session, 1)
            return
        key = self._key(record, self._identities.of(record.conn), record.dir)
        request = request_of(record)
        entry = self._pending.get(key)
        if entry is not None:
            entry.requests.append(request)
            if len(entry.requests) > MAX_ALIKE:
                del entry.requests[0]
                self._drop(session, 1)
        elif gone := self._pending.put(key, _Outstanding(session, [request])):
            self._drop(gone.session, len(gone.requests))

    def _drop(self, session: Session, count: int) -> None:
        self.dropped += count
        session.whole = False

    def _abandon(self, session: Session) -> None:
        """Give up the requests of a session that is over."""
        for key in [key for key in self._pending if key[0] == session.number]:
            if entry := self._pending.pop(key):
                self._unanswered.extend(entry.requests)

    # --- answers

    def _answer(self, record: FrameRecord) -> Answer:
        identity = self._identities.of(record.conn)
        key = self._key(record, identity, "s2c" if record.dir == "c2s" else "c2s")
        entry = self._pending.get(key)
        outstanding = entry.requests if entry else []
        for request in outstanding:
            if _fits(request, record, identity):
                outstanding.remove(request)
                return self._answer_to(request, record, key)
        earlier = self._answered.get(key)
        if earlier is not None and _fits(earlier, record, identity):
            return _stands(record, State.DUPLICATE, earlier)
        for request in outstanding:
            if identity.kind == "client" or _is_for(request, record):
                return _stands(record, State.SPOOF_CANDIDATE, request)
        session = self._sessions.of(record.conn)
        is_known = identity.kind != "server" and session.whole and key[1] in session.heard
        return _stands(record, State.ORPHANED if is_known else State.UNSEEN, None)

    def _answer_to(self, request: Request, record: FrameRecord, key: _Key) -> Answer:
        entry = self._pending.get(key)
        if entry is not None and not entry.requests:
            self._pending.pop(key)
        self._answered.pop(key)
        self._answered.put(key, request)
        latency = round(max(record.t - request.t, 0.0), 6)
        state = State.LATE if latency > self._late_after else State.ANSWERED
        return _stands(record, state, request, latency)


def _stands(
    record: FrameRecord, state: State, request: Request | None, latency: float | None = None
) -> Answer:
    return Answer(
        n=record.n,
        t=record.t,
        conn=record.conn,
        dir=record.dir,
        type=record.type or "",
        state=state,
        request=request,
        latency=latency,
    )


def _fits(request: Request, answer: FrameRecord, identity: Identity) -> bool:
    if identity.kind != "client":
        return mirrors((request.from_, request.to), (answer.from_, answer.to))
    if request.dir == "c2s":
        return may_answer(request.to, answer.from_, identity)
    return may_answer(request.from_, answer.to, identity)


def _is_for(request: Request, answer: FrameRecord) -> bool:
    """Whether the answer is addressed to who sent the request."""
    return mirrors((request.from_, None), (None, answer.to))


def request_of(record: FrameRecord) -> Request:
    """A frame that is a request, as far as it has to be known later."""
    return Request(
        n=record.n,
        t=record.t,
        conn=record.conn,
        dir=record.dir,
        type=record.type or "",
        id=record.id or "",
        from_=record.from_,
        to=record.to,
        name=_payload(record.data),
        namespace=record.ns[0] if record.ns else "",
    )


def _payload(data: bytes) -> str:
    """The local name of the first child element, read from its start tag alone."""
    match = lex.TOKEN.match(data)
    depth = 0
    while match is not None and match["end"] is None:
        if match["start"] is not None:
            if depth:
                return match["start"].rpartition(b":")[2][:_MAX_NAME].decode(errors="replace")
            depth = 1
        if match["empty"]:
            break
        match = lex.TOKEN.match(data, match.end())
    return ""
