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
# becomes of it when it comes again; what was put in is given out again, because nobody else would
# send it.
#
# Numbers are kept as they would be without overflow; on the wire they are modulo 2^32.

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

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
        self._done = base  # the sender's number up to which all is done
        self._runs: deque[_Run] | None = None  # None while both legs count alike
        self._waiting = 0  # stanzas in the runs that wait
        self._outcomes: dict[int, bytes | None] = {}  # by the sender's number: what left instead
        self._own: dict[int, bytes] = {}  # by the receiver's number: what was put in
        self._kept = 0
        self._again: dict[int, bytes | None] = {}

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
    ) -> None:
        """The sender's next stanza has left, as `received` of them, 0 when it was dropped.

        `ahead` stanzas that came before it still wait. `outcome` is what left, where that is not
        what came.
        """
        if self._runs is None:
            if received == 1 and not ahead:
                self.sent += 1
                self.received += 1
                return
            self._begin()
        number = self._number(ahead)
        self._place(number, self.received + 1 if received else None)
        self.received += received
        if outcome is not UNCHANGED:
            self._outcomes[number] = outcome
            self._keep(outcome)

    def put_in(self, data: bytes) -> None:
        """A stanza of our own has left for the receiver."""
        if self._runs is None:
            self._begin()
        self.received += 1
        self._own[self.received] = data
        self._keep(data)

    # --- what is handled

    def translate(self, h: int) -> int:
        """What the sender has to be told where the receiver says `h`, both modulo 2^32."""
        if self._runs is None:
            return h
        handled = self._absolute(h)
        self._settle(handled)
        excess = max(handled - self.received, 0) if self._done == self.sent else 0
        return (self._done + excess) % MODULUS

    def resume(self, h: int) -> list[bytes]:
        """The session goes on elsewhere, the receiver having handled `h` (modulo 2^32).

        Returns what was put in and has not been handled, for sending it again.
        """
        handled = self._absolute(h)
        if self._runs is None:
            self.sent = self.received = self._done = handled
            return []
        self._settle(handled)
        self.sent, self.received = self._done, handled
        self._again = {n: data for n, data in self._outcomes.items() if n > self._done}
        lost = [data for number, data in self._own.items() if number > handled]
        self._outcomes.clear()
        self._own.clear()
        self._runs.clear()
        self._waiting = self._kept = 0
        return lost

    def recall(self, ahead: int) -> bytes | Literal[Unchanged.UNCHANGED] | None:
        """What left, before the session was resumed, for the stanza that comes now.

        `ahead` stanzas wait, which came before it. UNCHANGED where there is nothing to repeat.
        """
        number = self.sent - self._waiting + ahead + 1
        outcome = self._again.pop(number, UNCHANGED)
        if self._again and number > max(self._again):
            self._again.clear()
        return outcome

    @property
    def recalls(self) -> bool:
        """Whether there may be something to `recall`."""
        return bool(self._again)

    # --- runs

    def _begin(self) -> None:
        """From here on the legs count differently; up to here they counted alike."""
        alike = self.sent - self._done
        self._runs = deque()
        if alike:
            self._runs.append(_Run(self._done + 1, alike, self._done + 1))

    def _number(self, ahead: int) -> int:
        """The sender's number of the stanza behind `ahead` ones that wait; it waits as well."""
        runs = self._runs
        assert runs is not None  # noqa: S101 - the caller has begun them
        while self._waiting <= ahead:
            self.sent += 1
            self._waiting += 1
            runs.append(_Run(self.sent, 1, waits=True))
        if ahead == self._waiting - 1:
            return next(run.sent for run in reversed(runs) if run.waits)
        waiting = (run.sent for run in runs if run.waits)
        return [next(waiting) for _ in range(ahead + 1)][-1]

    def _place(self, number: int, received: int | None) -> None:
        """The stanza that waited under `number` has left."""
        runs = self._runs
        assert runs is not None  # noqa: S101 - it is one of them
        self._waiting -= 1
        if runs[-1].sent == number:
            runs.pop()
            self._append(number, received)
            return
        run = next(run for run in reversed(runs) if run.sent == number)
        run.waits, run.received = False, received

    def _append(self, number: int, received: int | None) -> None:
        runs = self._runs
        assert runs is not None  # noqa: S101 - it is one of them
        last = runs[-1] if runs else None
        if last is not None and not last.waits and _continues(last, received):
            last.count += 1
            return
        runs.append(_Run(number, 1, received))
        if len(runs) > MAX_RUNS:
            runs.popleft()

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

    def _keep(self, data: bytes | None) -> None:
        self._kept += len(data or b"") + _ENTRY
        while self._kept > MAX_KEPT:
            kept = self._own or self._outcomes
            self._drop(kept, next(iter(kept)))

    def _forget(self, handled: int) -> None:
        for kept, last in ((self._outcomes, self._done), (self._own, handled)):
            while kept and (first := next(iter(kept))) <= last:
                self._drop(kept, first)

    def _drop(self, kept: dict[int, bytes] | dict[int, bytes | None], number: int) -> None:
        self._kept -= len(kept.pop(number) or b"") + _ENTRY

    def _absolute(self, h: int) -> int:
        """The number nearest to what the receiver counts that is `h` modulo 2^32."""
        ahead = (h - self.received) % MODULUS
        return self.received + (ahead if ahead < MODULUS // 2 else ahead - MODULUS)


def _continues(run: _Run, received: int | None) -> bool:
    if run.received is None:
        return received is None
    return received == run.received + run.count
