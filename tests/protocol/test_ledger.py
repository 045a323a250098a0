"""Ledger, held against a naive one that keeps an entry for every stanza."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xmppspy.protocol import ledger as module
from xmppspy.protocol.events import UNCHANGED, Unchanged
from xmppspy.protocol.ledger import MODULUS, Ledger

Outcome = bytes | Literal[Unchanged.UNCHANGED] | None


@dataclass
class Stanza:
    """One stanza of the sender's."""

    number: int
    fate: Literal["waits", "left", "dropped", "lost"] = "waits"
    place: int = 0
    """Its number with the receiver, once it has left."""
    outcome: Outcome = UNCHANGED


@dataclass
class Naive:
    """What a ledger does, done stanza by stanza, beside a ledger that is told the same."""

    ledger: Ledger
    base: int
    """The number with which both begin."""
    received: int = field(init=False)
    done: int = field(init=False)
    differs: bool = False
    stanzas: list[Stanza] = field(default_factory=list)
    own: dict[int, bytes] = field(default_factory=dict)
    handled: int = field(init=False)
    """What the receiver has told, at most."""
    known: dict[int, Outcome] = field(default_factory=dict)
    """What has to be recalled, by the sender's number."""
    arrived: int = field(init=False)
    """The number of the stanza that came last."""

    def __post_init__(self) -> None:
        self.received = self.done = self.arrived = self.handled = self.base

    @property
    def waiting(self) -> list[Stanza]:
        """Those that have come, and not left."""
        return [each for each in self.stanzas if each.fate == "waits"]

    # --- what happens

    def arrive(self, stanzas: int) -> None:
        """So many stanzas of the sender's come."""
        for _ in range(stanzas):
            self.arrives()

    def arrives(self) -> None:
        """A stanza of the sender's comes; what has been decided about it is known."""
        self.arrived += 1
        expected = self.known.get(self.arrived, UNCHANGED)
        assert self.ledger.recall(len(self.waiting)) == expected
        assert self.ledger.recalls or expected is UNCHANGED
        self.stanzas.append(Stanza(self.arrived))

    def leaves(self, place: int, received: int, outcome: Outcome) -> None:
        """One of those that wait leaves."""
        if not self.waiting:
            self.arrives()
        ahead = place % len(self.waiting)
        stanza = self.waiting[ahead]
        stanza.outcome = outcome
        self.ledger.leave(received, ahead, outcome)
        if received == 0 and any(each.fate == "lost" for each in self.stanzas):
            stanza.fate = "lost"
            return
        self.differs |= received != 1 or ahead > 0 or outcome is not UNCHANGED
        self.known.pop(stanza.number, None)
        if received:
            self.something_arrives()
            stanza.fate, stanza.place = "left", self.received + 1
            self.received += received
        else:
            stanza.fate = "dropped"

    def loses(self, place: int) -> None:
        """One of those that wait is swallowed."""
        if not self.waiting:
            self.arrives()
        ahead = place % len(self.waiting)
        self.waiting[ahead].fate = "lost"
        self.differs = True
        self.ledger.lose(ahead)

    def puts_in(self) -> None:
        """We say something ourselves."""
        self.something_arrives()
        self.differs = True
        self.received += 1
        self.own[self.received] = b"<own%d/>" % self.received
        self.ledger.put_in(self.own[self.received])

    def something_arrives(self) -> None:
        """What was lost before is dropped now."""
        for each in self.stanzas:
            if each.fate == "lost":
                each.fate, each.outcome = "dropped", UNCHANGED

    def acks(self, back: int) -> None:
        """The receiver has handled all but the last so many."""
        h = self.handled = max(self.received - back, self.handled)
        self.settle(h)
        excess = 0 if self.differs else h - self.done
        assert self.ledger.differs == self.differs
        assert self.ledger.translate(h % MODULUS) == (self.done + excess) % MODULUS

    def settle(self, h: int) -> None:
        """Find out what is done, one stanza after the other."""
        while self.stanzas and self.is_done(self.stanzas[0], h):
            self.done = self.stanzas.pop(0).number

    @staticmethod
    def is_done(stanza: Stanza, h: int) -> bool:
        """Whether it has been handled, or never will be."""
        return stanza.fate == "dropped" or (stanza.fate == "left" and stanza.place <= h)

    def resumes(self, back: int) -> None:
        """The session goes on elsewhere; the sender sends again what is not done."""
        h = self.handled = max(self.received - back, self.handled)
        self.settle(h)
        lost = [data for number, data in self.own.items() if number > h]
        self.known = {n: outcome for n, outcome in self.known.items() if n > self.done}
        for each in self.stanzas:
            if each.fate == "left" and each.place <= h:
                self.known[each.number] = None
            elif each.fate in ("left", "dropped") and each.outcome is not UNCHANGED:
                self.known[each.number] = each.outcome
        self.received = h
        self.arrived = self.done
        self.stanzas.clear()
        self.own.clear()
        assert self.ledger.resume(h % MODULUS) == lost


