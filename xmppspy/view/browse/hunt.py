"""Hunt: the way from a row to the next one that holds what is looked for, while that is found."""

from typing import NamedTuple

from xmppspy.view.browse.listing import Findings


class Catch(NamedTuple):
    """How a hunt has ended."""

    row: int | None
    """Where; None where nothing is to be found at all."""
    wrapped: bool = False
    """Whether the way led over the end of the capture."""


class Hunt(NamedTuple):
    """Looks for the first hit that is not before `row`, or not behind it."""

    row: int
    is_forward: bool = True

    def catch(self, hits: Findings, *, is_complete: bool) -> Catch | None:
        """How it ends, by what was found until now; None while that is not known."""
        place = hits.place_of(self.row)
        if not self.is_forward and (place == len(hits) or hits[place] > self.row):
            place -= 1
        is_there = 0 <= place < len(hits)
        if is_there and (is_complete or self._is_certain(hits[place], hits.start)):
            return Catch(hits[place])
        if not is_complete:
            return None
        if not len(hits):
            return Catch(None)
        return Catch(hits[place] if is_there else hits[0 if self.is_forward else -1], not is_there)

    def _is_certain(self, row: int, start: int) -> bool:
        """Whether all rows up to a hit were looked at: each side of the start is, in order."""
        if self.is_forward:
            return (row < start) == (self.row < start)
        return row >= start and self.row >= start
