"""Explainer: what the frames of a capture are, each with what was learnt from those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from xmppspy.analysis import registry
from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.exchanges import Answer, Exchanges, State
from xmppspy.analysis.identity import UNKNOWN, Identities, Identity
from xmppspy.analysis.sasl import SaslTracker
from xmppspy.analysis.streammanagement import Acknowledgement, StreamManagement
from xmppspy.analysis.summary import Outline, outline
from xmppspy.analysis.words import joined
from xmppspy.protocol.events import ConnectionOpened, Direction, Event, FrameRecord, TLSEstablished

if TYPE_CHECKING:
    from xmppspy.analysis.sasl import SaslStep

MAX_CONNECTIONS: Final = 1000
"""Of more, the oldest are forgotten: the numbers of their streams begin anew."""
ROOM: Final = 120
"""Characters of what a person wrote before it is folded."""

_EXPECTED: Final = frozenset({State.ANSWERED, State.UNSEEN})
_MANY_TOPICS: Final = "XMPP: "
"""How the titles of the core specifications begin, which say nothing about a payload."""
_REMARKS: Final = {"deprecated": "deprecated", "superseded": "old version"}


class Explanation(NamedTuple):
    """What is known of a frame besides the frame itself. Its words are found when they are asked for."""

    record: FrameRecord
    identity: Identity = UNKNOWN
    answer: Answer | None = None
    """How it stands to a request, if it is an answer."""
    sasl: SaslStep | None = None
    """What it says as a step of SASL."""
    acknowledgement: Acknowledgement | None = None
    """What to think of the `h` it says."""
    stream: str = ""
    """Of a stream header: which one it is on its connection."""

    def outline(self, room: int = ROOM) -> Outline:
        """What the frame is; what a person wrote is folded to `room` characters."""
        request = None if self.answer is None else self.answer.request
        found = outline(self.record, self.identity, request=request, sasl=self.sasl, room=room)
        if not self.stream and self.acknowledgement is None:
            return found
        return found._replace(details=joined([found.details, self.stream, self._counts()]))

    @property
    def latency(self) -> float | None:
        """Seconds from a request to this answer to it."""
        return None if self.answer is None else self.answer.latency

    @property
    def doubt(self) -> str:
        """What is odd about this answer: `late`, `orphaned`, …; empty as a rule."""
        if self.answer is None or self.answer.state in _EXPECTED:
            return ""
        return str(self.answer.state)

    def _counts(self) -> str:
        ack = self.acknowledgement
        if ack is None:
            return ""
        if ack.problem is not None:
            expected = "" if ack.expected is None else f"expected {ack.expected}: "
            return f"({expected}{ack.problem})"
        return f"({ack.outstanding:,} outstanding)" if ack.outstanding else ""


def origin(namespace: str, *, titled: bool = True) -> str:
    """Where a namespace comes from: `XEP-0030 Service Discovery`, `RFC 6121`; empty if not known.

    `titled` adds the title, where it tells something.
    """
    known = registry.lookup(namespace) if namespace else None
    if known is None:
        return ""
    title = known.title if titled or not known.id else ""
    words = [known.id, "" if title.startswith(_MANY_TOPICS) else title]
    return joined([joined(words), _REMARKS.get(known.status, "")], ", ")


class _Connection:
    def __init__(self) -> None:
        self.headers: dict[Direction, int] = {}
        self.tls = ""


class Explainer:
    """Follows a capture, and explains its frames. To be shown every event, in order.

    It keeps what identities, exchanges, SASL and stream management keep, each within its bounds.
    """

    def __init__(self) -> None:
        self.identities: Final = Identities()
        self.exchanges: Final = Exchanges(self.identities)
        self._sasl = SaslTracker()
        self.management: Final = StreamManagement()
        self._connections: Bounded[int, _Connection] = Bounded(MAX_CONNECTIONS)

    def see(self, event: Event) -> Explanation | None:
        """Take the next event; returns what is known of it, if it is a frame."""
        self.identities.see(event)
        answer = self.exchanges.see(event)
        sasl = self._sasl.see(event)
        acknowledgement = self.management.see(event)
        if isinstance(event, FrameRecord):
            stream = self._count(event) if event.kind == "stream" else ""
            identity = self.identities.of(event.conn)
            return Explanation(event, identity, answer, sasl, acknowledgement, stream)
        if isinstance(event, ConnectionOpened):
            self._connections.put(event.conn, _Connection())
        elif isinstance(event, TLSEstablished):
            self._of(event.conn).tls = event.version
        return None

    def _of(self, conn: int) -> _Connection:
        found = self._connections.get(conn)
        if found is None:
            found = _Connection()
            self._connections.put(conn, found)
        return found

    def _count(self, record: FrameRecord) -> str:
        """`(stream 2, TLSv1.3)`: which header of its direction it is."""
        connection = self._of(record.conn)
        number = connection.headers.get(record.dir, 0) + 1
        connection.headers[record.dir] = number
        told = joined([f"stream {number}" if number > 1 else "", connection.tls], ", ")
        return f"({told})" if told else ""
