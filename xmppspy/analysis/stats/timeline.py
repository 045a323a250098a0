"""Timeline: bytes over time, in slots that grow with the time that they have to cover."""

import math
from typing import Final

from xmppspy.protocol.events import Direction

SLOTS: Final = 512
_FIRST_WIDTH: Final = 1 / 1024


class Timeline:
    """Bytes of both directions in at most `SLOTS` slots of equal width, from `start` on."""

    def __init__(self, start: float | None = None) -> None:
        self.start = start
        """When it begins: when the first bytes came, if not told; None while there were none."""
        self.width = _FIRST_WIDTH
        """Seconds of a slot."""
        self.slots: dict[Direction, list[int]] = {"c2s": [], "s2c": []}

    def add(self, t: float, direction: Direction, size: int) -> None:
        """Count bytes at a time; before the start is at the start."""
        if not math.isfinite(t):
            return
        if self.start is None:
            self.start = t
        while t - self.start >= self.width * SLOTS:
            self._widen()
        index = max(int((t - self.start) / self.width), 0)
        slots = self.slots[direction]
        slots.extend([0] * (index + 1 - len(slots)))
        slots[index] += size

    def columns(self, count: int, *, until: float | None = None) -> dict[Direction, list[int]]:
        """The same in `count` columns, which cover all that there is, or the time `until` one.

        A slot's bytes are shared among the columns that it covers.
        """
        used = max(map(len, self.slots.values()))
        if until is not None and self.start is not None:
            used = max(used, math.ceil((until - self.start) / self.width))
        return {direction: _spread(slots, used, count) for direction, slots in self.slots.items()}

    @property
    def seconds(self) -> float:
        """The time that the slots cover."""
        return max(map(len, self.slots.values())) * self.width

    def _widen(self) -> None:
        self.width *= 2
        for direction, slots in self.slots.items():
            slots.append(0)
            self.slots[direction] = [
                slots[index] + slots[index + 1] for index in range(0, len(slots) - 1, 2)
            ]


def _spread(slots: list[int], used: int, count: int) -> list[int]:
    """`used` slots in `count` columns."""
    columns = [0.0] * count
    for index, size in enumerate(slots):
        if not size:
            continue
        start, stop = index * count / used, (index + 1) * count / used
        first, last = int(start), min(math.ceil(stop), count)
        for column in range(first, last):
            covered = min(stop, column + 1) - max(start, column)
            columns[column] += size * covered / (stop - start)
    return [round(column) for column in columns]
