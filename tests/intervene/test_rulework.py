from dataclasses import replace

from tests.intervene.acting import load
from tests.intervene.frames import ids_of, record
from xmppspy.intervene.draws import Draws
from xmppspy.intervene.orders import Orders
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.intervene.rulework import Findings, RuleWork
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.toxics import Slicer
from xmppspy.protocol.verdicts import FORWARD

MESSAGE = record("<message id='1'><body>1</body></message>")
IQ = record("<iq type='get' id='1'/>")


def orders(*tables: str) -> Orders:
    """Rules, each a table without its head."""
    text = "".join(f"[[rule]]\n{table}\n" for table in tables)
    return Orders(book=read_rules(text, "my.toml", load))


def work(*tables: str) -> RuleWork:
    """Those rules at work."""
    made = RuleWork(Draws(0, 1), ids_of(1))
    made.follow(orders(*tables))
    return made


def look(at_work: RuleWork, frame: FrameRecord = MESSAGE) -> Findings:
    """What the rules come to, which match."""
    findings = at_work.look_at(frame, DEFAULT_CONTEXT)
    assert findings is not None
    return findings


def test_where_no_rule_matches_there_is_nothing_to_say() -> None:
    """Where one matches and it is not its turn, the frame goes on as it came."""
    at_work = work("filter = 'message'\nactions = ['drop']\nevery = 2")

    assert at_work.look_at(IQ, DEFAULT_CONTEXT) is None
    assert look(at_work).verdict is FORWARD
    assert look(at_work).verdict.data is None


def test_rules_add_up_in_their_order() -> None:
    """Filters judge what was received, edits what has come of it."""
    found = look(work(
        "filter = 'body:1'\nactions = [{replace = '//c:body', text = '2'}]",
        "filter = 'body:1'\nactions = [{replace = '//c:body[. = 2]', text = '3'}]",
        "filter = 'body:3'\nactions = ['drop']",
        "filter = 'message'\nactions = [{slicer = 1}]\nname = 'last'",
    ))  # fmt: skip

    assert found.verdict.data == b"<message id='1'><body>3</body></message>"
    assert found.frame.data == found.verdict.data
    assert [(rule.name, toxics) for rule, toxics in found.begun] == [("last", (Slicer(1),))]
    assert len(found.verdict.notes) == 3


def test_behind_the_last_rule_no_other_is_looked_at() -> None:
    """Nor does it count; but where the last one fails, they have their turn."""
    at_work = work(
        "filter = 'iq or message'\nactions = [{answer = 'result'}]",
        "filter = ''\nactions = [{note = 'reached'}]",
    )

    assert "reached" not in look(at_work, IQ).verdict.notes
    assert "reached" in look(at_work).verdict.notes
    assert sorted(at_work.counts.values()) == [(1, 1), (2, 2)]


def test_spent_rules_are_not_asked_any_more() -> None:
    """Whatever else is going on."""
    at_work = work(
        "filter = 'message'\nactions = ['drop']\nfirst = 1", "filter = 'iq'\nactions = ['drop']"
    )
    head = record("<message>")
    before = at_work.may_match(head)
    look(at_work)

    assert before
    assert not at_work.may_match(head)
    assert at_work.look_at(MESSAGE, DEFAULT_CONTEXT) is None
    assert len(at_work.active) == 1


def test_rules_go_on_counting_when_they_are_switched() -> None:
    """And begin anew when they are read again."""
    table = "name = 'a'\nfilter = 'message'\nactions = ['drop']\nevery = 2"
    given = orders(table)
    at_work = RuleWork(Draws(0, 1), ids_of(1))
    at_work.follow(given)
    look(at_work)
    at_work.follow(Orders(book=given.book.switched(["a"], on=False)))
    off = at_work.look_at(MESSAGE, DEFAULT_CONTEXT)
    at_work.follow(given)

    assert off is None
    assert look(at_work).verdict.data is None
    look(at_work)
    at_work.follow(orders(table))
    assert look(at_work).verdict is FORWARD


def test_rules_that_follow_requests_want_all_frames() -> None:
    """An answer is slow by what went the other way before it."""
    at_work = work("filter = 's2c latency:1..'\nactions = ['drop']")
    request = record("<iq type='get' id='1' to='a@b'/>")
    answer = record("<iq type='result' id='1' from='a@b'/>", "s2c")

    assert at_work.may_match(record("<iq type='get' id='1'>"))
    assert at_work.look_at(request, DEFAULT_CONTEXT) is None
    assert look(at_work, replace(answer, t=1.5)).verdict.data is None
