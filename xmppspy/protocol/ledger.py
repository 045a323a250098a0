"""Ledger: the numbers that the stanzas of one direction have on its two legs (XEP-0198 §4)."""

# Both ends of stream management count stanzas, and tell each other how many they have handled: `h`.
# While every stanza goes on, once and in order, both legs count alike and `h` is right for either.
# From the first one that is dropped, put in, doubled or overtaken they do not. Then the sender must
# be told, for an `h` of the receiver's, the largest number of its own up to which all is done:
#
#   sender's    1  2  3  4        5     the receiver says h=3: it has handled 1, 2 and what was
#               |  |  x  |        |     put in. Of the sender's, 1 and 2 have arrived, 3 is done
#   receiver's  1  2     4  (3)   5     because it will never arrive, 4 has not: the sender is
#                                       told h=3.
#
# So the ledger keeps, from the first such stanza on, runs: consecutive numbers of the sender's that
# became consecutive numbers of the receiver's, or were dropped, or still wait. What is done is cut
# off the front, so a run is all it takes to remember a million stanzas that simply went on.
#
# When a session is resumed on another connection, each side sends again what the other has not
# handled, with the old numbers (XEP-0198 §5). The ledger begins anew at the two numbers then
# agreed on. What was dropped or replaced is remembered until it is handled, so that the same
# becomes of it when it comes again; what has arrived, but before something that has not, is then
# dropped; what was put in is given out again, because nobody else would send it.
#
# What a broken line swallows is neither handled nor dropped: until something behind it arrives it
# is as good as on its way, and comes again when the session is resumed.
#
# Numbers are kept as they would be without overflow; on the wire they are modulo 2^32.

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from xmppspy.protocol.events import UNCHANGED, Unchanged

MODULUS: Final = 2**32
"""`h` is an unsigned 32-bit number that wraps (XEP-0198 §4)."""

MAX_RUNS: Final = 10_000
"""Runs of one direction; beyond, the oldest are forgotten, and count as not handled until
something behind them is."""

MAX_KEPT: Final = 1024 * 1024
"""Bytes that are kept for sending them again; beyond, the oldest are forgotten."""

_ENTRY: Final = 64
"""Bytes counted for each of them besides."""


_Key: TypeAlias = tuple[bool, int]
"""What was put in (True), by the receiver's number; what left instead, by the sender's."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What left, or what was put in."""

    data: bytes | None
    name: str | None = None
    """By which the stanza is known whose place it took."""

    @property
    def size(self) -> int:
        """Bytes, as far as memory is concerned."""
        return len(self.data or b"") + _ENTRY


@dataclass(slots=True)
class _Run:
    """Consecutive stanzas with the same fate."""

    sent: int
    """The sender's number of the first."""
    count: int
    received: int | None = None
    """The receiver's number of the first; None: they were dropped, or wait."""
    waits: bool = False

    def handled(self, h: int) -> int:
        """How many of them are done when the receiver has handled `h`."""
        if self.received is None:
            return 0 if self.waits else self.count
        return min(max(h - self.received + 1, 0), self.count)

    def numbers(self, h: int) -> range:
        """The sender's numbers of those that the receiver has handled when it says `h`."""
        arrived = 0 if self.received is None else self.handled(h)
        return range(self.sent, self.sent + arrived)

    def goes_on_with(self, later: "_Run") -> bool:
        """Whether the run behind it is of the same kind, and so one with it."""
        if self.received is None:
            return later.received is None and not self.waits
        return later.received == self.received + self.count

    def drop_first(self, count: int) -> None:
        """Forget so many at the front."""
        self.sent += count
        self.count -= count
        if self.received is not None:
            self.received += count


