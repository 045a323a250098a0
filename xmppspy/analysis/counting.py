"""Counting: the stanzas of one direction, as both sides of stream management count them."""

# Two counts are kept, because what left may be more or less than what came: the sender numbers what
# it sent, the receiver what it got. An `h` is a receiver's count. All are modulo 2^32, so they are
# compared by how far one is ahead of another; more than half the range ahead is behind.

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MODULUS: Final = 2**32
_HALF: Final = 2**31
MAX_DEMANDS: Final = 100
MAX_UNCONFIRMED: Final = 1000
"""Frames of a direction whose confirmation is waited for; of more, the oldest are forgotten."""


class Problem(StrEnum):
    """What is wrong with an `h`."""

    NO_NUMBER = "not a number"
    TOO_HIGH = "more than was sent"
    DECREASED = "less than before"
    TOO_LOW = "less than was sent before the request"
    """The answer to an `<r/>` does not count all that was sent before it."""
    MISLEADING = "more than the other side counts"
    """It is right for who says it, but xmppspy put stanzas in that who reads it did not send."""


@dataclass(slots=True)
class _Unconfirmed:
    """A frame with stanzas, and one side's number of the last of them."""

    n: int
    number: int


@dataclass(slots=True)
class Lane:
    """One direction of a session with stream management."""

    exact: bool = True
    """Whether nothing was missed since its beginning."""
    sent: int = 0
    received: int = 0
    handled: int = 0
    """The last `h`."""
    unconfirmed: deque[_Unconfirmed] = field(default_factory=deque)
    """What the receiver got and has not counted in an `h`, by its own numbers."""
    told: int = 0
    """The last `h` as the sender is shown it."""
    untold: deque[_Unconfirmed] = field(default_factory=deque)
    """What the sender sent and was not told of, by its numbers: it has to keep that."""
    demands: deque[int] = field(default_factory=lambda: deque(maxlen=MAX_DEMANDS))
    """What the receiver had got when it was asked, for each `<r/>` without an answer yet."""
    volunteers: bool = False
    """Whether the receiver acknowledges unasked, too."""
    excused: bool = False
    """Whether what seemed a wrong answer was taken for one that had not been asked for."""

    def rebase(self, sent: int, received: int) -> None:
        """Count on from what both sides agreed on when they resumed (XEP-0198 §5)."""
        self.sent, self.received, self.handled, self.told = sent, received, received, sent
        self.exact, self.excused = True, False
        self.unconfirmed.clear()
        self.untold.clear()
        self.demands.clear()

    def count(self, n: int, sent: int, received: int) -> bool:
        """Count the stanzas of a frame; returns whether an older frame had to be forgotten."""
        is_forgotten = False
        if sent:
            self.sent = (self.sent + sent) % MODULUS
            is_forgotten = _append(self.untold, n, self.sent)
        if received:
            self.received = (self.received + received) % MODULUS
            is_forgotten = _append(self.unconfirmed, n, self.received) or is_forgotten
        return is_forgotten

    def correct(self, n: int, more: int) -> None:
        """Count `more` stanzas for a frame that was counted as one, and is not confirmed yet."""
        behind = [entry for entry in self.unconfirmed if entry.n >= n]
        if not behind or behind[0].n != n:
            return
        first = behind[0].number
        for entry in behind:
            entry.number = (entry.number + more) % MODULUS
        for index, demand in enumerate(self.demands):
            if distance(first, demand) < _HALF:
                self.demands[index] = (demand + more) % MODULUS
        self.received = (self.received + more) % MODULUS
        if more < 0:
            self.unconfirmed.remove(behind[0])

    def lose(self) -> None:
        """Something of it was missed: its counts are worth nothing until a resumption."""
        self.exact = False
        self.unconfirmed.clear()
        self.untold.clear()
        self.demands.clear()

    @property
    def outstanding(self) -> int | None:
        """Stanzas that the receiver got and did not acknowledge."""
        return distance(self.handled, self.received) if self.exact else None

    @property
    def awaited(self) -> int | None:
        """Stanzas of the sender's of which it was not told that they were handled."""
        return distance(self.told, self.sent) if self.exact else None

    def judge(self, h: int, *, answering: bool) -> tuple[Problem | None, int | None]:
        """What is wrong with an `h`, and the right one or the nearest to it."""
        if not self.exact:
            behind = is_ahead(h, self.handled)
            return (Problem.DECREASED, None) if behind else (None, None)
        demand = self._demand(h) if answering else None
        ahead = distance(self.handled, h)
        if ahead <= distance(self.handled, self.received):
            return (None, h) if demand is None else (Problem.TOO_LOW, demand)
        if is_ahead(h, self.handled):
            return Problem.DECREASED, self.handled if demand is None else demand
        return Problem.TOO_HIGH, self.received

    def misleads(self, shown: int | None) -> bool:
        """Whether an `h`, as its reader is shown it, counts more than the reader has sent."""
        return self.exact and shown is not None and is_ahead(self.sent, shown)

    def _demand(self, h: int) -> int | None:
        """The least that `h` has to be as an answer, where it is less."""
        if not self.demands:
            self.volunteers = True
            return None
        demand = self.demands.popleft()
        if not is_ahead(h, demand):
            self.excused = False
            return None
        if self.volunteers and not self.excused:
            # One that had been on its way when the request arrived; the answer is still to come.
            self.excused = True
            self.demands.appendleft(demand)
            return None
        self.excused = False
        return demand

    def confirm(self, h: int) -> tuple[int, ...]:
        """Take an `h`, or of one that is too high what is possible; returns the frames confirmed.

        One that is behind the last is passed over.
        """
        if not self.exact:
            self.handled = h
            return ()
        reach = distance(self.handled, h)
        if reach >= _HALF:
            return ()
        reach = min(reach, distance(self.handled, self.received))
        confirmed = []
        while self.unconfirmed and distance(self.handled, self.unconfirmed[0].number) <= reach:
            confirmed.append(self.unconfirmed.popleft().n)
        self.handled = (self.handled + reach) % MODULUS
        return tuple(confirmed)

    def tell(self, shown: int) -> tuple[int, ...]:
        """The sender is shown an `h`; returns the frames of its own that it may forget now."""
        if not self.exact:
            self.told = shown
            return ()
        reach = distance(self.told, shown)
        if reach >= _HALF:
            return ()
        reach = min(reach, distance(self.told, self.sent))
        gone = []
        while self.untold and distance(self.told, self.untold[0].number) <= reach:
            gone.append(self.untold.popleft().n)
        self.told = (self.told + reach) % MODULUS
        return tuple(gone)


def _append(frames: deque[_Unconfirmed], n: int, number: int) -> bool:
    """Remember a frame; returns whether an older one had to be forgotten."""
    frames.append(_Unconfirmed(n, number))
    if len(frames) <= MAX_UNCONFIRMED:
        return False
    frames.popleft()
    return True


def distance(base: int, number: int) -> int:
    """How far `number` is ahead of `base`; more than half the range means behind."""
    return (number - base) % MODULUS


def is_ahead(base: int, number: int) -> bool:
    """Whether `number` comes after `base`."""
    return 0 < distance(base, number) < _HALF
