"""Waiting: the frames of one direction whose turn has not come, in their order."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from xmppspy.protocol.events import UNCHANGED, Direction
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanzas import is_counted, is_stanza
from xmppspy.protocol.verdicts import FORWARD, Judgement, Undecided, Verdict

MOST: Final = 256
"""Frames that may wait, beyond which no more is read of the direction."""

MOST_BYTES: Final = 1024 * 1024
"""Bytes, likewise."""

_TIME_IS_UP: Final = "nobody has decided in time"
_ALL_ENDS: Final = "nobody has decided before the end"

OVERTAKEN_WITHIN: Final = 1.0
"""Seconds in which another stanza may overtake one that lets it."""


@dataclass(frozen=True, slots=True)
class HeldFrame:
    """A frame that waits for a person."""

    n: int
    """Its number in the capture."""
    direction: Direction
    frame: Frame
    since: float
    """When it arrived."""
    until: float
    """When it counts as nobody's."""
    drops: bool
    """What then becomes of it: it is dropped; else it goes on."""
    proposal: bytes | None
    """What leaves if it is let go: the frame as it came, or what a rule has made of it."""


@dataclass(eq=False, slots=True)
class Waiting:
    """One of them."""

    frame: Frame
    since: float
    """When it arrived."""
    verdict: Verdict = FORWARD
    ticket: int | None = None
    """Of the question that it waits for."""
    patience: float = 0.0
    """Seconds that an answer is waited for."""
    n: int | None = None
    """Its number, once it has been recorded."""
    waits: bool = False
    """Whether it was recorded as one that waits."""
    is_shown: bool = False
    """Whether a person was told that it waits for them."""
    ahead: int = 0
    """Stanzas that came before it, and still wait when it leaves."""
    overtakes: int = 0
    """Frames of which that is true."""

    @property
    def due(self) -> float:
        """When something happens to it by itself."""
        if self.ticket is not None:
            return self.since + self.patience
        at = self.since + self.verdict.delay
        if self.verdict.hold is not None:
            return at + self.verdict.hold.seconds
        return at

    @property
    def is_free(self) -> bool:
        """Whether nothing but time keeps it."""
        return self.ticket is None and self.verdict.hold is None

    def may_leave(self, now: float) -> bool:
        """Whether it need not wait at all."""
        return self.is_free and self.due <= now and not self.verdict.overtaken

    @property
    def data(self) -> bytes | None:
        """What leaves."""
        data = self.verdict.data
        return self.frame.data if data is UNCHANGED else data

    def held(self, direction: Direction) -> HeldFrame | None:
        """What a person is told of it, who is to decide; None when nobody is."""
        hold = self.verdict.hold
        if hold is None or self.n is None or self.ticket is not None:
            return None
        return HeldFrame(self.n, direction, self.frame, self.since, self.due, hold.drops, self.data)

    def decide(self, verdict: Verdict) -> None:
        """A person has decided."""
        self.verdict = replace(self.verdict.then(verdict), hold=None, delay=verdict.delay)

    def expire(self, now: float) -> None:
        """Have it decided, if nobody has decided in time; at infinity all ends."""
        if self.ticket is not None and self.due <= now:
            self.ticket = None
        if self.is_free or self.due > now:
            return
        if (hold := self.verdict.hold) is not None:
            reason = _ALL_ENDS if now == inf else _TIME_IS_UP
            notes = (reason,) if self.waits else ()  # else it was not held for a moment
            self.decide(Verdict(data=None if hold.drops else UNCHANGED, notes=notes))


def judged(frame: Frame, judgement: Judgement, now: float) -> Waiting:
    """A frame that has just arrived, and was judged."""
    if isinstance(judgement, Undecided):
        asked = judgement
        return Waiting(frame, now, asked.otherwise, ticket=asked.ticket, patience=asked.seconds)
    return Waiting(frame, now, judgement)


