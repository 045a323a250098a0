"""Facts: what each line of a capture tells, and what was learnt from those before it, on record."""

from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.exchanges import Answer, State
from xmppspy.analysis.explainer import MAX_CONNECTIONS, Explainer, Explanation
from xmppspy.analysis.identity import Identity
from xmppspy.filters import Filter
from xmppspy.protocol.events import (
    UNCHANGED,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Mark,
    Note,
)
from xmppspy.view.browse.heap import HeapWriter
from xmppspy.view.browse.records import Flag, RecordWriter
from xmppspy.view.browse.things import STATES, Moment, Setting, Stream

_ACTIONS: Final = {
    "forward": Flag.HELD,
    "drop": Flag.DROPPED,
    "replace": Flag.CHANGED,
    "duplicate": Flag.CHANGED,
}
_PAIRED: Final = frozenset({State.ANSWERED, State.LATE})
_QUIET: Final = frozenset({"r", "a"})
_SM: Final = "urn:xmpp:sm:"


class Facts:
    """Writes down what is known of each line. To be shown every event, in order.

    Lines that were seen before may come to be known better; `touched` collects their rows.
    """

    def __init__(self, records: RecordWriter, heap: HeapWriter) -> None:
        self._records = records
        self._heap = heap
        self.explainer: Final = Explainer()
        self._settings: Bounded[int, tuple[Setting, int]] = Bounded(MAX_CONNECTIONS)
        self._is_error = Filter("error").match
        self.touched: set[int] = set()
        self.errors = 0
        """Lines that the word `error` of the filter language means."""
        self.marks = 0

    def see(self, row: int, event: Event, n: int) -> None:
        """Take the event of the next row; `n` is the number of the latest frame."""
        told = self.explainer.see(event)
        conn: int = getattr(event, "conn", None) or 0
        flags = Flag.ERROR if self._is_error(event) else 0
        self.errors += bool(flags)
        if told is None:
            self._records.describe(row, n, conn, self._setting(conn), flags | Flag.EVENT)
            self._see_event(row, event)
        else:
            header = told.record if told.record.kind == "stream" else None
            setting = self._setting(conn, told.identity, header)
            self._records.describe(row, n, conn, setting, flags | _flags(told))
            self._see_frame(row, told)

    def pass_over(self, row: int, n: int, *, is_broken: bool) -> None:
        """Take a row that holds no event that is known."""
        flags = Flag.EVENT | (Flag.BROKEN | Flag.ERROR if is_broken else 0)
        self._records.describe(row, n, 0, 0, flags)

    def time(self, row: int, t: float) -> None:
        """Keep the time of a row whose line does not say it."""
        self.tell(row, Moment(t))

    def tell(self, row: int, thing: object, flags: int = 0) -> None:
        """Keep something that is told about a row that was seen already."""
        self._records.tell(row, self._heap.add(thing, self._records.told(row)))
        if flags:
            self._records.add_flags(row, flags)
            self.touched.add(row)

    def row_of(self, n: int) -> int | None:
        """The row of a frame that was seen already; None where it is not there."""
        return self._records.row_of(n)

    # --- connections

    def _setting(
        self, conn: int, identity: Identity | None = None, header: FrameRecord | None = None
    ) -> int:
        """The link to what is known of a connection now."""
        known, link = self._settings.get(conn) or (Setting(), 0)
        if header is not None:
            known, link = known.begin(header.dir, header.data), 0
        if identity is not None and identity is not known.identity:
            known, link = known._replace(identity=identity), 0
        if not link and known != Setting():
            link = self._heap.add(known)
            self._settings.put(conn, (known, link))
        return link

    # --- frames

    def _see_frame(self, row: int, told: Explanation) -> None:
        if told.stream:
            self.tell(row, Stream(told.stream))
        if told.sasl is not None:
            self.tell(row, told.sasl)
        if told.answer is not None:
            self._see_answer(row, told.answer)
        ack = told.acknowledgement
        if ack is not None:
            if ack.problem is not None or ack.outstanding:
                self.tell(row, ack)
            for n in ack.confirmed:
                confirmed = self.row_of(n)
                if confirmed is not None:
                    self._records.acknowledge(confirmed, row)

    def _see_answer(self, row: int, answer: Answer) -> None:
        self._records.answer(row, STATES.index(answer.state) + 1, answer.latency)
        request = None if answer.request is None else self.row_of(answer.request.n)
        if request is not None and answer.state in _PAIRED:
            self._records.pair(request, row)
            self.touched.add(request)
        elif request is not None:
            self._records.point(row, request)

    # --- what is about a frame

    def _see_event(self, row: int, event: Event) -> None:
        if not isinstance(event, FateDecided | Fault | Note | Mark):
            return
        n: int | None = getattr(event, "n", None)
        about = None if n is None else self.row_of(n)
        if isinstance(event, Mark):
            self._mark(row, event, about)
        elif about is None:
            return
        elif isinstance(event, FateDecided):
            held = Flag.HELD if event.held else 0
            self.tell(about, event, _ACTIONS[event.action] | held)
        elif isinstance(event, Fault):
            self.tell(about, event, Flag.ERROR)
        else:
            self.tell(about, event)

    def _mark(self, row: int, event: Mark, about: int | None) -> None:
        """A mark of a frame is seen there, and not once more where it was set."""
        if about is None:
            self._records.add_flags(row, Flag.MARKED)
            self.marks += 1
            return
        was_marked = bool(self._records.get(about).flags & Flag.MARKED)
        self._records.add_flags(row, Flag.ATTACHED)
        if event.removed:
            self._records.remove_flags(about, Flag.MARKED)
            self.marks -= was_marked
            self.tell(about, event)
        else:
            self.tell(about, event, Flag.MARKED)
            self.marks += not was_marked
        self.touched.add(about)


def _flags(told: Explanation) -> int:
    frame = told.record
    flags = 0
    if frame.kind == "space" or (frame.kind in _QUIET and (frame.xmlns or "").startswith(_SM)):
        flags |= Flag.QUIET
    if frame.injected:
        flags |= Flag.INJECTED
    if frame.waits:
        flags |= Flag.HELD
    if frame.sent is not UNCHANGED:
        flags |= Flag.CHANGED if frame.sent else Flag.DROPPED
    return flags | Flag.ODD if told.doubt else flags
