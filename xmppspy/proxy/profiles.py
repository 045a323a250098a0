"""Profiles: what is known of each open connection, learnt from what is recorded of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from xmppspy.analysis.identity import Identities
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.protocol import runs
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FrameRecord,
    Side,
    StanzaRun,
    TLSEstablished,
)

State: TypeAlias = Literal["connecting", "negotiating", "online", "ending"]
Management: TypeAlias = Literal["off", "on", "resumable", "resumed"]

_COUNTS: Final = frozenset({"r", "a"})

_BIND, _AUTH = b"xmpp-bind", b"jabber:iq:auth"
"""In the namespaces of those stanzas by which somebody becomes known."""


@dataclass(slots=True)
class Way:
    """One direction of a connection."""

    frames: int = 0
    bytes: int = 0
    stream: StreamContext | None = None
    """What its last header lends to what stands in it; None while there was no header."""
    is_over: bool = False
    """Whether its stream was closed."""


@dataclass(slots=True)
class Profile:
    """One connection."""

    conn: int
    client: str
    server: str
    since: float
    state: State = "connecting"
    domain: str | None = None
    """Whom the client asked for."""
    jid: str | None = None
    """The account, or the component; with its resource once one is bound."""
    tls: dict[Side, TLSEstablished] = field(default_factory=dict)
    sm: Management = "off"
    c2s: Way = field(default_factory=Way)
    s2c: Way = field(default_factory=Way)

    def way(self, direction: Direction) -> Way:
        """One of its directions."""
        return self.c2s if direction == "c2s" else self.s2c


class Profiles:
    """All open connections. To be shown every event, in order; most cost next to nothing."""

    def __init__(self) -> None:
        self._open: dict[int, Profile] = {}
        self._identities = Identities()

    def __iter__(self) -> Iterator[Profile]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def of(self, conn: int) -> Profile | None:
        """What is known of a connection; None when it is not open."""
        return self._open.get(conn)

    def see(self, event: Event) -> None:
        """Take the next event."""
        if isinstance(event, FrameRecord):
            self.see_frame(event)
        elif isinstance(event, ConnectionOpened):
            self._open[event.conn] = Profile(event.conn, event.client, event.server, event.t)
            self._identities.see(event)
        elif isinstance(event, ConnectionClosed):
            self._open.pop(event.conn, None)
        elif isinstance(event, TLSEstablished) and event.conn in self._open:
            self._open[event.conn].tls[event.leg] = event

    def see_run(self, run: StanzaRun) -> None:
        """Take the next events, which are stanzas."""
        profile = self._open.get(run.conn)
        if profile is None:
            return
        if profile.state != "online" and _may_tell(run.data):
            for record in runs.records(run):
                self.see_frame(record)
            return
        way = profile.way(run.dir)
        way.frames += run.number
        way.bytes += len(run.data)

    def see_frame(self, record: FrameRecord) -> None:
        """Take the next event, which is a frame."""
        profile = self._open.get(record.conn)
        if profile is None:
            return
        way = profile.c2s if record.dir == "c2s" else profile.s2c
        way.frames += 1
        way.bytes += len(record.data)
        if record.xmlns is None and profile.state == "online" and record.kind != "/stream":
            return  # a stanza of somebody whom we know
        if record.kind == "stream":
            way.stream, way.is_over = record.context, False
        elif record.kind == "/stream":
            way.is_over, profile.state = True, "ending"
        if record.kind not in _COUNTS:
            self._learn(profile, record)

    def _learn(self, profile: Profile, record: FrameRecord) -> None:
        self._identities.see(record)
        identity = self._identities.of(record.conn)
        profile.domain = identity.domain
        profile.jid = identity.full or identity.bare
        if record.dir == "s2c":
            for element in sm_elements(record):
                profile.sm = _managed(local_name(element), element.get("resume")) or profile.sm
            if profile.state == "connecting":
                profile.state = "negotiating"
        accepted = record.dir == "s2c" and record.kind == "handshake"
        accepted = accepted or profile.sm == "resumed"
        if profile.state == "negotiating" and (identity.full is not None or accepted):
            profile.state = "online"


def _managed(name: str, resume: str | None) -> Management | None:
    """What stream management has become, by what the server says of it; None for nothing new."""
    if name == "enabled":
        return "resumable" if resume in ("true", "1") else "on"
    if name == "resumed":
        return "resumed"
    return "off" if name == "failed" else None


def _may_tell(data: bytes) -> bool:
    # For every run of a connection without a login; a loop takes longer than both searches.
    return _BIND in data or _AUTH in data
