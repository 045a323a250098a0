"""Search: which rows of a capture match."""

from array import array
from collections.abc import Callable, Iterator
from typing import Final

from xmppspy.capture.body import Body
from xmppspy.errors import CaptureError
from xmppspy.filters import Filter
from xmppspy.view.browse.heap import Heap
from xmppspy.view.browse.needle import Subject
from xmppspy.view.browse.reading import Reading
from xmppspy.view.browse.records import Records
from xmppspy.view.browse.things import Setting

CHEAP: Final = 2000
DEAR: Final = 200
"""Rows that are looked at in one step, by what that takes."""


class Search:
    """The way of one filter through the rows: from `start` on, then those before, then new ones.

    A filter that asks for `latency` waits for rows to be explained; others need their lines alone.
    `holds` is asked besides, if it is given.
    """

    def __init__(
        self,
        wanted: Filter,
        body: Body,
        records: Records,
        heap: Heap,
        *,
        start: int = 0,
        holds: Callable[[Subject], bool] | None = None,
    ) -> None:
        self._wanted = wanted
        self._body = body
        self._records = records
        self._heap = heap
        self._start = start
        self._holds = holds
        self._is_cheap = wanted.reads_keys_only
        self._after = Reading(body, records, start)
        self._before = Reading(body, records)
        self._known: set[int] = set()

    @property
    def looked(self) -> int:
        """How many rows were looked at."""
        return self._after.row - self._start + self._before.row

    def step(self, explained: int) -> tuple["array[int]", bool]:
        """Look at the next rows; returns those that match, and whether these are before the start."""
        end = explained if self._wanted.follows else self._records.rows
        is_before = self._after.row >= end and self._before.row < self._start
        reading = self._before if is_before else self._after
        stop = reading.row + (CHEAP if self._is_cheap else DEAR)
        stop = min(stop, self._start if is_before else end, end)
        return self._matching(reading, stop, explained), is_before

    def _matching(self, reading: Reading, stop: int, explained: int) -> "array[int]":
        found = array("I")
        matches, holds = self._wanted.match_alone, self._holds
        if not self._is_cheap:
            self._introduce(reading, min(stop, explained))
        for row, subject in self._subjects(reading, stop):
            if matches(subject, self._latency(row)) and (holds is None or holds(subject)):
                found.append(row)
        return found

    def _subjects(self, reading: Reading, stop: int) -> Iterator[tuple[int, Subject]]:
        if self._is_cheap:
            for row, keys in reading.keys(stop):
                if keys is not None:
                    yield row, keys
        else:
            for row, _, event in reading.step(stop):
                if event is not None and not isinstance(event, CaptureError):
                    yield row, event

    def _latency(self, row: int) -> float | None:
        return self._records.get(row).latency if self._wanted.follows else None

    def _introduce(self, reading: Reading, stop: int) -> None:
        """Tell the reading of streams that began before it, as far as they are explained."""
        if not self._start or reading is self._before:
            return
        for conn, link in self._records.settings(reading.row, stop):
            if conn not in self._known:
                self._known.add(conn)
                setting: Setting = self._heap.get(link) if link else Setting()
                reading.introduce(conn, setting.headers)
