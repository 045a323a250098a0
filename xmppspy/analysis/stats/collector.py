"""Stats: everything that can be counted in a capture, in one pass and bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.counting import Problem
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.mentions import condition_of
from xmppspy.analysis.stats.compression import MAX_MEASURED, Compression
from xmppspy.analysis.stats.connections import ConnectionReport, Connections
from xmppspy.analysis.stats.delivery import Delivery, DeliveryReport
from xmppspy.analysis.stats.requests import RequestReport, Requests
from xmppspy.analysis.stats.timeline import Timeline
from xmppspy.analysis.stats.traffic import Traffic, TrafficReport
from xmppspy.analysis.stats.volumes import Row, Tally
from xmppspy.analysis.streammanagement import Acknowledgement, StreamManagement
from xmppspy.analysis.words import counted
from xmppspy.protocol import glance
from xmppspy.protocol.events import Event, Fault, FrameRecord, Gap, Skipped
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.stanza import read

MAX_WRONG: Final = 20
"""Wrong counts of stream management that are told one by one, the first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverheadReport:
    """What of the wire was text that people wrote, and what compression would have saved."""

    wire: int
    """Bytes of all frames, without those of TLS and TCP."""
    bodies: int
    """Bytes of text in message bodies, forwarded ones included."""
    measured: int
    """Bytes that were compressed to measure it."""
    compressed: int
    """Bytes that these would have been, with one zlib stream a direction (XEP-0138)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineReport:
    """Bytes over time: `c2s[i]` from `start + i * width` on. Times are seconds."""

    start: float | None
    width: float
    c2s: tuple[int, ...]
    s2c: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCount:
    """An `h` of stream management that is wrong."""

    n: int
    t: float
    conn: int
    problem: Problem
    h: int | None
    expected: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All numbers of a capture, or of what counts in it."""

    start: float | None
    """When the first event that counts happened; None without any."""
    end: float | None
    events: int
    """Frames and other events that count."""
    connections: int
    which: tuple[ConnectionReport, ...]
    """The latest of them."""
    traffic: TrafficReport
    requests: RequestReport
    delivery: DeliveryReport
    overhead: OverheadReport
    errors: tuple[Row, ...]
    """Stanza errors by their condition."""
    faults: tuple[Row, ...]
    """`error` events by name; without bytes."""
    wrong_counts: int
    wrong: tuple[WrongCount, ...]
    timeline: TimelineReport
    remarks: tuple[str, ...]
    """What is not exact, or missing: a sentence each."""


class Stats:
    """Collects the numbers of a capture. To be shown every event, in order.

    What is followed from event to event (requests, messages, phases) sees all events; only those
    that count enter the numbers.
    """

    def __init__(self) -> None:
        self._identities = Identities()
        self._management = StreamManagement()
        self._connections = Connections(self._identities, self._management)
        self._requests = Requests(self._identities)
        self._delivery = Delivery(self._identities)
        self._traffic = Traffic()
        self._compression = Compression()
        self.timeline = Timeline()
        """Bytes over time, also for a picture of any width."""
        self._errors = Tally()
        self._faults = Tally()
        self._wrong: list[WrongCount] = []
        self._wrong_counts = self._events = self._bodies = self._lost = 0
        self._start: float | None = None
        self._end: float | None = None

    def see(self, event: Event, *, counts: bool = True) -> None:
        """Take the next event; what an earlier part of the capture has said counts there."""
        counts = counts and not (isinstance(event, FrameRecord) and event.repeated)
        self._identities.see(event)
        acknowledgement = self._management.see(event)
        self._connections.see(event, counts=counts)
        answer = self._requests.see(event, counts=counts)
        self._delivery.see(event, counts=counts)
        if not counts:
            return
        self._events += 1
        self._start = event.t if self._start is None else self._start
        self._end = event.t
        if acknowledgement is not None and acknowledgement.problem is not None:
            self._blame(acknowledgement, acknowledgement.problem)
        if isinstance(event, FrameRecord):
            self._traffic.add(event, answer, self._identities.of(event.conn))
            self._see_frame(event)
        elif isinstance(event, Fault):
            self._faults.add(event.error, 0)
        elif isinstance(event, Gap | Skipped):
            self._lost += event.lost

    def report(self) -> Report:
        """All numbers so far."""
        traffic, requests = self._traffic.report(), self._requests.report()
        delivery = self._delivery.report()
        which = self._connections.report()
        slots = self.timeline.slots
        return Report(
            start=self._start,
            end=self._end,
            events=self._events,
            connections=self._connections.count,
            which=which,
            traffic=traffic,
            requests=requests,
            delivery=delivery,
            overhead=OverheadReport(
                wire=traffic.total.bytes,
                bodies=self._bodies,
                measured=sum(self._compression.plain.values()),
                compressed=sum(self._compression.compressed.values()),
            ),
            errors=self._errors.rows(),
            faults=self._faults.rows(),
            wrong_counts=self._wrong_counts,
            wrong=tuple(self._wrong),
            timeline=TimelineReport(
                start=self.timeline.start,
                width=self.timeline.width,
                c2s=tuple(slots["c2s"]),
                s2c=tuple(slots["s2c"]),
            ),
            remarks=tuple(self._remarks(traffic, requests, delivery)),
        )

    def _see_frame(self, record: FrameRecord) -> None:
        if record.injected:
            return
        self.timeline.add(record.t, record.dir, len(record.data))
        self._compression.add(record.conn, record.dir, record.data)
        if record.kind in STANZAS and record.xmlns is None:
            if record.type == "error":
                tree = read(record).element
                self._errors.add((tree is not None and condition_of(tree)) or "none", 0)
            elif record.kind == "message":
                told = glance.bodies(record)
                bodies = read(record).bodies if told is None else told
                self._bodies += sum([len(body.encode()) for body in bodies])

    def _blame(self, wrong: Acknowledgement, problem: Problem) -> None:
        self._wrong_counts += 1
        if len(self._wrong) < MAX_WRONG:
            self._wrong.append(
                WrongCount(
                    n=wrong.n,
                    t=wrong.t,
                    conn=wrong.conn,
                    problem=problem,
                    h=wrong.h,
                    expected=wrong.expected,
                )
            )

    def _remarks(
        self, traffic: TrafficReport, requests: RequestReport, delivery: DeliveryReport
    ) -> Iterator[str]:
        if self._lost:
            yield f"{self._lost:,} records are missing in the capture."
        if self._connections.dropped:
            yield f"Of the first {self._connections.dropped:,} connections only the sums are told."
        for table, volume in traffic.other.items():
            yield f"{volume.frames:,} frames are not told apart by {table}: there are too many."
        if requests.without_id:
            told = counted(requests.without_id, "request has", "requests have")
            yield f"{told} no id, and cannot be answered."
        if requests.dropped:
            told = counted(requests.dropped, "outstanding request was", "outstanding requests were")
            yield f"{told} given up: there were too many, or their names were too long."
        if delivery.dropped:
            yield f"{delivery.dropped:,} messages were forgotten before the end: there were too many."
        if self._compression.unmeasured:
            yield (
                f"Compression of {self._compression.unmeasured:,} bytes was not measured: too many"
                " connections were open at a time."
            )
        if self._compression.beyond:
            yield (
                f"Compression was measured on the first {MAX_MEASURED:,} bytes of each direction"
                f" of a connection, not on the {self._compression.beyond:,} behind them."
            )
