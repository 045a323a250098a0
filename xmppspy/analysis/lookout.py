"""Lookout: how the connections of a capture stand now, or stood at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.exchanges import Exchanges, Request
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.programs import Programs
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.analysis.stats.connections import ConnectionReport, Connections
from xmppspy.analysis.stats.timeline import Timeline
from xmppspy.analysis.streammanagement import StreamManagement
from xmppspy.protocol.events import (
    ConnectionOpened,
    Event,
    FrameRecord,
    Side,
    TLSEstablished,
)

State: TypeAlias = Literal["connected", "secured", "logged in", "ready", "closed"]

MAX_CONNECTIONS: Final = 200
"""Connections of which amounts over time are kept, the latest ones."""
MAX_REQUESTS: Final = 5
"""Outstanding requests of a connection that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How one connection stands."""

    report: ConnectionReport
    state: State
    tls: dict[Side, TLSEstablished]
    """What protects each leg; nothing where there is no TLS."""
    programs: dict[Side, str]
    """What software speaks at each end; empty where it is not known."""
    requests: tuple[Request, ...]
    """The oldest requests that are not answered."""
    outstanding: int
    """How many requests are not answered."""
    management: str
    """Stream management: `on`, `on, may resume`, `resumed`; empty without."""
    amounts: tuple[int, ...]
    """Bytes over time, both directions, in as many columns as were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How everything stands at a time."""

    now: float
    """When the latest event happened."""
    connections: int
    """How many there are; the latest of them are told."""
    outlooks: tuple[Outlook, ...]
    c2s: tuple[int, ...]
    """Bytes over time of all connections, in columns."""
    s2c: tuple[int, ...]


class Lookout:
    """Follows all connections. What it is made with is shown each event first."""

    def __init__(
        self, identities: Identities, exchanges: Exchanges, management: StreamManagement
    ) -> None:
        self._exchanges = exchanges
        self._programs = Programs(identities)
        self._connections = Connections(identities, management)
        self._whole = Timeline(0.0)
        self._timelines: Bounded[int, Timeline] = Bounded(MAX_CONNECTIONS)
        self._tls: Bounded[int, dict[Side, TLSEstablished]] = Bounded(MAX_CONNECTIONS)
        self._sm: Bounded[int, str] = Bounded(MAX_CONNECTIONS)
        self._now = 0.0

    @property
    def count(self) -> int:
        """How many connections there are."""
        return self._connections.count

    def see(self, event: Event) -> None:
        """Take the next event."""
        self._now = max(self._now, event.t)
        self._programs.see(event)
        self._connections.see(event, counts=True)
        if isinstance(event, FrameRecord):
            self._see_frame(event)
        elif isinstance(event, ConnectionOpened):
            self._tls.put(event.conn, {})
            self._sm.put(event.conn, "")
        elif isinstance(event, TLSEstablished):
            self._tls.put(event.conn, {**(self._tls.get(event.conn) or {}), event.leg: event})

    def view(self, columns: int) -> View:
        """How everything stands, amounts in so many columns from the beginning until now."""
        whole = self._whole.columns(columns, until=self._now)
        pending: dict[int, list[Request]] = {}
        for request in self._exchanges.pending():
            pending.setdefault(request.conn, []).append(request)
        return View(
            now=self._now,
            connections=self._connections.count,
            outlooks=tuple(self._outlooks(columns, pending)),
            c2s=tuple(whole["c2s"]),
            s2c=tuple(whole["s2c"]),
        )

    def _outlooks(self, columns: int, pending: dict[int, list[Request]]) -> Iterator[Outlook]:
        for report in self._connections.report():
            requests = pending.get(report.conn, [])
            tls = self._tls.get(report.conn) or {}
            yield Outlook(
                report=report,
                state=_state(report, tls),
                tls=tls,
                programs={side: self._programs.of(report.conn, side) for side in Side},
                requests=tuple(requests[:MAX_REQUESTS]),
                outstanding=len(requests),
                management=self._sm.get(report.conn) or "",
                amounts=self._amounts(report.conn, columns),
            )

    def _amounts(self, conn: int, columns: int) -> tuple[int, ...]:
        timeline = self._timelines.get(conn)
        if timeline is None:
            return (0,) * columns
        both = timeline.columns(columns, until=self._now)
        return tuple(map(sum, zip(both["c2s"], both["s2c"], strict=True)))

    def _see_frame(self, record: FrameRecord) -> None:
        for element in sm_elements(record) if record.kind not in ("r", "a") else ():
            self._manage(record, local_name(element), element.get("resume") or "")
        if not record.injected:
            self._whole.add(record.t, record.dir, len(record.data))
            timeline = self._timelines.get(record.conn)
            if timeline is None:
                timeline = Timeline(0.0)
                self._timelines.put(record.conn, timeline)
            timeline.add(record.t, record.dir, len(record.data))

    def _manage(self, record: FrameRecord, name: str, resume: str) -> None:
        if record.dir == "s2c" and name == "enabled":
            may_resume = resume in ("true", "1")
            self._sm.put(record.conn, "on, may resume" if may_resume else "on")
        elif record.dir == "s2c" and name == "resumed":
            self._sm.put(record.conn, "resumed")


def _state(report: ConnectionReport, tls: dict[Side, TLSEstablished]) -> State:
    if report.closed is not None:
        return "closed"
    if report.ready is not None:
        return "ready"
    if any(phase.name == "sasl" and not phase.failed for phase in report.phases):
        return "logged in"
    return "secured" if tls else "connected"
