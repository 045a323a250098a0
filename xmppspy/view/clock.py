"""Times of a capture as a person wants them."""

from datetime import UTC, datetime
from typing import NamedTuple


class Clock(NamedTuple):
    """Shows seconds since a capture's `created` as a time of day: the local one, or UTC.

    Without `created`, or when `relative`, it shows the seconds themselves.
    """

    created: datetime | None = None
    utc: bool = False
    relative: bool = False

    def __call__(self, t: float) -> str:
        """`07:40:12.345`, or `0.104`."""
        if self.created is None or self.relative:
            return f"{t:.3f}"
        try:
            moment = datetime.fromtimestamp(self.created.timestamp() + t, UTC if self.utc else None)
        except (OverflowError, OSError, ValueError):  # beyond the years that there are
            return f"{t:.3f}"
        return moment.isoformat(" ", "milliseconds")[11:23]
