"""Browser: any line of a capture, with what is known of it."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar

from xmppspy.analysis.exchanges import Answer, Request, request_of
from xmppspy.analysis.explainer import Explanation
from xmppspy.analysis.sasl import SaslStep
from xmppspy.analysis.streammanagement import Acknowledgement
from xmppspy.capture.body import Body
from xmppspy.capture.decoder import Decoder
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import Event, FateDecided, Fault, FrameRecord, Mark, Note
from xmppspy.view.browse.cutting import lines_at
from xmppspy.view.browse.heap import Heap
from xmppspy.view.browse.records import Record, Records
from xmppspy.view.browse.things import STATES, Judgement, Moment, Setting, Stream

MAX_LINE: Final = 64 * 1024 * 1024
"""Bytes of a line that is still shown."""

_KEPT: Final = 256
"""Lines that are kept as they were read last."""
_UNKNOWN: Final = Record(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_T = TypeVar("_T")
_D = TypeVar("_D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line of a capture and what is known of it."""

    row: int
    record: Record
    line: bytes
    event: Event | CaptureError | None
    """None where it is of a kind that is not known, an error where it cannot be read."""
    explanation: Explanation | None = None
    """Of a frame."""
    judgements: tuple[Judgement, ...] = ()
    """What the linter says about it, the latest last; so are these:"""
    remarks: tuple[FateDecided | Fault | Note | Mark, ...] = ()
    """What else was recorded about the frame later."""


class Browser:
    """Reads any line of a capture that has an index, which may still be growing.

    Memory does not grow with the capture: a few lines are kept as they were read last. After the
    index was told to have changed, `forget` the rows concerned.
    """

    def __init__(self, body: Body, records: Records, heap: Heap) -> None:
        self.records = records
        self.explained = 0
        """How many rows are explained, the first ones; of others only the line itself counts."""
        self._body = body
        self._heap = heap
        self.told = lru_cache(_KEPT)(self._told)
        """What is known of a row."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.records.rows

    def forget(self) -> None:
        """Read again what has been read."""
        self.told.cache_clear()

    def line(self, row: int) -> bytes:
        """The line itself, without its line feed; empty where it is gone."""
        return next(lines_at(self._body, self.records.offsets(row, row + 1)))

    def event(self, row: int) -> Event | CaptureError | None:
        """The event on a line; None where it is of a kind that is not known."""
        record = self._record(row)
        return self._decode(record, self._line(row), self._things(record))

    def row_at(self, offset: int) -> int:
        """The row of the line that holds a byte, or else of the one before."""
        return bisect_right(range(self.rows), offset, key=self._offset) - 1

    def _offset(self, row: int) -> int:
        return self.records.get(row).offset

    # --- one line

    def _told(self, row: int) -> Told:
        record = self._record(row)
        things, line = self._things(record), self._line(row)
        event = self._decode(record, line, things)
        explanation = None
        if isinstance(event, FrameRecord):
            explanation = self._explanation(record, event, things)
        return Told(
            row=row,
            record=record,
            line=line,
            event=event,
            explanation=explanation,
            judgements=tuple(each for each in things if isinstance(each, Judgement)),
            remarks=tuple(_remarks(things)),
        )

    def _record(self, row: int) -> Record:
        return self.records.get(row) if row < self.explained else _UNKNOWN

    def _line(self, row: int) -> bytes:
        start, stop = self.records.offsets(row, row + 1)
        return next(lines_at(self._body, (start, min(stop, start + MAX_LINE))))

    def _things(self, record: Record) -> list[Any]:
        return list(self._heap.chain(record.told))[::-1]

    def _setting(self, record: Record) -> Setting:
        found: Setting = self._heap.get(record.setting) if record.setting else Setting()
        return found

    def _decode(
        self, record: Record, line: bytes, things: list[Any]
    ) -> Event | CaptureError | None:
        if not line:
            return CaptureError(self._body.path, "this line is gone, the file has become shorter")
        decoder = Decoder.amid(
            self._body.path,
            n=max(record.n - 1, 0),
            t=_first(Moment, things, Moment(0.0)).t,
            conn=record.conn or 1,
            headers=self._setting(record).headers,
        )
        try:
            return decoder.decode(line)
        except CaptureError as error:
            return error

    # --- what was learnt before

    def _explanation(self, record: Record, frame: FrameRecord, things: list[Any]) -> Explanation:
        return Explanation(
            frame,
            self._setting(record).identity,
            self._answer(record, frame),
            _first(SaslStep, things, None),
            _first(Acknowledgement, things, None),
            _first(Stream, things, Stream("")).label,
        )

    def _answer(self, record: Record, frame: FrameRecord) -> Answer | None:
        if not record.state:
            return None
        return Answer(
            n=frame.n,
            t=frame.t,
            conn=frame.conn,
            dir=frame.dir,
            type=frame.type or "",
            state=STATES[record.state - 1],
            request=self._request(record),
            latency=record.latency,
        )

    def _request(self, record: Record) -> Request | None:
        event = self.event(record.partner - 1) if record.partner else None
        return request_of(event) if isinstance(event, FrameRecord) else None


def _remarks(things: list[Any]) -> Iterator[FateDecided | Fault | Note | Mark]:
    """What else was recorded about a frame; marks as far as they were not taken back."""
    removed = [at for at, each in enumerate(things) if isinstance(each, Mark) and each.removed]
    marked_from = removed[-1] + 1 if removed else 0
    for at, each in enumerate(things):
        if isinstance(each, FateDecided | Fault | Note) or (
            isinstance(each, Mark) and at >= marked_from
        ):
            yield each


def _first(kind: type[_T], things: list[Any], default: _D) -> _T | _D:
    return next((each for each in things if isinstance(each, kind)), default)