places, backs = st.integers(0, 3), st.integers(0, 6)
outcomes = st.sampled_from([(1, UNCHANGED)] * 4 + [(0, None), (1, b"<edited/>"), (3, b"<m/>" * 3)])
steps = st.one_of(
    st.tuples(st.just("arrive"), st.integers(1, 4)),
    st.builds(lambda place, how: ("leaves", place, *how), places, outcomes),
    st.builds(lambda place, how: ("leaves", place, *how), st.just(0), outcomes),
    st.tuples(st.just("loses"), places),
    st.tuples(st.just("puts_in")),
    st.tuples(st.just("acks"), backs),
    st.tuples(st.just("acks"), st.just(0)),
    st.tuples(st.just("resumes"), backs),
)


@given(
    st.sampled_from([0, MODULUS - 3, MODULUS, MODULUS + 5]),
    st.lists(steps, min_size=5, max_size=30),
)
@settings(max_examples=300)
def test_ledger_is_what_the_naive_one_is(base: int, course: list[tuple[str, object]]) -> None:
    """Whatever is put in, dropped, doubled, overtaken, lost and resumed."""
    naive = Naive(Ledger(base), base)
    for name, *arguments in course:
        getattr(naive, name)(*arguments)
    naive.acks(0)

    assert naive.ledger.received % MODULUS == naive.received % MODULUS


def test_nothing_is_translated_before_there_is_a_reason() -> None:
    """Even an h that is wrong goes on, so that who has to be told of it is."""
    ledger = Ledger()
    ledger.leave()
    ledger.leave()

    assert not ledger.differs
    assert [ledger.translate(h) for h in (0, 2, 4711)] == [0, 2, 4711]


def test_what_is_dropped_is_handled_once_all_before_it_is() -> None:
    """The sender need not keep it for longer."""
    ledger = Ledger()
    ledger.leave()
    ledger.leave(received=0, outcome=None)

    assert [ledger.translate(0), ledger.translate(1)] == [0, 2]


def test_wrong_count_stays_wrong() -> None:
    """A receiver that claims more than it got is passed on as that."""
    ledger = Ledger()
    ledger.put_in(b"<message/>")
    ledger.leave()

    assert ledger.translate(5) == 4


def test_receiver_that_falls_back_is_not_passed_on() -> None:
    """Nobody is told of less than it was told before."""
    ledger = Ledger()
    ledger.put_in(b"<message/>")
    ledger.leave()

    assert [ledger.translate(2), ledger.translate(1)] == [1, 1]


def test_counts_wrap() -> None:
    """Behind 2^32 - 1 comes 0, on either leg."""
    ledger = Ledger(4294967294)
    ledger.put_in(b"<message/>")
    for _ in range(3):
        ledger.leave()
    told = [ledger.translate(h) for h in (4294967295, 0, 1, 2)]

    assert told == [4294967294, 4294967295, 0, 1]


def test_part_of_a_run_is_handled_first() -> None:
    """What is behind the run is done when all of it is."""
    ledger = Ledger()
    for received in (1, 1, 1, 0):
        ledger.leave(received)

    assert [ledger.translate(h) for h in (1, 2, 3)] == [1, 2, 4]


