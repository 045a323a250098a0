import pytest

from xmppspy.view.browse.messages import Needle
from xmppspy.view.tui.memory import Forgetful
from xmppspy.view.tui.questions import AskFor, Asking, SearchQuestion, needle


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("art", Needle("art")),
        ("Art", Needle("Art", is_exact=True)),
        ("~a.t", Needle("a.t", is_regex=True, is_exact=True)),
    ],
)
def test_what_is_looked_for(text: str, expected: Needle) -> None:
    """Capitals count if there are any; behind a tilde stands a regular expression."""
    assert needle(text) == expected


def test_search_is_asked_for() -> None:
    """It is looked for and remembered; nothing typed is what was looked for last."""
    memory, looked = Forgetful(), list[Needle]()
    SearchQuestion(memory, looked.append).accept("thou")
    SearchQuestion(memory, looked.append, "thou").accept("")
    SearchQuestion(memory, looked.append).accept("")
    question = SearchQuestion(memory, looked.append)

    assert looked == [Needle("thou"), Needle("thou")]
    assert [choice.text for choice in question.choices("")] == ["thou"]
    assert list(question.choices("t")) == []


def test_wrong_regular_expression_is_not_taken() -> None:
    """The place is told, behind the tilde."""
    question = SearchQuestion(Forgetful(), print)
    opinion = question.judge("~a(")

    assert not opinion.is_good
    assert opinion.place == 2
    assert question.judge("~a").is_good
    assert question.judge("a(").is_good


def test_anything_may_be_refused() -> None:
    """With a reason; else it is taken."""
    taken: list[str] = []
    question = AskFor("go to", "a frame", taken.append, lambda text: "no" if text == "x" else "")
    question.accept("7")

    assert question.judge("7").spans == (("meta", "a frame"),)
    assert question.judge("x").spans == (("error", "no"),)
    assert not question.judge("x").is_good
    assert taken == ["7"]


def test_plain_question_does_nothing() -> None:
    """It has no choices, keeps nothing, and can be left."""
    question = Asking("label", text="before")
    question.accept("x")
    question.cancel()

    assert (question.text, question.keep("x"), question.choices("x")) == ("before", None, ())
