from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.counting import (
    MAX_DEMANDS,
    MAX_UNCONFIRMED,
    MODULUS,
    Lane,
    Problem,
    distance,
    is_ahead,
)

_counts = st.integers(0, MODULUS - 1)


def counted(stanzas: int, base: int = 0) -> Lane:
    """A lane on which some stanzas went, numbered like their frames."""
    lane = Lane()
    lane.rebase(base, base)
    for n in range(1, stanzas + 1):
        lane.count(n, 1, 1)
    return lane


@given(base=_counts, stanzas=st.integers(0, 20), h=st.integers(0, 20))
def test_base_does_not_matter(base: int, stanzas: int, h: int) -> None:
    """Counts are judged alike wherever they stand, also where they pass 2^32."""
    plain, shifted = counted(stanzas), counted(stanzas, base)
    problem, expected = plain.judge(h, answering=False)

    assert expected is not None
    assert shifted.judge((base + h) % MODULUS, answering=False) == (
        problem,
        (base + expected) % MODULUS,
    )
    assert shifted.confirm((base + h) % MODULUS) == plain.confirm(h)
    assert shifted.outstanding == plain.outstanding


@given(stanzas=st.integers(0, 20), h=st.integers(0, 20))
def test_frames_are_confirmed_in_order(stanzas: int, h: int) -> None:
    """An `h` confirms the first frames, and no more than there are."""
    lane = counted(stanzas)

    assert lane.confirm(h) == tuple(range(1, min(h, stanzas) + 1))
    assert lane.outstanding == max(stanzas - h, 0)


@given(base=_counts, stanzas=st.integers(0, 20), shown=st.integers(0, 20))
def test_sender_learns_what_is_done(base: int, stanzas: int, shown: int) -> None:
    """By its own numbers, in which what was dropped has one and what was put in has none."""
    lane = Lane()
    lane.rebase(base, 0)
    for n in range(1, stanzas + 1):
        lane.count(n, 1, n % 2)
        lane.count(100 + n, 0, 1)
    learnt = lane.tell((base + shown) % MODULUS)

    assert learnt == tuple(range(1, min(shown, stanzas) + 1))
    assert lane.awaited == max(stanzas - shown, 0)
    assert lane.tell(base) == ()


def test_decrease_and_excess_are_told_apart() -> None:
    """Behind the last `h` is a decrease, beyond what was sent an excess."""
    lane = counted(5)
    lane.confirm(3)

    assert lane.judge(2, answering=False) == (Problem.DECREASED, 3)
    assert lane.judge(6, answering=False) == (Problem.TOO_HIGH, 5)
    assert lane.confirm(2) == ()


def test_answer_counts_what_was_sent_before_the_request() -> None:
    """An answer may count more than what was sent when it was asked for, not less."""
    low, right, high = counted(3), counted(3), counted(3)
    for lane in (low, right, high):
        lane.demands.append(lane.received)
        lane.count(4, 1, 1)
    judged = [lane.judge(h, answering=True) for h, lane in ((2, low), (3, right), (4, high))]

    assert judged == [(Problem.TOO_LOW, 3), (None, 3), (None, 4)]


def test_volunteer_is_given_the_benefit_of_the_doubt() -> None:
    """Where acknowledgements come unasked, one may have crossed the request: the next decides."""
    lane = counted(3)
    volunteered = lane.judge(1, answering=True)
    lane.demands.append(3)
    judged = [lane.judge(2, answering=True), lane.judge(2, answering=True)]

    assert volunteered == (None, 1)
    assert judged == [(None, 2), (Problem.TOO_LOW, 3)]


def test_dropped_stanza_is_not_received() -> None:
    """What was held and then dropped is counted by the sender only, and shifts what follows."""
    lane = counted(3)
    lane.demands.extend((1, 3))
    lane.correct(2, -1)

    assert (lane.sent, lane.received, list(lane.demands)) == (3, 2, [1, 2])
    assert lane.confirm(2) == (1, 3)


def test_multiplied_stanza_is_received_more_often() -> None:
    """A frame that became two stanzas is confirmed by the second one's number."""
    lane = counted(3)
    lane.correct(2, 1)
    confirmed = [lane.confirm(h) for h in (2, 3, 4)]

    assert confirmed == [(1,), (2,), (3,)]


def test_other_frames_are_not_corrected() -> None:
    """A frame of the other direction, or one that is confirmed, changes nothing."""
    lane = counted(3)
    lane.confirm(1)
    for n in (1, 99):
        lane.correct(n, -1)

    assert lane.received == 3


def test_excess_for_the_reader() -> None:
    """An `h` that is right may count more than its reader ever sent."""
    lane = counted(2)
    lane.count(3, 0, 1)

    assert lane.judge(3, answering=False) == (None, 3)
    assert lane.misleads(3)
    assert not lane.misleads(2)
    assert not lane.misleads(None)


def test_loss_makes_counts_worthless() -> None:
    """After a loss only a decrease can be told, until both sides agree again."""
    lane = counted(3)
    lane.lose()
    judged = [lane.judge(9, answering=True), lane.confirm(9), lane.judge(8, answering=True)]

    assert judged == [(None, None), (), (Problem.DECREASED, None)]
    assert lane.outstanding is None
    lane.rebase(9, 9)
    assert lane.outstanding == 0


def test_memory_is_bounded() -> None:
    """Whoever never acknowledges and never answers is counted all the same."""
    lane = Lane()
    forgotten = sum(lane.count(n, 1, 1) for n in range(MAX_UNCONFIRMED + 5))
    lane.demands.extend(range(MAX_DEMANDS + 5))

    assert forgotten == 5
    assert (len(lane.unconfirmed), len(lane.demands)) == (MAX_UNCONFIRMED, MAX_DEMANDS)
    assert lane.outstanding == MAX_UNCONFIRMED + 5


@given(base=_counts, ahead=st.integers(1, 2**31 - 1))
def test_order_is_that_of_a_ring(base: int, ahead: int) -> None:
    """What is ahead of a number is not behind it."""
    number = (base + ahead) % MODULUS

    assert distance(base, number) == ahead
    assert is_ahead(base, number)
    assert not is_ahead(number, base)