class Waiters:
    """The frames that wait in one direction. Each leaves when those in front of it have left."""

    def __init__(self) -> None:
        self._line: deque[Waiting] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._line)

    def add(self, waiting: Waiting) -> None:
        """It waits behind all others."""
        self._line.append(waiting)
        self._bytes += len(waiting.frame.data)

    def next(self, now: float) -> Waiting | None:
        """Take out the one whose turn it is."""
        if not self._line:
            return None
        first = self._line[0]
        first.expire(now)
        if not first.is_free or first.due > now:
            return None
        place = self._overtaker if first.verdict.overtaken else None
        if place is not None:
            each = self._line[place]
            each.expire(now)
            if each.is_free and each.due <= now:
                first.verdict = replace(first.verdict, overtaken=False)
                return self._take(place)
        if not first.verdict.overtaken or now >= first.due + OVERTAKEN_WITHIN:
            return self._take(0)
        return None

    @property
    def _overtaker(self) -> int | None:
        """Where the next stanza behind the first frame is, if it has come."""
        places = range(1, len(self._line))
        return next((place for place in places if is_stanza(self._line[place].frame)), None)

    def expire(self, now: float) -> bool:
        """Have those decided that nobody has decided in time; whether a person was asked to."""
        was_shown = False
        for each in self._line:
            each.expire(now)
            if each.is_shown and each.verdict.hold is None:
                each.is_shown, was_shown = False, True
        return was_shown

    def hurry(self) -> None:
        """Have all of them decided as if their time was up, and let them leave at once."""
        for each in self._line:
            while not each.is_free:
                each.expire(inf)
            each.verdict = replace(each.verdict, delay=0.0, overtaken=False)

    def decide(self, n: int, verdict: Verdict) -> bool:
        """What becomes of the held frame `n`; False when no such frame is held."""
        for each in self._line:
            if each.n == n and each.verdict.hold is not None:
                each.decide(verdict)
                each.is_shown = False
                return True
        return False

    def extend(self, n: int, until: float) -> bool:
        """Let the held frame `n` wait until then at least; False when no such frame is held."""
        for each in self._line:
            hold = each.verdict.hold
            if each.n == n and hold is not None:
                seconds = max(until - each.since - each.verdict.delay, hold.seconds)
                each.verdict = replace(each.verdict, hold=replace(hold, seconds=seconds))
                return True
        return False

    def settle(self, ticket: int, verdict: Verdict) -> bool:
        """The answer to a question; False when it comes too late."""
        for each in self._line:
            if each.ticket == ticket:
                each.ticket, each.verdict = None, verdict
                return True
        return False

    def clear(self) -> list[Waiting]:
        """Take all of them out."""
        left = list(self._line)
        self._line.clear()
        self._bytes = 0
        return left

    @property
    def is_full(self) -> bool:
        """Whether no more are to be taken in."""
        return len(self._line) >= MOST or self._bytes > MOST_BYTES

    @property
    def are_held(self) -> bool:
        """Whether any of them waits for a person."""
        return any(each.verdict.hold is not None for each in self._line)

    @property
    def stanzas(self) -> int:
        """How many of them are stanzas."""
        return self._stanzas_before(len(self._line))

    @property
    def due(self) -> float | None:
        """When to look at them again; None when there are none."""
        if not self._line:
            return None
        times = [each.due for each in self._line if not each.is_free]
        return min([self._due_of(self._line[0]), *times])

    def _due_of(self, first: Waiting) -> float:
        """When the first one leaves, or the one that overtakes it."""
        if not first.verdict.overtaken:
            return first.due
        place = self._overtaker
        at = first.due + OVERTAKEN_WITHIN
        return at if place is None else min(at, max(first.due, self._line[place].due))

    def _take(self, place: int) -> Waiting:
        taken = self._line[place]
        taken.ahead, taken.overtakes = self._stanzas_before(place), place
        del self._line[place]
        self._bytes -= len(taken.frame.data)
        return taken

    def _stanzas_before(self, place: int) -> int:
        return sum(
            is_counted(each.frame) for _, each in zip(range(place), self._line, strict=False)
        )
