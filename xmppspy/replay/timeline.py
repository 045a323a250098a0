"""Timeline: how long to wait before each event of a recording that is shown again."""

import math
from dataclasses import dataclass


@dataclass(slots=True)
class Timeline:
    """Turns recorded times into waits; to be asked about the events that are shown, in order."""

    speed: float = 1.0
    """How many times faster; infinite for no waits at all."""
    idle_limit: float = math.inf
    """The longest pause of the recording that is kept, in seconds."""
    _last: float | None = None

    def wait_before(self, t: float) -> float:
        """Seconds to wait before showing what was recorded at `t`; the first one is not waited for."""
        last, self._last = self._last, t
        if last is None:
            return 0.0
        return min(max(t - last, 0.0), self.idle_limit) / self.speed
