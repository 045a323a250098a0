from tests.scripting.staging import MESSAGE, frame_of
from xmppspy.intervene.records import record_of
from xmppspy.proxy.scripts.calls import Call, Calls, Question
from xmppspy.scripting import limits
from xmppspy.scripting.messages import Close, Load, Open

GOOD, NEW, NEWER = Load(b"good"), Load(b"new"), Load(b"newer")
OPEN, CLOSE = Open(1, "c:1"), Close(1)


def question(ticket: int, t: float = 0.0) -> Question:
    """A question about a message that has arrived at `t`."""
    return Question(ticket, record_of(1, "c2s", frame_of(MESSAGE), t))


def _sent(calls: Calls, now: float = 0.0) -> list[Call]:
    return list(iter(lambda: calls.send(now), None))


def test_calls_are_made_and_answered_in_order() -> None:
    """A reply is always to the first that was sent; without one it answers nothing."""
    calls = Calls(1.0)
    made: list[Call] = [GOOD, OPEN, question(1)]
    for call in made:
        calls.add(call)

    assert _sent(calls) == made
    assert [calls.answered(0.0) for _ in range(4)] == [*made, None]


def test_what_takes_too_long_counts_from_when_it_could_begin() -> None:
    """That is when the one before was answered, or when it was sent."""
    calls = Calls(1.0)
    allowed = 1.0 + limits.GRACE
    assert calls.overdue(100.0) is None
    calls.add(question(1))
    calls.add(question(2))
    _sent(calls, 10.0)

    assert calls.overdue(10.0 + allowed) is None
    assert calls.overdue(10.1 + allowed) == allowed
    calls.answered(20.0)
    assert calls.overdue(20.0 + allowed) is None
    assert calls.overdue(20.1 + allowed) == allowed
    calls.answered(30.0)
    assert calls.overdue(100.0) is None


def test_loading_may_take_longer() -> None:
    """A script may import a lot."""
    calls = Calls(1.0)
    calls.add(GOOD)
    _sent(calls)

    assert calls.overdue(limits.LOAD) is None
    assert calls.overdue(limits.LOAD + limits.GRACE + 1) == limits.LOAD + limits.GRACE


def test_an_interruption() -> None:
    """What was being done is told, and other questions are asked again of the next process.

    That learns first what it has to load, then what connections there are.
    """
    calls = Calls(1.0)
    for call in (OPEN, question(1), question(2)):
        calls.add(call)
    _sent(calls)
    for later in (CLOSE, question(3), NEW, NEWER):
        calls.add(later)
    assert calls.interrupted() == OPEN
    calls.begin([GOOD], [OPEN])

    assert _sent(calls) == [GOOD, NEWER, OPEN, question(1), question(2), question(3)]


def test_what_waits_for_too_long_is_given_up() -> None:
    """Once, whether it was sent or not; a new process is not asked about it."""
    calls = Calls(1.0)
    for ticket in (1, 2, 3, 4):
        calls.add(question(ticket, t=float(ticket)))
    calls.send(0.0)
    calls.send(0.0)

    assert calls.give_up(2.0) == [question(1, t=1.0)]
    assert calls.give_up(4.0) == [question(2, t=2.0), question(3, t=3.0)]
    assert calls.give_up(4.0) == []
    assert calls.is_given_up(question(1))
    assert not calls.is_given_up(question(4))
    assert calls.interrupted() == question(1, t=1.0)
    calls.begin([], [])
    assert _sent(calls) == [question(4, t=4.0)]


def test_questions_can_be_taken_out() -> None:
    """Those that were not asked yet; the rest stays."""
    calls = Calls(1.0)
    calls.add(question(1))
    _sent(calls)
    for call in (question(2), NEW, question(3)):
        calls.add(call)

    assert calls.questions() == [question(2), question(3)]
    assert _sent(calls) == [NEW]