class Ledger:
    """One direction of a session with stream management, from its beginning.

    Told of every stanza as it leaves, in the order of leaving. `base` is the number with which
    the direction goes on where a session was resumed that is not known from before.
    """

    def __init__(self, base: int = 0) -> None:
        self.sent = self.received = base
        """How many each leg counts."""
        self.recalls = False
        """Whether there may be something to `recall`."""
        self._done = base  # the sender's number up to which all is done
        self._runs: deque[_Run] | None = None  # None while both legs count alike
        self._waiting: list[_Run] = []  # those runs that wait, of one stanza each
        self._kept: dict[_Key, _Kept] = {}  # what may have to be said again, oldest first
        self._size = 0  # bytes of it
        self._repeated = 0  # the sender's number up to which there may be something to recall
        self._lost: list[int] = []  # swallowed since the last that left: how many were ahead

    @property
    def differs(self) -> bool:
        """Whether the legs count differently, or did, so that an `h` has to be translated."""
        return self._runs is not None

    # --- stanzas

    def leave(
        self,
        received: int = 1,
        ahead: int = 0,
        outcome: bytes | Literal[Unchanged.UNCHANGED] | None = UNCHANGED,
        name: str | None = None,
    ) -> None:
        """The sender's next stanza has left, as `received` of them, 0 when it was dropped.

        `ahead` stanzas that came before it still wait. `outcome` is what left, where that is not
        what came; by its `name` the stanza is known when it comes again.
        """
        if self._runs is None:
            if received == 1 and not ahead and outcome is UNCHANGED:
                self.sent += 1
                self.received += 1
                return
            self._begin()
        if self._lost and not received:
            self._lost.append(ahead)
            return
        self._give_up_lost()
        number = self._enter(received, ahead)
        self.recalls = self._repeated > self.sent
        self._drop((False, number))
        if outcome is not UNCHANGED:
            self._keep((False, number), _Kept(outcome, name))

    def lose(self, ahead: int = 0) -> None:
        """The sender's next stanza was swallowed by a broken line, `ahead` being as in `leave`."""
        if self._runs is None:
            self._begin()
        self._lost.append(ahead)

    def put_in(self, data: bytes) -> None:
        """A stanza of our own has left for the receiver."""
        if self._runs is None:
            self._begin()
        self._give_up_lost()
        self.received += 1
        self._keep((True, self.received), _Kept(data))

    def _give_up_lost(self) -> None:
        """Something else arrives: what was lost will not any more."""
        for ahead in self._lost:
            self._enter(0, ahead)
        self._lost.clear()

    def _enter(self, received: int, ahead: int) -> int:
        """Give the stanza behind `ahead` ones that wait its numbers; return the sender's."""
        runs = self._runs
        assert runs is not None  # noqa: S101 - the caller has begun them
        while len(self._waiting) <= ahead:
            self.sent += 1
            self._waiting.append(_Run(self.sent, 1, waits=True))
            runs.append(self._waiting[-1])
        run = self._waiting.pop(ahead)
        run.waits, run.received = False, self.received + 1 if received else None
        self.received += received
        if run is runs[-1]:
            self._join(runs)
        return run.sent

    # --- what is handled

    def translate(self, h: int) -> int:
        """What the sender has to be told where the receiver says `h`, both modulo 2^32."""
        if self._runs is None:
            return h
        handled = _nearest(self.received, h)
        self._settle(handled)
        excess = max(handled - self.received, 0) if self._done == self.sent else 0
        return (self._done + excess) % MODULUS

    def resume(self, h: int, told: int | None = None) -> list[bytes]:
        """The session goes on elsewhere, the receiver having handled `h` (modulo 2^32).

        `told` is what the sender was told, if that was said before: from there on it will send
        again. Returns what was put in and has not been handled, for sending it again.
        """
        handled = _nearest(self.received, h)
        if self._runs is None:
            self.sent = self.received = self._done = handled
            return []
        self._settle(handled)
        lost = [kept.data for (own, n), kept in self._kept.items() if own and n > handled]
        outcomes = {key: kept for key, kept in self._kept.items() if not key[0]}
        arrived = {(False, n): _Kept(None) for run in self._runs for n in run.numbers(handled)}
        self._kept = dict(sorted({**outcomes, **arrived}.items()))
        self._size = sum(kept.size for kept in self._kept.values())
        self._repeated = max((n for _, n in self._kept), default=0)
        if told is not None:
            self._done = _nearest(self._done, told)
        self.sent, self.received = self._done, handled
        self._runs.clear()
        self._lost.clear()
        self._waiting.clear()
        self.recalls = self._repeated > self.sent
        return [data for data in lost if data]

    def recall(
        self, ahead: int, name: str | None = None
    ) -> bytes | Literal[Unchanged.UNCHANGED] | None:
        """What became, before the session was resumed, of the stanza that comes now.

        `ahead` stanzas wait, which came before it. UNCHANGED where there is nothing to repeat, or
        where it has another name than the one that was sent under its number: then its sender has
        not sent that one again, and it is new.
        """
        number = self.sent + len(self._lost) - len(self._waiting) + ahead + 1
        kept = self._kept.get((False, number))
        if kept is None or (kept.name is not None and kept.name != name):
            return UNCHANGED
        return kept.data

    # --- runs

    def _begin(self) -> None:
        """From here on the legs count differently; up to here they counted alike."""
        alike = self.sent - self._done
        self._runs = deque()
        if alike:
            self._runs.append(_Run(self._done + 1, alike, self._done + 1))

    @staticmethod
    def _join(runs: deque[_Run]) -> None:
        """Let the last run, of one stanza, go on the one before it, if it can."""
        last = runs.pop()
        if runs and runs[-1].goes_on_with(last):
            runs[-1].count += 1
            return
        runs.append(last)
        if len(runs) > MAX_RUNS:
            del runs[next(at for at, run in enumerate(runs) if not run.waits)]

    def _settle(self, handled: int) -> None:
        """Cut off what is done."""
        runs = self._runs
        while runs:
            run = runs[0]
            done = run.handled(handled)
            if done:
                self._done = run.sent + done - 1
            if done < run.count:
                run.drop_first(done)
                break
            runs.popleft()
        self._forget(handled)

    # --- what may have to be sent again

    def _keep(self, key: _Key, kept: _Kept) -> None:
        self._kept[key] = kept
        self._size += kept.size
        while self._size > MAX_KEPT:
            self._drop(next(iter(self._kept)))

    def _forget(self, handled: int) -> None:
        while self._kept:
            own, number = oldest = next(iter(self._kept))
            if number > (handled if own else self._done):
                break
            self._drop(oldest)

    def _drop(self, key: _Key) -> None:
        if key in self._kept:
            self._size -= self._kept.pop(key).size


def _nearest(number: int, h: int) -> int:
    """What is `h` modulo 2^32 and nearest to a number."""
    ahead = (h - number) % MODULUS
    return number + (ahead if ahead < MODULUS // 2 else ahead - MODULUS)
