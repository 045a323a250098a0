"""RowSource: the rows of a list, drawn when they are asked for."""

from typing import TYPE_CHECKING, Final

from xmppspy.capture.body import Body
from xmppspy.view.browse.messages import Drawn, Progress
from xmppspy.view.browse.records import Records
from xmppspy.view.browse.row import Row

if TYPE_CHECKING:
    from xmppspy.view.browse.browser import Browser

_KEPT: Final = 2000
"""Rows that are kept as they were drawn; of more, all are drawn again."""


class RowSource:
    """Gives any row of a capture.

    What reads and explains lines takes a while to import. Until it is there (`load`), only those
    rows can be had that the indexer has drawn.
    """

    def __init__(self, body: Body, records: int, heap: int) -> None:
        self.records = Records(records)
        self.browser: Browser | None = None
        """What reads lines, once it is there."""
        self._body = body
        self._heap = heap
        self._rows: dict[int, Row] = {}
        self._explained = 0

    def load(self) -> None:
        """Import what reads lines. May be called in another thread."""
        from xmppspy.view.browse import drawing  # noqa: F401, PLC0415
        from xmppspy.view.browse.browser import Browser  # noqa: PLC0415
        from xmppspy.view.browse.heap import Heap  # noqa: PLC0415

        browser = Browser(self._body, self.records, Heap(self._heap))
        browser.explained = self._explained
        self.browser = browser

    def take(self, drawn: Drawn) -> None:
        """Take rows that are drawn already."""
        self._rows.update(enumerate(drawn.rows, drawn.first))

    def go_on(self, progress: Progress) -> None:
        """More is known: rows that are concerned are drawn again when they are asked for."""
        for row in [row for row in self._rows if self._explained <= row < progress.explained]:
            del self._rows[row]
        for row in progress.touched:
            self._rows.pop(row, None)
        self.records.rows, self._explained = progress.rows, progress.explained
        if self.browser is not None:
            self.browser.explained = progress.explained
            self.browser.forget()

    def row(self, number: int) -> Row | None:
        """A row; None where it cannot be had yet."""
        found = self._rows.get(number)
        if found is None and self.browser is not None:
            from xmppspy.view.browse.drawing import draw  # noqa: PLC0415 - it is loaded by now

            if len(self._rows) >= _KEPT:
                self._rows.clear()
            found = self._rows[number] = draw(self.browser.told(number))
        return found
