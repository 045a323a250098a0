import pytest

from tests.intervene.acting import action, scene
from tests.intervene.frames import record
from xmppspy.filters import Filter
from xmppspy.intervene.carrying import Outcome, carried_out
from xmppspy.intervene.rules import Rule
from xmppspy.protocol.verdicts import FORWARD, End, Hold, Verdict

XML = "<message id='1'><body>1</body></message>"


def carry(*forms: str, xml: str = XML) -> Outcome:
    """What a rule of such actions comes to."""
    rule = Rule(name="R", filter=Filter(), actions=tuple(map(action, forms)))
    return carried_out(rule, scene(record(xml)))


def test_actions_add_up() -> None:
    """To one verdict, with a note of which rule it was."""
    verdict, _, is_last = carry("{delay = 1}", '"duplicate"', "{hold = 5}", "{delay = 0.5}")

    assert not is_last
    assert verdict == Verdict(
        delay=1.5, copies=2, hold=Hold(5.0),
        notes=("rule R: delay 1, duplicate, hold 5, delay 0.5",),
    )  # fmt: skip


def test_edits_are_made_one_after_the_other() -> None:
    """And what comes next sees what came of them."""
    verdict, after, _ = carry(
        '{replace = "//c:body", text = "2"}', '{replace = "//c:body[. = 2]", attribute = "a", value = "3"}'
    )  # fmt: skip

    assert verdict.data == b"<message id='1'><body a=\"3\">2</body></message>"
    assert after.frame.data == verdict.data
    assert after.received.data == XML.encode()


@pytest.mark.parametrize(
    "form", ['"drop"', '{answer = "error"}', '{replace = "/*", remove = true}']
)
def test_what_is_dropped_stays_so(form: str) -> None:
    """Whatever the rule does besides."""
    verdict, _, is_last = carry(form, '{replace = "//c:body", text = "2"}', '"close"')

    assert is_last
    assert verdict.data is None
    assert verdict.end is End.CLOSE


def test_nothing_is_left_for_others_of_what_is_removed() -> None:
    """Although rules that edit are not the last ones otherwise."""
    assert carry('{replace = "/*", remove = true}').is_last
    assert not carry('{replace = "/*/*", remove = true}').is_last


def test_bookmarks_need_no_note() -> None:
    """They are one."""
    assert carry('{mark = "a"}', '{note = "b"}').verdict == Verdict(marks=("a",), notes=("b",))
    assert len(carry('{mark = "a"}', '"drop"').verdict.notes) == 1


def test_what_changes_nothing_is_nothing() -> None:
    """No note of it, no verdict."""
    assert carry('{replace = "//c:subject", text = "2"}').verdict == FORWARD


def test_a_rule_is_carried_out_as_a_whole_or_not_at_all() -> None:
    """A note tells what was in the way, and the rules behind it have their turn."""
    verdict, after, is_last = carry(
        '{replace = "//c:body", text = "2"}', '{answer = "result"}', '"close"'
    )

    assert not is_last
    assert after.frame.data == XML.encode()
    assert verdict == Verdict(notes=verdict.notes)
    assert verdict.notes[0].startswith("rule R, answer result: only an iq of type get or set has")
