"""Indexer: finds the lines of a capture, and writes down what is known of each."""

from array import array
from collections.abc import Callable
from typing import Final

from xmppspy.capture.body import Body
from xmppspy.capture.decoder import is_whole
from xmppspy.capture.format import Header
from xmppspy.capture.growth import Growth
from xmppspy.capture.lines import Lines
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import Event
from xmppspy.view.browse.cutting import lines_at
from xmppspy.view.browse.facts import Facts
from xmppspy.view.browse.heap import HeapWriter
from xmppspy.view.browse.reading import Reading
from xmppspy.view.browse.records import RecordWriter

ROWS: Final = 200
"""Rows that are read in one step."""

_TIME: Final = b'"t":'
"""How a line says its time; a quotation mark inside the XML stands behind a backslash."""


class Indexer:
    """Finds the lines of a capture (`scan`) and explains them (`explain`), each once and in order.

    Both take one step and say whether there was anything to do.
    """

    def __init__(
        self,
        body: Body,
        records: RecordWriter,
        heap: HeapWriter,
    ) -> None:
        self.growth = Growth(body)
        self.header: Header | None = None
        """What the first line says; None before it is known, and where it is an event already."""
        self.facts = Facts(records, heap)
        self.first_line = b""
        """With which the capture begins; empty before it is known."""
        self.torn = False
        """Whether the last line is not whole, and nobody writes any more."""
        self._body = body
        self._records = records
        self._lines = Lines()
        self.watchers: list[Callable[[Event], object]] = []
        """They are shown every event when it is explained."""
        self._explaining = Reading(body, records)
        self._early = -1

    @property
    def explained(self) -> int:
        """How many rows are explained, the first ones."""
        return self._explaining.row

    # --- the lines

    def scan(self) -> bool:
        """Find the lines in what comes next of the capture. Raises CaptureError."""
        data = self.growth.take()
        if not data:
            return self._finish_line()
        found = self._lines.feed(data)
        if found and found[0] == self._early:
            del found[0]
        self.torn = False
        self._add(found, self._lines.ended)
        return True

    def _add(self, found: "array[int]", end: int) -> None:
        if found and not self.first_line:
            self.first_line = next(lines_at(self._body, (found[0], end)))
            self.header = self._explaining.begin(self.first_line)
            del found[: self.header is not None]
        if found:
            self._records.append(found, end)

    def _finish_line(self) -> bool:
        """Take the last line, too, when nothing ends it and nobody writes: if it is whole."""
        start = self._lines.unfinished
        if start is None or start == self._early or self.torn or self.growth.is_written:
            return False
        line = self._body.read(start, self.growth.size)
        self.torn = not is_whole(line)
        if self.torn:
            return False
        self._early = start
        self._add(array("Q", [start]), self.growth.size)
        return True

    # --- what they tell

    def explain(self, most: int = ROWS) -> bool:
        """Explain the next lines, at most so many."""
        start = self._explaining.row
        for row, line, event in self._explaining.step(start + most):
            self._explain(row, line, event)
        return self._explaining.row > start

    def _explain(self, row: int, line: bytes, event: Event | CaptureError | None) -> None:
        n = self._explaining.n
        if event is None or isinstance(event, CaptureError):
            self.facts.pass_over(row, n, is_broken=event is not None)
            return
        self.facts.see(row, event, n)
        if _TIME not in line:
            self.facts.time(row, event.t)
        for watch in self.watchers:
            watch(event)
