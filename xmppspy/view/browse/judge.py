"""Judge: lets the linter see the lines of a capture that are explained already."""

from collections.abc import Iterable
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.lint import Finding, Linter, Severity
from xmppspy.capture.body import Body
from xmppspy.errors import CaptureError
from xmppspy.view.browse.cutting import Offsets
from xmppspy.view.browse.facts import Facts
from xmppspy.view.browse.reading import Reading
from xmppspy.view.browse.records import Flag
from xmppspy.view.browse.things import Judgement

ROWS: Final = 50
"""Rows that are judged in one step."""

SEVERITIES: Final = {
    Severity.ERROR: Flag.BAD,
    Severity.WARNING: Flag.DOUBTFUL,
    Severity.INFO: Flag.REMARKED,
}

_MAX_CONNECTIONS: Final = 10_000


class Judge:
    """Keeps, by `facts`, what the linter finds."""

    def __init__(self, body: Body, offsets: Offsets, facts: Facts) -> None:
        self._reading = Reading(body, offsets)
        self._facts = facts
        self._linter = Linter()
        self._last_rows: Bounded[int, int] = Bounded(_MAX_CONNECTIONS)
        self._last = 0
        self.findings = 0
        """Errors and warnings."""

    @property
    def judged(self) -> int:
        """How many rows are judged, the first ones."""
        return self._reading.row

    def step(self, explained: int) -> bool:
        """Judge the next of the first rows that are explained; says whether there were any."""
        start = self._reading.row
        for row, _, event in self._reading.step(min(start + ROWS, explained)):
            if event is None or isinstance(event, CaptureError):
                continue
            conn: int | None = getattr(event, "conn", None)
            if conn is not None:
                self._last_rows.put(conn, row)
            self._keep(row, self._linter.see(event))
            self._last = row
        return self._reading.row > start

    def conclude(self) -> None:
        """Keep what is wrong because nothing more came. To be called once at most."""
        for found in self._linter.finish():
            row = self._last_rows.get(found.conn)
            self._keep(self._last if row is None else row, [found])

    def _keep(self, row: int, findings: Iterable[Finding]) -> None:
        """Keep findings at the frames that they are about, or else at `row`."""
        for found in findings:
            self.findings += found.severity is not Severity.INFO
            about = None if found.n is None else self._facts.row_of(found.n)
            judgement = Judgement(found.severity.value, found.rule, found.message, found.ref)
            place = row if about is None else about
            self._facts.tell(place, judgement, SEVERITIES[found.severity])
