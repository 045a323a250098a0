"""Waiting: what frames wait for, and in which order they stop waiting."""

import pytest

from xmppspy.protocol.frames import Frame
from xmppspy.protocol.verdicts import DROP, FORWARD, Hold, Judgement, Undecided, Verdict
from xmppspy.protocol.waiting import (
    MOST,
    MOST_BYTES,
    OVERTAKEN_WITHIN,
    Waiters,
    Waiting,
    judged,
)

MESSAGE = Frame("message", b"<message/>")
ACK = Frame("a", b"<a/>", xmlns="urn:xmpp:sm:3")


def waiters(*those: Waiting) -> Waiters:
    """Those, one behind the other."""
    line = Waiters()
    for each in those:
        line.add(each)
    return line


def taken(line: Waiters, now: float) -> list[int | None]:
    """The numbers of those whose turn has come, in order."""
    return [each.n for each in iter(lambda: line.next(now), None)]


# --- one


@pytest.mark.parametrize(
    ("waiting", "due", "is_free"),
    [
        (Waiting(MESSAGE, 1.0), 1.0, True),
        (Waiting(MESSAGE, 1.0, Verdict(delay=2.0)), 3.0, True),
        (Waiting(MESSAGE, 1.0, Verdict(delay=2.0, hold=Hold(5.0))), 8.0, False),
        (Waiting(MESSAGE, 1.0, ticket=7, patience=4.0), 5.0, False),
    ],
)
def test_due(waiting: Waiting, due: float, is_free: bool) -> None:
    """What a frame waits for, and when something happens to it by itself."""
    leaves = [waiting.may_leave(now) for now in (due - 0.1, due)]

    assert (waiting.due, waiting.is_free) == (due, is_free)
    assert leaves == [False, is_free]


@pytest.mark.parametrize(
    ("judgement", "due"), [(FORWARD, 1.0), (Verdict(delay=2.0), 3.0), (Undecided(7, 4.0), 5.0)]
)
def test_judgement(judgement: Judgement, due: float) -> None:
    """It tells what a frame waits for, from its arrival on."""
    waiting = judged(MESSAGE, judgement, 1.0)

    assert (waiting.frame, waiting.since, waiting.due) == (MESSAGE, 1.0, due)
    assert waiting.ticket == (7 if isinstance(judgement, Undecided) else None)


def test_one_that_lets_another_go_first_waits() -> None:
    """Even if nothing else keeps it."""
    assert not Waiting(MESSAGE, 1.0, Verdict(overtaken=True)).may_leave(1.0)


@pytest.mark.parametrize(
    ("verdict", "data"),
    [(FORWARD, MESSAGE.data), (DROP, None), (Verdict(data=b"<edited/>"), b"<edited/>")],
)
def test_what_leaves(verdict: Verdict, data: bytes | None) -> None:
    """The frame as it came, or what a verdict has made of it; a person is told which."""
    waiting = Waiting(MESSAGE, 1.0, verdict.then(Verdict(hold=Hold(2.0, drops=True))), n=4)
    held = waiting.held("s2c")

    assert waiting.data == data
    assert held is not None
    assert (held.n, held.direction, held.frame, held.proposal) == (4, "s2c", MESSAGE, data)
    assert (held.since, held.until, held.drops) == (1.0, 3.0, True)


@pytest.mark.parametrize(
    "waiting",
    [Waiting(MESSAGE, 1.0, Verdict(hold=Hold())), Waiting(MESSAGE, 1.0, Verdict(delay=1.0), n=4)],
)
def test_nobody_is_asked(waiting: Waiting) -> None:
    """About what has no number yet, or is not held."""
    assert waiting.held("c2s") is None


@pytest.mark.parametrize(
    ("decision", "data", "due"),
    [(FORWARD, b"<edited/>", 1.0), (DROP, None, 1.0), (Verdict(delay=9.0), b"<edited/>", 10.0)],
)
def test_decision(decision: Verdict, data: bytes | None, due: float) -> None:
    """It is added to the verdict; the frame need not wait but for a delay of the decision's."""
    waiting = Waiting(MESSAGE, 1.0, Verdict(data=b"<edited/>", delay=5.0, hold=Hold()))
    waiting.decide(decision)

    assert (waiting.data, waiting.due, waiting.is_free) == (data, due, True)


def test_without_an_answer_it_is_as_was_said_for_that_case() -> None:
    """A hold among that is shown, and begins, only then."""
    otherwise = Verdict(data=b"<edited/>", hold=Hold(5.0))
    waiting = judged(MESSAGE, Undecided(7, 2.0, otherwise), 1.0)
    waiting.n = 4
    asked = (waiting.due, waiting.held("c2s"))
    waiting.expire(3.0)
    held = waiting.held("c2s")

    assert asked == (3.0, None)
    assert held is not None
    assert (held.until, held.proposal, waiting.is_free) == (6.0, b"<edited/>", False)


