"""Listing: which rows of a capture are shown, in order: all, or those that match."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from xmppspy.view.browse.messages import Found

FAR: Final = 20_000
"""Rows of a capture that is long: in a shorter one, searching begins at the first row."""


class Findings:
    """The rows that a search has found, in order; it has begun at row `start`."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.looked = 0
        """How many rows were looked at."""
        self._before = array("I")
        self._after = array("I")

    def take(self, found: Found) -> None:
        """Take what was found."""
        rows = array("I")
        rows.frombytes(found.rows)
        (self._before if found.is_before else self._after).extend(rows)
        self.looked = found.looked

    def __len__(self) -> int:
        return len(self._before) + len(self._after)

    def __getitem__(self, place: int) -> int:
        before = len(self._before)
        place += len(self) if place < 0 else 0
        return self._before[place] if place < before else self._after[place - before]

    def copy(self) -> "array[int]":
        """All of them, as they are now."""
        return self._before + self._after

    def place_of(self, row: int) -> int:
        """The place of the first one that is not before a row."""
        if row < self.start:
            return bisect_left(self._before, row)
        return len(self._before) + bisect_left(self._after, row)


class Listing:
    """The rows that are shown, by their places from 0."""

    def __init__(self) -> None:
        self.rows = 0
        """How many rows the capture has."""
        self.found: Findings | None = None
        """What is shown; None for every row."""

    def __len__(self) -> int:
        return self.rows if self.found is None else len(self.found)

    def row_at(self, place: int) -> int:
        """The row at a place."""
        return place if self.found is None else self.found[place]

    def place_of(self, row: int) -> int | None:
        """The place of a row; None where it is not shown."""
        place = self.place_near(row)
        return place if place is not None and self.row_at(place) == row else None

    def copy(self) -> Sequence[int]:
        """The rows that are shown now."""
        return range(self.rows) if self.found is None else self.found.copy()

    def place_near(self, row: int) -> int | None:
        """The place of a row, or of the next one that is shown, or of the last one."""
        if not len(self):
            return None
        place = row if self.found is None else self.found.place_of(row)
        return min(place, len(self) - 1)
