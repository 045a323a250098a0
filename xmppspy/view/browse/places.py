"""Places: rows of a capture by their number, their time, or what is to be seen of them."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from xmppspy.errors import CaptureError
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.browse.browser import Browser
from xmppspy.view.browse.listing import Listing

_NONE: Final = 2**63
"""More than any frame's number."""
_FAR: Final = 1000
"""Rows without any time or number that are passed over, when one with it is looked for."""


class Places:
    """Finds rows of a capture."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def of_frame(self, n: int) -> int | None:
        """The row of a frame; None where there is no such frame."""
        row = self._browser.records.row_of(n, self._browser.explained)
        if row is None and self._browser.explained < self._browser.rows:
            rows = range(self._browser.explained, self._browser.rows)
            row = bisect_left(rows, n, key=lambda row: self._frame(row)[0]) + rows.start
        number, at = (0, 0) if row is None else self._frame(row)
        return at if number == n and row is not None else None

    def of_time(self, t: float) -> int:
        """The first row that is not before a time; the last one where all are."""
        rows = range(self._browser.rows)
        return min(bisect_left(rows, t, key=self._time), max(len(rows) - 1, 0))

    def flagged(self, flags: int, row: int, listing: Listing, *, forward: bool) -> int | None:
        """The next row that is shown and has one of the flags; None where there is none."""
        records, explained = self._browser.records, self._browser.explained
        rows: Iterable[int]
        if forward:
            rows = records.flagged(flags, row + 1, explained)
        else:
            rows = records.flagged_before(flags, min(row, explained))
        return next((each for each in rows if listing.place_of(each) is not None), None)

    def _event(self, row: int) -> Event | None:
        event = self._browser.event(row) if row < self._browser.rows else None
        return None if isinstance(event, CaptureError) else event

    def _frame(self, row: int) -> tuple[int, int]:
        """The number of the first frame from a row on, and its row."""
        for at in range(row, min(row + _FAR, self._browser.rows)):
            event = self._event(at)
            if isinstance(event, FrameRecord):
                return event.n, at
        return _NONE, row

    def _time(self, row: int) -> float:
        """The time of the first line from a row on that can be read."""
        for at in range(row, min(row + _FAR, self._browser.rows)):
            event = self._event(at)
            if event is not None:
                return event.t
        return float("inf")


def moment(text: str, created: datetime | None, *, utc: bool) -> float | None:
    """Seconds of a capture for a time of day, `07:40` or `07:40:12.5`; None for what is none.

    It is on the day the capture began, or on the next one where it would be before.
    """
    if created is None:
        return None
    try:
        time = datetime.strptime(text, _format(text)).time()  # noqa: DTZ007 - a time of day only
    except ValueError:
        return None
    began = created.astimezone(UTC if utc else None)
    then = datetime.combine(began.date(), time, began.tzinfo)
    if then < began.replace(microsecond=0, second=0 if text.count(":") == 1 else began.second):
        then += timedelta(days=1)
    return (then - began).total_seconds()


def _format(text: str) -> str:
    seconds = ":%S.%f" if "." in text else ":%S"
    return "%H:%M" + (seconds if text.count(":") > 1 else "")
