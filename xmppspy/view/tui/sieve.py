"""Sieve: what of a capture is shown, and what in it is looked for; a helper does the work."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from xmppspy.view.browse.listing import FAR, Findings, Listing
from xmppspy.view.browse.messages import Found, Leave, Look, Needle, Reach, Slot

QUIET: Final = "not (kind:space or sm (r or a))"
"""The filter that leaves out keepalives and acknowledgements (XEP-0198)."""

_MARGIN: Final = 200
"""Rows before the cursor at which a search begins in a long capture."""


class Sieve:
    """Keeps a listing as the person wants it: filtered, without what is quiet, or whole.

    The listing changes when something was found, not before, so that what is seen stays until there
    is something else to be seen. `send` reaches the helper that searches.
    """

    def __init__(self, listing: Listing, send: Callable[[object], None]) -> None:
        self.listing = listing
        self.text = ""
        """The filter, in the filter language; it is correct."""
        self.is_on = True
        """Whether the filter is applied."""
        self.hides_quiet = False
        self.needle: Needle | None = None
        """What is looked for."""
        self.hits: Findings | None = None
        """The rows that hold it, of those shown; None while nothing is looked for."""
        self._send = send
        self._created: datetime | None = None
        self._utc = False
        self._numbers: dict[Slot, int] = {"filter": 0, "search": 0}
        self._coming: Findings | None = None
        self._start = 0

    def open(self, created: datetime | None, *, utc: bool) -> None:
        """Learn when the capture began, and how times are shown."""
        self._created, self._utc = created, utc

    def reach(self, rows: int, explained: int) -> None:
        """The capture has grown."""
        self.listing.rows = rows
        self._send(Reach(rows, explained))

    # --- what is shown

    @property
    def applied(self) -> str:
        """The text of all that is applied; empty for nothing."""
        parts = [f"({self.text})"] if self.text and self.is_on else []
        return " ".join([*parts, QUIET] if self.hides_quiet else parts)

    @property
    def looked(self) -> int:
        """How many rows the filter has judged."""
        found = self.listing.found if self._coming is None else self._coming
        return self.listing.rows if found is None else found.looked

    def apply(self, text: str, row: int) -> None:
        """Show what matches a filter, beginning about `row`."""
        self.text, self.is_on = text, True
        self._sift(row)

    def toggle(self, row: int) -> None:
        """Switch the filter off, or on again."""
        self.is_on = not self.is_on
        self._sift(row)

    def toggle_quiet(self, row: int) -> None:
        """Leave out what is quiet, or show it again."""
        self.hides_quiet = not self.hides_quiet
        self._sift(row)

    def show_all(self) -> None:
        """Show every row, at once."""
        self.is_on = self.hides_quiet = False
        self._sift(0)

    def _sift(self, row: int) -> None:
        self._start = max(row - _MARGIN, 0) if self.listing.rows > FAR else 0
        if self.applied:
            self._coming = self._look("filter", self._start)
        else:
            self._numbers["filter"] += 1
            self._coming = self.listing.found = None
            self._send(Leave("filter"))
        if self.needle is not None:
            self.find(self.needle, row)

    # --- what is looked for

    def find(self, needle: Needle, row: int) -> None:
        """Look for something in what is shown, beginning at `row`."""
        self.needle = needle
        self.hits = self._look("search", row if self.listing.rows > FAR else 0, needle)

    def forget(self) -> None:
        """Look for nothing any more."""
        self.needle = self.hits = None
        self._numbers["search"] += 1
        self._send(Leave("search"))

    def _look(self, slot: Slot, start: int, needle: Needle | None = None) -> Findings:
        self._numbers[slot] += 1
        self._send(
            Look(
                slot=slot,
                number=self._numbers[slot],
                start=start,
                text=self.applied,
                needle=needle,
                created=self._created,
                utc=self._utc,
            )
        )
        return Findings(start)

    # --- what is found

    def take(self, found: Found) -> bool:
        """Take what a search has found; says whether the listing is another one now."""
        if found.number != self._numbers[found.slot]:
            return False
        if found.slot == "search":
            if self.hits is not None:
                self.hits.take(found)
            return False
        is_new = self._coming is not None
        if self._coming is not None:
            self.listing.found, self._coming = self._coming, None
        if self.listing.found is not None:
            self.listing.found.take(found)
        return is_new
