import pytest

from tests.intervene.acting import load
from tests.intervene.frames import frame
from tests.intervene.test_clerk import Script
from xmppspy.errors import RulesError
from xmppspy.filters import Filter
from xmppspy.intervene.desk import Desk
from xmppspy.intervene.expectations import Expected
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.toxics import Latency, Slicer, Toxic
from xmppspy.protocol.verdicts import FORWARD, Hold, Undecided, Verdict

MESSAGE = frame("<message/>")
RULES = """
[[rule]]
name = "acks"
filter = "kind:a"
actions = ["drop"]

[[rule]]
name = "messages"
filter = "message"
actions = ["drop"]
"""
LINES = """
[[rule]]
name = "slow"
bytes = "both"
actions = [{latency = 0.1}]
[[rule]]
name = "pieces"
bytes = "s2c"
actions = [{slicer = 1}]
"""


def desk(text: str = RULES) -> Desk:
    """One with rules."""
    made = Desk()
    made.reload(text, "my.toml", load)
    return made


def test_orders_reach_every_connection() -> None:
    """Those that are open, and those that come."""
    made = Desk()
    early = made.clerk(1)
    book = made.reload(RULES, "my.toml", load)
    late = made.clerk(2)
    busy = not (early.idle or late.idle)
    made.forget(1)
    made.reload("", "my.toml", load)

    assert busy
    assert book.names == ("acks", "messages")
    assert (early.idle, late.idle) == (False, True)


def test_wrong_rules_leave_the_old_ones() -> None:
    """And say where they are wrong."""
    made = desk()
    book = made.orders.book
    with pytest.raises(RulesError, match=r"my\.toml, line 2: there is no x"):
        made.reload("[[rule]]\nx = 1", "my.toml", load)

    assert made.orders.book is book


def test_rules_are_switched_by_name() -> None:
    """All of them must be known."""
    made = desk()
    clerk = made.clerk(1)
    made.switch("acks", "messages", on=False)
    off = clerk.idle
    made.switch("messages", on=True)

    assert off
    assert clerk.judge("c2s", MESSAGE, 0.0) != FORWARD
    with pytest.raises(RulesError) as caught:
        made.switch("acks", "mesages", on=True)
    assert str(caught.value) == "my.toml: there is no rule mesages; did you mean messages?"
    assert made.orders.book.disabled == {"acks"}
    with pytest.raises(RulesError, match="there is no rule x; there are acks, messages"):
        made.switch("x", on=True)


def test_matches_are_counted_over_all_connections() -> None:
    """Closed ones, too; until the rules are read again."""
    made = desk()
    for conn in (1, 2, 3):
        clerk = made.clerk(conn)
        clerk.judge("c2s", MESSAGE, 0.0)
    made.forget(1)
    made.forget(1)
    acks, messages = made.orders.book.rules

    assert made.count(acks) == (0, 0)
    assert made.count(messages) == (3, 3)
    made.reload(RULES, "my.toml", load)
    assert made.count(made.orders.book.rules[1]) == (0, 0)


def test_changes_of_the_line_are_told() -> None:
    """For each direction of each connection in which something changes."""
    made = Desk()
    told: list[tuple[int, Direction, tuple[Toxic, ...]]] = []
    made.on_toxics = lambda conn, direction, toxics: told.append((conn, direction, toxics))
    made.clerk(1)
    made.reload(LINES, "my.toml", load)
    first = told.copy()
    begun = made.clerk(2)
    told.clear()
    made.switch("pieces", on=False)
    switched = told.copy()
    told.clear()
    made.reload(LINES.replace("both", "c2s"), "my.toml", load)

    assert first == [(1, "c2s", (Latency(0.1),)), (1, "s2c", (Latency(0.1), Slicer(1)))]
    assert begun.toxics("s2c") == (Slicer(1),)
    assert switched == [(1, "s2c", (Latency(0.1),)), (2, "s2c", (Latency(0.1),))]
    assert told == [(1, "s2c", (Slicer(1),)), (2, "s2c", (Slicer(1),))]


def test_what_does_not_change_is_not_told() -> None:
    """A fault would begin anew."""
    made = desk(LINES)
    made.clerk(1)
    made.on_toxics = lambda *_: pytest.fail("nothing has changed")
    made.reload(LINES, "my.toml", load)
    made.stop_at(Filter("iq"))


def test_the_breakpoint_is_switched_and_kept() -> None:
    """Until it is forgotten."""
    made = Desk()
    clerk = made.clerk(1)
    none = made.switch_stop(on=True)
    made.stop_at(Filter("message"), Hold(3.0))
    on = clerk.judge("c2s", MESSAGE, 0.0)
    there = made.switch_stop(on=False)
    off = clerk.idle
    made.switch_stop(on=True)

    assert (none, there, off) == (False, True, True)
    assert on == clerk.judge("c2s", MESSAGE, 0.0) == Verdict(hold=Hold(3.0))
    made.stop_nowhere()
    assert clerk.idle
    assert made.orders.breakpoint is None
    made.stop_at(Filter("message"))
    assert clerk.judge("c2s", MESSAGE, 0.0) == Verdict(hold=Hold())


def test_somebody_may_be_asked() -> None:
    """On every connection."""
    made = Desk()
    clerk = made.clerk(1)
    made.ask(Script())
    asked = clerk.judge("c2s", MESSAGE, 0.0)
    made.ask(None)

    assert asked == Undecided(1, 1.0)
    assert clerk.idle


def test_answers_are_reported_with_their_connection() -> None:
    """To whoever has put the requests in."""
    made = Desk()
    told: list[tuple[int, str, str]] = []

    def report(conn: int, expected: Expected, answer: FrameRecord) -> None:
        told.append((conn, expected.id, answer.kind))

    clerk = made.clerk(4)
    for each in ("x1", "x2"):
        clerk.expect(each, "c2s", 0.0)
    clerk.judge("s2c", frame("<iq type='result' id='x1'/>"), 0.1)
    made.on_answer = report
    clerk.judge("s2c", frame("<iq type='result' id='x2'/>"), 0.2)

    assert told == [(4, "x2", "iq")]


def test_chance_is_repeated_by_its_seed() -> None:
    """Each connection draws for itself, whatever the others do."""
    chance = RULES.replace('"message"', '"message"\nprobability = 0.5')

    def drawn(made: Desk) -> list[bool]:
        clerk = made.clerk(1)
        return [clerk.judge("c2s", MESSAGE, 0.0) is FORWARD for _ in range(50)]

    one, other = desk(chance), desk(chance)
    other.clerk(2).judge("c2s", MESSAGE, 0.0)
    first = drawn(one)

    assert drawn(other) == first
    other.reseed(7)
    assert drawn(other) != first
    assert other.count(other.orders.book.rules[1])[0] == 50
