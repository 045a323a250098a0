"""The clock of a proxy, or of whatever else writes a capture."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since a capture was created, by a clock that never goes back."""

    def __init__(self) -> None:
        self.created = datetime.now(UTC)
        self._origin = time.perf_counter()

    def now(self) -> float:
        """Seconds since `created`."""
        return time.perf_counter() - self._origin
