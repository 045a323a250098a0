"""Writer: events become lines, on a thread of its own, a moment later.

The relay is not to wait for a disk, an encoder or a view. It appends to a queue; the thread wakes
when there is something, waits a moment for more, and gives the lines to every sink.
"""

# The thread shares the interpreter with the relay, whose latency counts. So it takes small slices
# and rests between them: a thread that gives the interpreter up only for a system call has it back
# before the other one is even awake. After a rest, a relay that computes without pause gives way
# once in 5 ms (`sys.getswitchinterval`), so the slices grow with what is waiting.

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Self, TypeAlias

from xmppspy.capture.format import Header, encode, encode_header, encode_run
from xmppspy.capture.sinks import Report, Sink
from xmppspy.protocol.events import Event, FrameRecord, Gap, StanzaRun
from xmppspy.protocol.runs import records

QUEUE_BYTES: Final = 64 * 1024 * 1024
"""What may wait for the thread; beyond it records are lost, and a `gap` tells their number."""

_GATHER: Final = 0.01
"""Seconds from the first event to the write, in which more may come."""

_SLICE: Final = 16
"""Events encoded at a stretch, at least; a quarter of those waiting if that is more."""

_SLICE_BYTES: Final = 256 * 1024
_WARM: Final = 16 * 1024
"""Bytes of a run's lines that are written before more are made, while they are in the cache."""

_REST: Final = 0.0001
_RECORD: Final = 512
"""Bytes counted for an event besides its payload."""

_JOIN: Final = 10.0

Transform: TypeAlias = Callable[[Event], Event]
"""What is written instead of an event."""

Passes: TypeAlias = Callable[[StanzaRun], bool]
"""Whether that is the same for every record of a run."""


class Writer:
    """Writes one capture to all sinks.

    The header is written at once, by the thread of the caller. Whatever goes wrong later is told
    to `report`, on the writer's thread, as one line of text. On that thread each event, in order,
    passes through `transform`, unless it belongs to a run that `passes` as a whole. If that fails,
    which would be a bug, the event is lost, because what it may hold must not be written.
    """

    def __init__(
        self,
        header: Header,
        sinks: Sequence[Sink],
        report: Report,
        *,
        queue_bytes: int = QUEUE_BYTES,
        transform: Transform | None = None,
        passes: Passes | None = None,
    ) -> None:
        self._sinks = tuple(sinks)
        self._report = report
        self._transform = transform
        self._passes = passes
        self._queue: deque[Event | StanzaRun] = deque()
        self._queue_bytes = queue_bytes
        self._put = 0  # bytes, written by the caller's thread only
        self._got = 0  # bytes, written by the writer's thread only
        self._lost = 0
        self._lost_at = 0.0
        self._t = 0.0
        self._something = threading.Event()
        self._closing = threading.Event()
        line = encode_header(header)
        for sink in self._sinks:
            sink.start(line, report)
        self._thread = threading.Thread(target=self._run, name="capture-writer", daemon=True)
        self._thread.start()

    def write(self, event: Event | StanzaRun) -> None:
        """Take an event, in constant time; it is written within 50 ms. For one thread only."""
        cost = _cost(event)
        if self._put - self._got + cost > self._queue_bytes and self._put != self._got:
            self._lost += _count(event)
            self._lost_at = event.t
            return
        self._admit_loss()
        self._append(event, cost)

    def close(self) -> None:
        """Write what was taken, let a view take its rest, and close the sinks."""
        self._admit_loss()
        self._closing.set()
        self._something.set()
        self._thread.join(_JOIN)
        if self._thread.is_alive():
            self._report("the capture is incomplete: writing its end takes too long")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _admit_loss(self) -> None:
        if self._lost:
            lost, self._lost = self._lost, 0
            self._append(Gap(t=self._lost_at, lost=lost), _RECORD)

    def _append(self, event: Event | StanzaRun, cost: int) -> None:
        self._put += cost
        self._queue.append(event)
        if not self._something.is_set():
            self._something.set()

    # --- the writer's thread

    def _run(self) -> None:
        while not self._closing.is_set():
            self._something.wait(self._retry())
            self._closing.wait(_GATHER)
            self._something.clear()
            self._drain()
        self._drain()
        for sink in self._sinks:
            sink.close()

    def _retry(self) -> float | None:
        return min((sink.retry for sink in self._sinks if sink.retry is not None), default=None)

    def _drain(self) -> None:
        """Write what is waiting now; what comes meanwhile is for the next round."""
        waiting = len(self._queue)
        most = max(_SLICE, waiting // 4)
        while waiting > 0:
            taken, lines, count = self._slice(min(waiting, most))
            waiting -= taken
            for sink in self._sinks:
                sink.write(lines, self._t, count)
            if len(lines[-1]) > _WARM:
                self._flush()
            if waiting and not self._closing.is_set():
                time.sleep(_REST)
        self._flush()

    def _flush(self) -> None:
        for sink in self._sinks:
            sink.flush()

    def _slice(self, most: int) -> tuple[int, list[bytes], int]:
        """Encode some of what waits: how many events that is, their lines, and how many of them."""
        lines: list[bytes] = []
        taken = size = count = 0
        while taken < most and size < _SLICE_BYTES:
            event = self._queue.popleft()
            if event.t < self._t:
                event = _later(event, self._t)
            self._t = event.t
            taken += 1
            count += _count(event)
            self._got += _cost(event)
            lines.append(self._encoded(event))
            size += len(lines[-1])
        return taken, lines, count

    def _encoded(self, event: Event | StanzaRun) -> bytes:
        """One line, or those of a run."""
        if not isinstance(event, StanzaRun):
            return encode(self._transformed(event))
        if self._transform is None or (self._passes is not None and self._passes(event)):
            return encode_run(event)
        return b"".join(encode(self._transformed(record)) for record in records(event))

    def _transformed(self, event: Event) -> Event:
        if self._transform is None:
            return event
        try:
            return self._transform(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be written
            reason = f"{type(error).__name__}; this is a bug"
            self._report(f"an event could not be masked, and is not recorded: {reason}")
            return Gap(t=event.t, lost=1)


def _later(event: Event | StanzaRun, t: float) -> Event | StanzaRun:
    return event._replace(t=t) if isinstance(event, StanzaRun) else replace(event, t=t)


def _count(event: Event | StanzaRun) -> int:
    return event.number if isinstance(event, StanzaRun) else 1


def _cost(event: Event | StanzaRun) -> int:
    if isinstance(event, StanzaRun):
        return _RECORD + len(event.data)
    if not isinstance(event, FrameRecord):
        return _RECORD
    sent = event.sent if isinstance(event.sent, bytes) else b""
    return _RECORD + len(event.data) + len(sent)
