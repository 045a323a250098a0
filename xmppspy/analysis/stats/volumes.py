"""Volumes: how many frames and bytes, in total and by what they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

MAX_KEYS: Final = 1000
"""Different keys that a tally counts at a time."""
MAX_KEY: Final = 200
"""Characters of a key that count; peers may send names of any length."""


@dataclass(slots=True)
class Volume:
    """Frames and their bytes."""

    frames: int = 0
    bytes: int = 0

    def add(self, size: int) -> None:
        """Count a frame."""
        self.frames += 1
        self.bytes += size

    def __iadd__(self, other: "Volume") -> Self:
        self.frames += other.frames
        self.bytes += other.bytes
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """A key with its volume."""

    name: str
    frames: int
    bytes: int


class Tally:
    """Volumes by key, in bounded memory.

    When there are too many keys, the lesser half of them is summed up in `other`; of one that
    comes again, only what comes then has its name. So totals are exact, and so are the keys when
    `other` is empty.
    """

    def __init__(self, limit: int = MAX_KEYS) -> None:
        self._limit = limit
        self._volumes: dict[str, Volume] = {}
        self.other = Volume()

    def add(self, key: str, size: int) -> None:
        """Count a frame of `size` bytes."""
        volume = self._volumes.get(key) or self._volume_of(key[:MAX_KEY])
        volume.frames += 1
        volume.bytes += size

    def add_each(self, keys: Iterable[str], size: int) -> None:
        """Count a frame for each of its keys."""
        for key in keys:
            self.add(key, size)

    def _volume_of(self, key: str) -> Volume:
        volume = self._volumes.get(key)
        if volume is None:
            if len(self._volumes) >= self._limit:
                self._shrink()
            volume = self._volumes[key] = Volume()
        return volume

    def rows(self) -> tuple[Row, ...]:
        """The keys, the largest volume first."""
        return tuple(Row(key, each.frames, each.bytes) for key, each in self._largest())

    def _largest(self) -> list[tuple[str, Volume]]:
        return sorted(
            self._volumes.items(), key=lambda item: (-item[1].bytes, -item[1].frames, item[0])
        )

    def _shrink(self) -> None:
        kept = self._largest()
        for _, volume in kept[self._limit // 2 :]:
            self.other += volume
        self._volumes = dict(kept[: self._limit // 2])