@pytest.mark.parametrize(("drops", "data"), [(True, None), (False, b"<edited/>")])
def test_expiry_of_a_hold(drops: bool, data: bytes | None) -> None:
    """When nobody has decided, what was said for that case happens."""
    waiting = Waiting(MESSAGE, 1.0, Verdict(data=b"<edited/>", hold=Hold(2.0, drops=drops)))
    waiting.expire(2.9)
    early = waiting.is_free
    waiting.expire(3.0)

    assert not early
    assert (waiting.data, waiting.is_free) == (data, True)


def test_expiry_of_a_question() -> None:
    """Without an answer the frame goes on as it came."""
    waiting = Waiting(MESSAGE, 1.0, ticket=7, patience=2.0)
    waiting.expire(3.0)

    assert (waiting.ticket, waiting.verdict) == (None, FORWARD)


# --- several


def test_order_is_kept() -> None:
    """Nobody leaves before those in front; each is taken once."""
    line = waiters(Waiting(MESSAGE, 0.0, Verdict(delay=1.0), n=1), Waiting(MESSAGE, 0.0, n=2))
    due = line.due
    early = taken(line, 0.9)

    assert (due, early) == (1.0, [])
    assert taken(line, 1.0) == [1, 2]
    assert (len(line), line.due) == (0, None)


def test_first_one_is_decided_in_its_time() -> None:
    """It is not necessary to `expire` them for that."""
    line = waiters(Waiting(MESSAGE, 0.0, Verdict(hold=Hold(1.0)), n=1))

    assert (taken(line, 0.9), taken(line, 1.0)) == ([], [1])


def test_due_is_the_earliest_of_what_will_happen() -> None:
    """Times of those behind count where a decision depends on them, and only there."""
    first = Waiting(MESSAGE, 0.0, Verdict(delay=5.0))
    free = Waiting(MESSAGE, 0.0, Verdict(delay=1.0))
    held = Waiting(MESSAGE, 0.0, Verdict(hold=Hold(3.0)))

    assert waiters(first, free).due == 5.0
    assert waiters(first, free, held).due == 3.0
    assert waiters(held, free).due == 3.0


def test_next_stanza_overtakes() -> None:
    """It goes first, however many other frames are between; how many it has overtaken is told."""
    line = waiters(
        Waiting(MESSAGE, 0.0, Verdict(overtaken=True), n=1),
        Waiting(ACK, 0.0, n=2),
        Waiting(MESSAGE, 0.0, n=3),
        Waiting(MESSAGE, 0.0, n=4),
    )
    first = line.next(0.0)

    assert first is not None
    assert (first.n, first.ahead) == (3, 1)
    assert taken(line, 0.0) == [1, 2, 4]


@pytest.mark.parametrize(
    ("verdict", "seen"),
    [
        (Verdict(delay=0.5), [(0.5, [2, 1])]),
        (Verdict(delay=2.0), [(1.0, [1]), (2.0, [2])]),
        (Verdict(hold=Hold(0.5)), [(0.5, [2, 1])]),
        (Verdict(hold=Hold(5.0)), [(1.0, [1]), (5.0, [2])]),
    ],
)
def test_overtaking_one_may_have_to_wait(
    verdict: Verdict, seen: list[tuple[float, list[int]]]
) -> None:
    """It overtakes unless that takes longer than the other one waits; all of it in due time."""
    line = waiters(
        Waiting(MESSAGE, 0.0, Verdict(overtaken=True), n=1), Waiting(MESSAGE, 0.0, verdict, n=2)
    )
    happened = []
    while (due := line.due) is not None:
        assert taken(line, due - 0.1) == []
        happened.append((due, taken(line, due)))

    assert happened == seen


