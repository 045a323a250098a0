"""Quantiles of any number of measurements, in bounded memory."""

import math
from typing import Final

EXACT: Final = 1000
"""So many measurements are kept as they are; of more, quantiles are right to one percent."""

_GROWTH: Final = 1.02
"""Each bucket ends where the next one begins, two percent higher."""
_LOG: Final = math.log(_GROWTH)
_LEAST: Final = 1e-6
_MOST: Final = 1e9


class Quantiles:
    """Count, mean, maximum and quantiles of seconds."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.maximum = 0.0
        self._values: list[float] = []
        self._buckets: dict[int, int] = {}

    @property
    def is_exact(self) -> bool:
        """Whether no quantile is rounded."""
        return not self._buckets

    @property
    def mean(self) -> float:
        """The sum of all divided by their number; 0 when there are none."""
        return self.total / self.count if self.count else 0.0

    def add(self, value: float) -> None:
        """Take a measurement."""
        self.count += 1
        self.total += value
        self.maximum = max(self.maximum, value)
        if self._buckets:
            self._sort(value)
            return
        self._values.append(value)
        if len(self._values) > EXACT:
            for each in self._values:
                self._sort(each)
            self._values.clear()

    def quantile(self, fraction: float) -> float:
        """The least value that so much of all is not above: 0.5 is the median; 0 without any."""
        rank = max(math.ceil(fraction * self.count), 1)
        if self._values:
            return sorted(self._values)[rank - 1]
        for bucket in sorted(self._buckets):
            rank -= self._buckets[bucket]
            if rank <= 0:
                # Its middle, so that the error is half a bucket.
                return min(math.exp(_LOG * (bucket - 0.5)), self.maximum)
        return 0.0

    def _sort(self, value: float) -> None:
        bucket = math.ceil(math.log(min(max(value, _LEAST), _MOST)) / _LOG)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