def test_stanza_between_others_that_are_gone() -> None:
    """It has waited while they were dropped, and is dropped itself."""
    ledger = Ledger()
    for ahead in (1, 1, 0):
        ledger.leave(0, ahead)
    told = ledger.translate(0)
    ledger.leave()

    assert (told, ledger.translate(1)) == (3, 4)


def test_million_stanzas_take_one_run() -> None:
    """What simply goes on costs no memory, also where the legs count differently."""
    ledger = Ledger()
    ledger.leave(received=0)
    for _ in range(10_000):
        ledger.leave()

    assert ledger._runs is not None
    assert len(ledger._runs) == 2


def test_runs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a receiver that never acks, the oldest are forgotten; never those that wait."""
    monkeypatch.setattr(module, "MAX_RUNS", 4)
    ledger = Ledger()
    ledger.leave(ahead=1)
    for _ in range(20):
        ledger.put_in(b"<message/>")
        ledger.leave(ahead=1)
    assert ledger._runs is not None
    runs = len(ledger._runs)
    early = ledger.translate(ledger.received)
    ledger.leave()

    assert (runs, early) == (4, 0)
    assert ledger.translate(ledger.received) == 22


def test_what_is_forgotten_counts_once_something_behind_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Until then the sender keeps it."""
    monkeypatch.setattr(module, "MAX_RUNS", 1)
    ledger = Ledger()
    ledger.leave()
    ledger.put_in(b"<message/>")
    ledger.leave()

    assert [ledger.translate(h) for h in (1, 2, 3)] == [0, 0, 2]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is forgotten first, whether it was put in or is what became of a stanza."""
    monkeypatch.setattr(module, "MAX_KEPT", 600)
    ledger = Ledger()
    for number in range(9):
        ledger.leave(outcome=b"<%d/>" % number)
        ledger.put_in(b"<own/>")
    ledger.put_in(b"x" * 300)

    assert ledger._size <= 600
    assert ledger.resume(0) == [b"<own/>", b"<own/>", b"x" * 300]
    assert ledger._size < 100
    assert [ledger.recall(ahead) for ahead in range(7, 10)] == [UNCHANGED, b"<8/>", UNCHANGED]


def test_what_is_done_is_not_kept() -> None:
    """Memory is given back as the receiver acknowledges."""
    ledger = Ledger()
    ledger.leave(received=0, outcome=None)
    ledger.put_in(b"<message/>")
    before = ledger._size
    ledger.translate(1)

    assert (before > 0, ledger._size, ledger._kept) == (True, 0, {})


def test_old_outcomes_count_through_several_resumptions() -> None:
    """As long as the stanza has not been handled, the same becomes of it."""
    ledger = Ledger()
    ledger.leave()
    ledger.leave(received=0, outcome=None)
    ledger.leave()
    ledger.resume(0)
    ledger.leave()
    ledger.resume(0)
    ledger.leave()

    assert ledger.recall(0) is None
    assert ledger.recall(1) is UNCHANGED


def test_another_stanza_under_the_same_number() -> None:
    """A sender that does not send the old one again says something new: that goes on."""
    ledger = Ledger()
    ledger.leave(received=0, outcome=None, name="message  1")
    ledger.put_in(b"<message/>")
    ledger.leave(outcome=b"<a/>", name="message  2")
    ledger.leave(received=0, outcome=None)
    ledger.resume(1)
    recalled = [ledger.recall(0, name) for name in ("message  2", "message  1", None)]

    assert recalled == [b"<a/>", UNCHANGED, UNCHANGED]
    assert ledger.recall(1, "message  3") is None


def test_sender_goes_on_from_what_it_was_told() -> None:
    """What has been dropped between a question and its answer is sent again."""
    ledger = Ledger(MODULUS - 1)
    ledger.leave()
    ledger.put_in(b"<message/>")
    told = ledger.translate(1)
    ledger.leave(received=0, outcome=None)
    ledger.resume(1, told)
    ledger.leave()
    ledger.leave()

    assert told == 0
    assert [ledger.translate(h) for h in (1, 2, 3)] == [0, 1, 2]
