"""What a filter is asked about: one event of a capture, seen through a clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from xmppspy.protocol.events import Event, FrameRecord

if TYPE_CHECKING:
    from xmppspy.protocol.stanza import Stanza

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time of day of an event, as it is displayed: the local one, or UTC."""

    created: datetime | None = None
    """When the capture began; without it there is no time of day. A naive one counts as UTC."""
    utc: bool = False

    def time_of_day(self, t: float) -> int | None:
        """Microseconds since midnight, `t` seconds after the capture began; None if unknown."""
        if self.created is None:
            return None
        created = self.created if self.created.tzinfo else self.created.replace(tzinfo=UTC)
        try:
            moment = datetime.fromtimestamp(created.timestamp() + t, UTC if self.utc else None)
        except (OverflowError, ValueError, OSError):
            return None
        seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
        return seconds * _MICROSECONDS + moment.microsecond


class Subject:
    """One event, while one filter looks at it."""

    __slots__ = ("clock", "event", "frame", "latency")

    def __init__(self, event: Event, clock: Clock, latency: float | None = None) -> None:
        self.event = event
        self.frame = event if isinstance(event, FrameRecord) else None
        self.clock = clock
        self.latency = latency
        """Seconds since the request that it answers; None if it answers none, or nobody asked."""

    @property
    def stanza(self) -> "Stanza | None":
        """The frame as a tree, shared with whoever else reads it; None for other events."""
        if self.frame is None:
            return None
        from xmppspy.protocol.stanza import read  # noqa: PLC0415 - lxml only when needed

        return read(self.frame)


Predicate: TypeAlias = Callable[[Subject], bool]

Foresight: TypeAlias = Callable[[Subject], bool | None]
"""What a predicate will say of a frame of which only the start tag is known; None: that is open."""


class Cost(IntEnum):
    """What a predicate has to look at, the cheapest first."""

    KEYS = 0
    """What stands beside the bytes."""
    BYTES = 1
    TREE = 2
    XPATH = 3


@dataclass(frozen=True, slots=True)
class Check:
    """A compiled piece of a filter."""

    holds: Predicate
    cost: Cost = Cost.KEYS
    hints: tuple[str, ...] = ()
    """What the person who wrote it may want to know."""
    follows: bool = False
    """Whether it depends on the events before (`Subject.latency`)."""
    foresight: Foresight | None = None
    """What it says at the start tag, when that is not as usual; see `foresees`."""

    @property
    def foresees(self) -> Foresight:
        """What it says at the start tag: where the keys suffice all, otherwise nothing."""
        if self.foresight is not None:
            return self.foresight
        return self.holds if self.cost is Cost.KEYS else open_until_whole


def open_until_whole(_: Subject) -> None:
    """Foresee nothing."""
