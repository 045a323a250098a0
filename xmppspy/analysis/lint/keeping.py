"""What the rules keep in mind, within bounds."""

from typing import Final, TypeVar

from xmppspy.analysis.bounds import Bounded

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

MAX_KEY: Final = 4000
"""Characters of the names, ids and addresses that make up a key."""


class Kept(Bounded[K, V]):
    """A bounded table. What has a key of absurd length is not kept at all."""

    __slots__ = ()

    def put(self, key: K, value: V) -> V | None:
        """Keep `value`; returns the value that gave way to it, if one did."""
        length = len(key) if isinstance(key, str) else _length(key)
        return None if length > MAX_KEY else super().put(key, value)


def _length(key: object) -> int:
    if isinstance(key, str):
        return len(key)
    return sum(map(_length, key)) if isinstance(key, tuple) else 0


class Memories:
    """What families of rules keep in mind of a connection or of the capture, one of each kind."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[type, object] = {}

    def of(self, kind: type[T]) -> T:
        """The one of that kind, made when it is asked for first."""
        found = self._kept.get(kind)
        if not isinstance(found, kind):
            found = self._kept[kind] = kind()
        return found
