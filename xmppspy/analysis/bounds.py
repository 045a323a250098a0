"""Tables that do not grow with the length of a capture."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """A mapping of at most `limit` entries: the oldest one gives way to a new one.

    An entry is as old as its key: giving a key another value does not make it younger. Iterating
    gives the keys, the oldest first.
    """

    __slots__ = ("_entries", "_limit", "dropped")

    def __init__(self, limit: int) -> None:
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._limit = limit
        self.dropped = 0
        """How many entries gave way."""

    def put(self, key: K, value: V) -> V | None:
        """Keep `value`; returns the value that gave way to it, if one did."""
        self._entries[key] = value
        if len(self._entries) <= self._limit:
            return None
        self.dropped += 1
        return self._entries.popitem(last=False)[1]

    def get(self, key: K) -> V | None:
        """The value of `key`; None when there is none."""
        return self._entries.get(key)

    def pop(self, key: K) -> V | None:
        """Take the value of `key` out; None when there is none."""
        return self._entries.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def values(self) -> Iterable[V]:
        """The values, the oldest first."""
        return self._entries.values()

    def items(self) -> Iterable[tuple[K, V]]:
        """Keys with values, the oldest first."""
        return self._entries.items()

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
