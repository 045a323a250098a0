"""Recorder: turns what a session sees and does into the events of its capture, in order."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Literal, NamedTuple

from xmppspy.protocol.events import (
    UNCHANGED,
    Direction,
    ErrorName,
    Event,
    Fault,
    FrameRecord,
    Note,
    Side,
    StanzaRun,
    Unchanged,
)
from xmppspy.protocol.frames import Run
from xmppspy.protocol.framing import Flaw, Frame
from xmppspy.protocol.requests import HoldsChanged, Request
from xmppspy.protocol.runs import records
from xmppspy.protocol.wellformed import Judge


class _Unjudged(NamedTuple):
    record: FrameRecord
    frame: Frame


class Recorder:
    """The events and requests of one connection, until they are pulled.

    Frames are judged by expat when they are pulled, that is after their bytes have left, so that
    judging costs the peers no time.
    """

    def __init__(self, conn: int, numbers: Iterator[int]) -> None:
        self.conn = conn
        self._numbers = numbers
        self._judges: dict[Direction, Judge] = {"c2s": Judge(), "s2c": Judge()}
        self._queue: deque[Event | StanzaRun | Request | _Unjudged] = deque()

    def frame(
        self,
        now: float,
        direction: Direction,
        frame: Frame,
        *,
        sent: bytes | Literal[Unchanged.UNCHANGED] | None = UNCHANGED,
        injected: bool = False,
        waits: bool = False,
    ) -> int:
        """Record a frame and return its number."""
        n = next(self._numbers)
        record = FrameRecord(
            n=n,
            t=now,
            conn=self.conn,
            dir=direction,
            kind=frame.kind,
            data=frame.data,
            xmlns=frame.xmlns,
            type=frame.type,
            id=frame.id,
            from_=frame.from_,
            to=frame.to,
            ns=frame.ns,
            sent=sent,
            context=frame.context,
        )
        # Python passes more than fifteen arguments by a slower way.
        if injected or waits:
            record = replace(record, injected=injected, waits=waits)
        self._queue.append(_Unjudged(record, frame))
        return n

    def run(self, now: float, direction: Direction, run: Run) -> None:
        """Record the stanzas of a run, which have left as they came."""
        data, number, _, context, watch = run
        n = next(self._numbers)
        if number > 1:
            deque(islice(self._numbers, number - 1), maxlen=0)
        self._queue.append(StanzaRun(n, number, now, self.conn, direction, data, context, watch))

    def fault(
        self,
        now: float,
        error: ErrorName,
        detail: str,
        *,
        direction: Direction | None = None,
        leg: Side | None = None,
        n: int | None = None,
    ) -> None:
        """Record that something is wrong."""
        self.add(
            Fault(t=now, conn=self.conn, error=error, detail=detail, dir=direction, leg=leg, n=n)
        )

    def note(self, now: float, text: str, n: int | None = None) -> None:
        """Record what was done or noticed."""
        self.add(Note(t=now, text=text, conn=self.conn, n=n))

    def holds_changed(self) -> None:
        """Tell the outside that other frames are held than before."""
        self.add(HoldsChanged())

    def add(self, event: Event | Request) -> None:
        """Record any other event, or ask for something."""
        self._queue.append(event)

    def next_event(self) -> Event | Request | None:
        """Pull the oldest event or request."""
        item = self.next_in_short()
        if not isinstance(item, StanzaRun):
            return item
        first, *others = records(item)
        self._queue.extendleft(reversed(others))
        return first

    def next_in_short(self) -> Event | StanzaRun | Request | None:
        """The same, but the records of a run are pulled as a run."""
        if not self._queue:
            return None
        item = self._queue.popleft()
        if not isinstance(item, _Unjudged):
            return item
        record, frame = item
        if frame.plain or (record.injected and frame.flaw is None):
            return record
        flaw = frame.flaw or self._judges[record.dir].find_flaw(frame)
        if flaw is not None:
            self._queue.appendleft(_fault(record, flaw))
        return record


def _fault(record: FrameRecord, flaw: Flaw) -> Fault:
    return Fault(
        t=record.t,
        conn=record.conn,
        error=flaw.error,
        detail=flaw.detail,
        dir=record.dir,
        offset=flaw.offset,
        n=record.n,
    )
