"""Recording: a capture cut into parts, one for each connection, ready to be played."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from xmppspy.analysis.identity import Identities, Identity
from xmppspy.analysis.legs import departures
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FateDecided,
    FrameRecord,
    Gap,
    TLSEstablished,
)

MAX_BYTES: Final = 512 * 1024 * 1024
"""Of frames that are kept; a recording is played from memory."""

_SM: Final = frozenset({ns.SM, ns.SM_OLD})
_LOGIN: Final = frozenset({
    "urn:ietf:params:xml:ns:xmpp-bind", "urn:ietf:params:xml:ns:xmpp-session",
    "jabber:iq:auth", "jabber:iq:register",
})  # fmt: skip
"""What stanzas hold that come before a session, or begin one."""
_UNPLAYABLE: Final = frozenset({"opaque", "partial", "comment", "pi", "text"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One frame as the side that is played said it, so as the other side got it.

    `record.data` is what arrived there: the client's own bytes for c2s, what the client received
    for s2c, whatever the proxy changed or injected on the way.
    """

    record: FrameRecord

    @property
    def t(self) -> float:
        """Seconds since the capture was created."""
        return self.record.t

    @property
    def dir(self) -> Direction:
        """Who said it."""
        return self.record.dir

    @property
    def is_stanza(self) -> bool:
        """Whether it is a message, presence or iq."""
        return self.record.xmlns is None and self.record.kind in ("message", "presence", "iq")

    @property
    def is_stream_management(self) -> bool:
        """Whether it belongs to XEP-0198, which is played live."""
        return self.record.xmlns in _SM


@dataclass(slots=True)
class Part:
    """What one connection said, in order, white space left out."""

    conn: int
    opened: float = 0.0
    closed: float | None = None
    identity: Identity = field(default_factory=Identity)
    """Whose it is, as far as it was learnt by its end."""
    tls: bool = False
    """Whether the client was in TLS."""
    negotiation: list[Turn] = field(default_factory=list)
    """From the first header to the frame that gives the client its session, that included."""
    scene: list[Turn] = field(default_factory=list)
    """What came behind it, stream ends included."""
    missing: list[str] = field(default_factory=list)
    """What cannot be played, one sentence each."""

    @property
    def established(self) -> bool:
        """Whether the client got its session."""
        return self.identity.full is not None or self.identity.kind != "client"


class Recording:
    """All parts of a capture, by connection, in the order of their beginning."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.parts: dict[int, Part] = {}
        self.missing: list[str] = []
        """What the capture as a whole lacks."""
        self._identities = Identities()
        self._begun: set[int] = set()  # connections whose session is there
        self._waiting: dict[int, FrameRecord] = {}  # for the client, by number; not left yet
        self._bytes = 0
        for event in events:
            self._take(event)
        for conn, part in self.parts.items():
            part.identity = self._identity_of(conn, part)
            _complain(part)

    def of_account(self, bare: str) -> list[Part]:
        """The parts that an account played."""
        return [part for part in self.parts.values() if part.identity.bare == bare]

    def _take(self, event: Event) -> None:
        self._identities.see(event)
        if isinstance(event, FrameRecord):
            self._take_frame(event)
        elif isinstance(event, ConnectionOpened):
            self._part(event.conn).opened = event.t
        elif isinstance(event, TLSEstablished):
            self._part(event.conn).tls = True
        elif isinstance(event, ConnectionClosed):
            part = self._part(event.conn)
            part.closed = event.t
            part.identity = self._identities.of(event.conn)
        elif isinstance(event, FateDecided):
            self._change(self._part(event.conn), event)
        elif isinstance(event, Gap):
            self.missing.append(f"{event.lost} records were lost when it was written")

    def _part(self, conn: int) -> Part:
        part = self.parts.get(conn)
        if part is None:
            part = self.parts[conn] = Part(conn)
        return part

    def _take_frame(self, record: FrameRecord) -> None:
        part = self._part(record.conn)
        if record.kind == "space":
            return
        if record.waits and record.dir == "s2c":
            self._waiting[record.n] = record
            return
        for turn in _turns(record):
            self._take_turn(part, turn)

    def _take_turn(self, part: Part, turn: Turn) -> None:
        record = turn.record
        self._bytes += len(turn.record.data)
        if self._bytes > MAX_BYTES:
            if not any("too large" in each for each in self.missing):
                self.missing.append(f"it is too large: what comes after {MAX_BYTES:,} bytes")
            return
        if not (part.negotiation or part.scene or part.missing) and record.kind != "stream":
            part.missing.append("it does not begin with a stream header")
        if record.kind in _UNPLAYABLE:
            part.missing.append(f"frame {record.n} is {record.kind}")
            return
        identity = self._identities.of(record.conn)
        if _needs_session(turn):
            self._begun.add(record.conn)
        (part.scene if record.conn in self._begun else part.negotiation).append(turn)
        if identity.full is not None or _admits_component(record, identity):
            part.identity = identity
            self._begun.add(record.conn)

    def _identity_of(self, conn: int, part: Part) -> Identity:
        known = self._identities.of(conn)
        if known.bare is None and part.identity.bare is not None:
            known = part.identity
        return known if known.bare is not None else _guessed(known, part)

    def _change(self, part: Part, fate: FateDecided) -> None:
        """What a frame written earlier has become on its way to the client."""
        waited = self._waiting.pop(fate.n, None)
        if waited is not None:
            data = waited.data if fate.action == "forward" else fate.sent or b""
            for record in departures(replace(waited, t=fate.t), data):
                self._take_turn(part, Turn(record))
            return
        for turns in (part.scene, part.negotiation):
            for at in reversed(range(len(turns))):  # it was one of the last
                turn = turns[at]
                if turn.record.n == fate.n and turn.dir == "s2c":
                    sent = fate.sent or b""
                    if fate.action == "drop":
                        del turns[at]
                    elif fate.action != "forward":
                        turns[at : at + 1] = map(Turn, departures(turn.record, sent))
                    return


def _turns(record: FrameRecord) -> list[Turn]:
    """The frame as the played side said it; none when nothing of it is to be played."""
    if record.dir == "c2s":
        return [] if record.injected else [Turn(record)]
    if record.sent is UNCHANGED:
        return [Turn(record)]
    return [Turn(left) for left in departures(record, record.sent or b"")]


def _admits_component(record: FrameRecord, identity: Identity) -> bool:
    return identity.kind == "component" and record.dir == "s2c" and record.kind == "handshake"


def _needs_session(turn: Turn) -> bool:
    """Whether a client that has no session yet would not say or hear this."""
    return turn.is_stanza and not _LOGIN.intersection(turn.record.ns)


def _guessed(identity: Identity, part: Part) -> Identity:
    """Whose connection it seems to be, by whom the server speaks to."""
    if identity.kind == "client":
        for turn in part.scene:
            if turn.dir == "s2c" and turn.record.to and "@" in turn.record.to:
                return identity.named(turn.record.to)
    return identity


def _complain(part: Part) -> None:
    if not (part.established or part.scene or part.missing):
        part.missing.append("its client never got a session")
