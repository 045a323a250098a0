import pytest

from xmppspy.control.replies import Breakpoint
from xmppspy.view.tui.holding import HoldQuestion, OneOf
from xmppspy.view.tui.memory import Forgetful
from xmppspy.view.tui.question import Opinion

NOW = Breakpoint(on=True, filter="message", timeout=20.0, otherwise="drop")
ANSWERS = (("close", "in order"), ("reset", "at once"))


def text_of(opinion: Opinion) -> str:
    """What is said."""
    return "".join(text for _, text in opinion.spans)


def test_hold_begins_with_what_is_held_now() -> None:
    """And says how long frames wait, and what then becomes of them."""
    question = HoldQuestion(NOW, Forgetful(), print)

    assert question.text == "message"
    assert text_of(question.judge("iq")) == "what matches waits for you, 20 s at most, then drop"
    assert "nothing is held" in text_of(question.judge(" "))


def test_filter_of_hold_is_judged() -> None:
    """With the place that is wrong."""
    opinion = HoldQuestion(NOW, Forgetful(), print).judge("iq typ:get")

    assert not opinion.is_good
    assert opinion.place == 3


def test_hold_offers_what_may_follow() -> None:
    """Or, while nothing is typed, what was typed before."""
    memory = Forgetful()
    memory.remember("filter", "presence")
    question = HoldQuestion(NOW, memory, print)

    assert [each.text for each in question.choices("")] == ["presence"]
    assert "message" in [each.text for each in question.choices("mess")]


def test_hold_is_taken_and_remembered() -> None:
    """An empty one is taken, too."""
    memory, taken = Forgetful(), list[str]()
    question = HoldQuestion(NOW, memory, taken.append)
    question.accept(" iq ")
    question.accept("")

    assert taken == ["iq", ""]
    assert memory.recent("filter") == ["iq"]


@pytest.mark.parametrize(
    ("text", "taken"), [("close", ["close"]), ("R", ["reset"]), (" res ", ["reset"]), ("", [])]
)
def test_beginning_of_an_answer_will_do(text: str, taken: list[str]) -> None:
    """Nothing is none."""
    got: list[str] = []
    question = OneOf("end", ANSWERS, got.append)
    opinion = question.judge(text)
    question.accept(text)

    assert opinion.is_good
    assert got == taken


def test_other_answers_are_none() -> None:
    """What there is, is said."""
    question = OneOf("end", ANSWERS, print)

    assert not question.judge("kill").is_good
    assert text_of(question.judge("kill")) == "one of close, reset"
    assert text_of(question.judge("")) == "its first letters will do"
    assert [each.text for each in question.choices("r")] == ["reset"]
