"""The work of the process that looks for what matches, in small steps."""

import time
from array import array
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from xmppspy.analysis.journeys import Journey
from xmppspy.capture.body import Body
from xmppspy.filters import Filter
from xmppspy.view.browse.browser import Browser
from xmppspy.view.browse.heap import Heap
from xmppspy.view.browse.messages import Answered, Found, Leave, Look, Reach, Slot, Trace
from xmppspy.view.browse.needle import holding
from xmppspy.view.browse.records import Records
from xmppspy.view.browse.search import Search
from xmppspy.view.browse.tracing import trace

Send: TypeAlias = Callable[[object], None]

_TELL_AFTER: Final = 0.05
_NOTHING: Final = object()


class _Running:
    """A search and what it has found since that was last told."""

    def __init__(self, number: int, search: Search) -> None:
        self.number = number
        self.search = search
        self.found = array("I")
        self.is_before = False
        self.told_at = 0.0
        self.told_looked = -1


class SearchWork:
    """Runs searches, and tells by `send` what they find; to be told to take steps."""

    def __init__(self, body: Body, records: int, heap: int, send: Send) -> None:
        self._body = body
        self._records = Records(records)
        self._heap = Heap(heap)
        self._explained = 0
        self._send = send
        self._running: dict[Slot, _Running] = {}
        self._tracing: Iterator[Journey | None] | None = None

    def handle(self, message: object) -> None:
        """Take a message of the process that shows the capture."""
        if isinstance(message, Reach):
            self._records.rows, self._explained = message.rows, message.explained
        elif isinstance(message, Leave):
            self._running.pop(message.slot, None)
        elif isinstance(message, Trace):
            self._tracing = self._begun_tracing(message.row)
        elif isinstance(message, Look):
            self._running[message.slot] = _Running(message.number, self._begun(message))

    def step(self) -> bool:
        """Do a little of every search; says whether there was anything to do."""
        is_busy = [self._go_on(slot, running) for slot, running in self._running.items()]
        return any([self._trace(), *is_busy])

    def _begun(self, message: Look) -> Search:
        return Search(
            Filter(message.text, created=message.created, utc=message.utc),
            self._body,
            self._records,
            self._heap,
            start=message.start,
            holds=None if message.needle is None else holding(message.needle),
        )

    def _begun_tracing(self, row: int) -> Iterator[Journey | None]:
        browser = Browser(self._body, self._records, self._heap)
        browser.explained = self._explained
        size = self._records.offsets(self._records.rows, self._records.rows)[0]
        return trace(self._body, browser, row, size)

    def _trace(self) -> bool:
        """Go on looking for a journey; it is told when it is known to be whole, or to be none."""
        if self._tracing is None:
            return False
        found = next(self._tracing, _NOTHING)
        if found is not None:
            self._tracing = None
            self._send(Answered("journey", found if isinstance(found, Journey) else None))
        return True

    def _go_on(self, slot: Slot, running: _Running) -> bool:
        before = running.search.looked
        found, is_before = running.search.step(self._explained)
        if is_before is not running.is_before:
            self._tell(slot, running)
        running.found.extend(found)
        running.is_before = is_before
        is_busy = running.search.looked > before
        if not is_busy or time.monotonic() - running.told_at > _TELL_AFTER:
            self._tell(slot, running)
        return is_busy

    def _tell(self, slot: Slot, running: _Running) -> None:
        looked = running.search.looked
        if looked == running.told_looked and not running.found:
            return
        running.told_at, running.told_looked = time.monotonic(), looked
        rows, running.found = running.found.tobytes(), array("I")
        self._send(
            Found(
                slot=slot,
                number=running.number,
                is_before=running.is_before,
                rows=rows,
                looked=looked,
            )
        )
