"""Chase: how the cursor goes to what is looked for, as soon as that is found."""

from collections.abc import Callable

from xmppspy.view.browse.hunt import Hunt
from xmppspy.view.tui.sieve import Sieve


class Chase:
    """One hunt at a time. `say` says how it ends, `go` goes to a row."""

    def __init__(
        self, sieve: Sieve, say: Callable[[str, str], object], go: Callable[[int], object]
    ) -> None:
        self._sieve = sieve
        self._say = say
        self._go = go
        self._hunt: Hunt | None = None

    def begin(self, row: int, *, forward: bool) -> None:
        """Go to the first hit from a row on, or back from it, as soon as that is known."""
        self._hunt = Hunt(row, forward)
        self.go_on()

    def stop(self) -> None:
        """Go nowhere any more."""
        self._hunt = None

    def go_on(self) -> None:
        """Go there, if it is known now."""
        hits, rows = self._sieve.hits, self._sieve.listing.rows
        if self._hunt is None or hits is None:
            return
        is_complete = hits.looked >= rows
        caught = self._hunt.catch(hits, is_complete=is_complete)
        if caught is None:
            self._say("looking…", "meta")
            return
        self._hunt = None
        if caught.row is None:
            self._say("nothing is found", "text")
            return
        place, more = hits.place_of(caught.row), "" if is_complete else "+"
        wrapped = " · over the end of the capture" if caught.wrapped else ""
        self._say(f"{place + 1:,} of {len(hits):,}{more}{wrapped}", "text")
        self._go(caught.row)
