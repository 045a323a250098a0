"""Connections: who they were, how they went, how much they carried."""

from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.phases import Phase, Phases
from xmppspy.analysis.stats.volumes import Volume
from xmppspy.analysis.streammanagement import StreamManagement
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    Fault,
    FrameRecord,
    Side,
    TLSEstablished,
)

MAX_CONNECTIONS: Final = 1000
"""Connections that are told one by one, the latest ones; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionReport:
    """One connection. Times are seconds of the capture, None where it does not hold them."""

    conn: int
    client: str
    server: str
    jid: str
    """Of the client, as far as known; empty otherwise."""
    kind: str
    """`client`, `server` or `component`."""
    tls: str
    """The version on the client's leg; empty without."""
    opened: float | None
    closed: float | None
    closed_by: str
    reason: str
    faults: int
    c2s: Volume
    s2c: Volume
    phases: tuple[Phase, ...]
    unacknowledged: dict[Direction, int | None]
    """Stanzas without acknowledgement (XEP-0198) at its end; None where they are not counted."""
    ready: float | None
    """Seconds from its beginning until the client could talk: was bound, resumed, or present."""


@dataclass(slots=True)
class _Connection:
    client: str = ""
    server: str = ""
    tls: str = ""
    opened: float | None = None
    closed: float | None = None
    closed_by: str = ""
    reason: str = ""
    faults: int = 0
    volumes: dict[Direction, Volume] = field(
        default_factory=lambda: {"c2s": Volume(), "s2c": Volume()}
    )
    counts: bool = False
    """Whether anything of it is meant."""


class Connections:
    """Follows all connections of a capture; what it is made with is shown each event first."""

    def __init__(self, identities: Identities, management: StreamManagement) -> None:
        self._identities = identities
        self._management = management
        self._phases = Phases()
        self._connections: Bounded[int, _Connection] = Bounded(MAX_CONNECTIONS)

    @property
    def count(self) -> int:
        """How many there are that something counts of; of those given up, all."""
        return sum(each.counts for each in self._connections.values()) + self.dropped

    @property
    def dropped(self) -> int:
        """How many are not told one by one."""
        return self._connections.dropped

    def see(self, event: Event, *, counts: bool) -> None:
        """Take the next event; only those that count make a connection appear."""
        self._phases.see(event)
        conn: int | None = getattr(event, "conn", None)
        if conn is None:
            return
        connection = self._connections.get(conn)
        if connection is None:
            connection = _Connection()
            self._connections.put(conn, connection)
        connection.counts = connection.counts or counts
        if isinstance(event, FrameRecord):
            if counts and not event.injected:
                connection.volumes[event.dir].add(len(event.data))
        else:
            _note(connection, event)

    def report(self) -> tuple[ConnectionReport, ...]:
        """Those that something counts of, by number."""
        meant = [(conn, each) for conn, each in self._connections.items() if each.counts]
        return tuple(self._report(conn, each) for conn, each in sorted(meant, key=_number))

    def _report(self, conn: int, connection: _Connection) -> ConnectionReport:
        identity = self._identities.of(conn)
        phases = self._phases.of(conn)
        return ConnectionReport(
            conn=conn,
            client=connection.client,
            server=connection.server,
            jid=identity.full or identity.bare or "",
            kind=identity.kind,
            tls=connection.tls,
            opened=connection.opened,
            closed=connection.closed,
            closed_by=connection.closed_by,
            reason=connection.reason,
            faults=connection.faults,
            c2s=connection.volumes["c2s"],
            s2c=connection.volumes["s2c"],
            phases=phases,
            unacknowledged={
                "c2s": self._management.awaited(conn, "c2s"),
                "s2c": self._management.awaited(conn, "s2c"),
            },
            ready=_ready(connection.opened, phases),
        )


def _note(connection: _Connection, event: Event) -> None:
    if isinstance(event, ConnectionOpened):
        connection.client, connection.server = event.client, event.server
        connection.opened = event.t
    elif isinstance(event, ConnectionClosed):
        connection.closed, connection.closed_by = event.t, event.by
        connection.reason = event.reason
    elif isinstance(event, TLSEstablished) and event.leg is Side.CLIENT:
        connection.tls = event.version
    elif isinstance(event, Fault):
        connection.faults += 1


def _ready(opened: float | None, phases: tuple[Phase, ...]) -> float | None:
    moments = [
        phase.ended
        for phase in phases
        if not phase.failed and (phase.name in ("bind", "presence") or phase.detail == "resumed")
    ]
    return None if opened is None or not moments else round(min(moments) - opened, 6)


def _number(item: tuple[int, _Connection]) -> int:
    return item[0]