def test_late_turn_is_no_reason_not_to_be_overtaken() -> None:
    """One that had to wait behind others lets go first what has come meanwhile."""
    line = waiters(Waiting(MESSAGE, 0.0, Verdict(overtaken=True), n=1), Waiting(MESSAGE, 0.5, n=2))
    first, second = line.next(9.0), line.next(9.0)

    assert first is not None
    assert second is not None
    assert [(each.n, each.ahead, each.overtakes) for each in (first, second)] == [
        (2, 1, 1), (1, 0, 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("waiting", "data"),
    [
        (Waiting(MESSAGE, 1.0, Verdict(hold=Hold(5.0), delay=2.0)), MESSAGE.data),
        (Waiting(MESSAGE, 1.0, Verdict(hold=Hold(5.0, drops=True))), None),
        (Waiting(MESSAGE, 1.0, Verdict(data=b"<a/>", overtaken=True)), b"<a/>"),
        (judged(MESSAGE, Undecided(7, 2.0, Verdict(data=b"<a/>", hold=Hold())), 1.0), b"<a/>"),
    ],
)
def test_hurry(waiting: Waiting, data: bytes | None) -> None:
    """All is decided as if the time was up, and nothing waits any longer."""
    line = waiters(waiting)
    line.hurry()
    found = line.next(1.0)

    assert found is waiting
    assert waiting.data == data


def test_delay_comes_before_being_overtaken() -> None:
    """The second in which another stanza may come begins when the delay is over."""
    line = waiters(Waiting(MESSAGE, 1.0, Verdict(delay=5.0, overtaken=True), n=1))
    due = [line.due]
    line.add(Waiting(MESSAGE, 2.0, n=2))
    due.append(line.due)
    early = taken(line, 5.9)

    assert due == [6.0 + OVERTAKEN_WITHIN, 6.0]
    assert early == []
    assert taken(line, 6.0) == [2, 1]


def test_nobody_overtakes() -> None:
    """Frames that are no stanzas do not, and after a second it is too late."""
    line = waiters(Waiting(MESSAGE, 1.0, Verdict(overtaken=True), n=1), Waiting(ACK, 1.0, n=2))

    assert line.due == 1.0 + OVERTAKEN_WITHIN
    assert (taken(line, 1.9), taken(line, 2.0)) == ([], [1, 2])


def test_decide() -> None:
    """By number, once, and only on what is held."""
    line = waiters(
        Waiting(MESSAGE, 0.0, Verdict(hold=Hold()), n=1, is_shown=True),
        Waiting(MESSAGE, 0.0, n=2),
        Waiting(MESSAGE, 0.0, Verdict(hold=Hold()), n=3, is_shown=True),
    )

    assert [line.decide(n, DROP) for n in (2, 3, 3, 4)] == [False, True, False, False]
    assert [(each.data is None, each.is_shown) for each in line] == [
        (False, True), (False, False), (True, False),
    ]  # fmt: skip


def test_extend() -> None:
    """By number, and only what is held: it waits until then at least, behind its delay."""
    line = waiters(
        Waiting(MESSAGE, 1.0, Verdict(delay=2.0, hold=Hold(5.0)), n=1),
        Waiting(MESSAGE, 1.0, Verdict(delay=2.0), n=2),
    )
    dues = []
    for until in (50.0, 10.0):
        line.extend(1, until)
        dues.append(next(iter(line)).due)

    assert [line.extend(n, 60.0) for n in (1, 2, 3)] == [True, False, False]
    assert dues == [50.0, 50.0]


def test_settle() -> None:
    """By ticket, once; the answer is the verdict."""
    line = waiters(
        Waiting(MESSAGE, 0.0, ticket=6, patience=1.0), Waiting(MESSAGE, 0.0, ticket=7, patience=1.0)
    )

    assert [line.settle(ticket, DROP) for ticket in (7, 7, 8)] == [True, False, False]
    assert [each.verdict for each in line] == [FORWARD, DROP]


def test_expire() -> None:
    """All of them, wherever they are; it is told whether a person loses the word by it."""
    line = waiters(
        Waiting(MESSAGE, 0.0, Verdict(hold=Hold(5.0)), is_shown=True),
        Waiting(MESSAGE, 0.0, ticket=7, patience=1.0),
        Waiting(MESSAGE, 0.0, Verdict(hold=Hold(2.0)), is_shown=True),
        Waiting(MESSAGE, 0.0, Verdict(hold=Hold(3.0))),
    )

    assert [line.expire(now) for now in (1.0, 2.0, 2.0, 3.0)] == [False, True, False, False]
    assert [each.is_free for each in line] == [False, True, True, True]
    assert [each.is_shown for each in line] == [True, False, False, False]


def test_are_held() -> None:
    """Whether a person is waited for, wherever."""
    line = waiters(Waiting(MESSAGE, 0.0, ticket=7, patience=1.0))
    before = line.are_held
    line.add(Waiting(MESSAGE, 0.0, Verdict(hold=Hold())))

    assert (before, line.are_held) == (False, True)


def test_clear() -> None:
    """All of them are handed over, and none is left."""
    line = waiters(Waiting(MESSAGE, 0.0, n=1), Waiting(ACK, 0.0, n=2))
    stanzas = line.stanzas

    assert [each.n for each in line.clear()] == [1, 2]
    assert (stanzas, line.stanzas, len(line), line.next(9.0)) == (1, 0, 0, None)


def test_number_of_frames_is_bounded() -> None:
    """There is room again when one has left."""
    line = waiters(*(Waiting(MESSAGE, 0.0) for _ in range(MOST - 1)))
    full = [line.is_full]
    line.add(Waiting(MESSAGE, 0.0))
    full.append(line.is_full)
    line.next(0.0)

    assert [*full, line.is_full] == [False, True, False]


@pytest.mark.parametrize("leave", ["next", "clear"])
def test_size_is_bounded(leave: str) -> None:
    """Beyond a number of bytes nothing more is taken in; there is room again afterwards."""
    big = Frame("message", b"x" * MOST_BYTES)
    line = waiters(Waiting(big, 0.0))
    full = [line.is_full]
    line.add(Waiting(MESSAGE, 0.0))
    full.append(line.is_full)
    line.next(0.0) if leave == "next" else line.clear()
    full.append(line.is_full)
    line.add(Waiting(big, 0.0))

    assert full == [False, True, False]
    assert line.is_full is (leave == "next")
