"""Times: how the list tells when a row came."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from xmppspy.view.browse.row import Row
from xmppspy.view.clock import Clock

WIDTH: Final = 12
"""Columns of a time."""


class Form(StrEnum):
    """What a time is told by."""

    CLOCK = "the time of day"
    SINCE = "seconds since the capture began"
    DELTA = "seconds since the row before"


FORMS: Final = tuple(Form)


class Times:
    """Tells times in one form; `before` gives the row before one that is shown."""

    def __init__(self, *, utc: bool, relative: bool) -> None:
        self.utc = utc
        self.form = Form.SINCE if relative else Form.CLOCK
        self.created: datetime | None = None
        self.clock = Clock()
        """The time of day, or seconds where that is not known."""

    def open(self, created: datetime | None) -> None:
        """Learn when the capture began."""
        self.created = created
        self.clock = Clock(created, utc=self.utc)

    def next_form(self) -> Form:
        """Go on to another form."""
        self.form = FORMS[(FORMS.index(self.form) + 1) % len(FORMS)]
        return self.form

    def __call__(self, row: Row, before: Callable[[], Row | None]) -> str:
        """When a row came."""
        if row.t is None:
            return ""
        if self.form is Form.CLOCK:
            return self.clock(row.t)
        if self.form is Form.SINCE:
            return f"{row.t:,.3f}"
        other = before()
        return "" if other is None or other.t is None else f"+{row.t - other.t:,.3f}"
