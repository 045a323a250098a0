from xmppspy.view.browse.listing import Listing
from xmppspy.view.browse.messages import Look
from xmppspy.view.browse.seen import Names
from xmppspy.view.tui.filtering import FilterQuestion
from xmppspy.view.tui.memory import Forgetful
from xmppspy.view.tui.sieve import Sieve


def asked(text: str = "") -> tuple[FilterQuestion, Sieve, Forgetful, list[object]]:
    """The question, the sieve it works on, what is remembered, and what is sent."""
    sent: list[object] = []
    sieve, memory = Sieve(Listing(), sent.append), Forgetful()
    if text:
        sieve.apply(text, 0)
    return (
        FilterQuestion(sieve, memory, lambda: 3, lambda: "2 of 9 lines match"),
        sieve,
        memory,
        sent,
    )


def test_filter_is_applied_as_it_is_typed() -> None:
    """Once for each text; how much matches is said."""
    question, sieve, _, sent = asked()
    opinion = question.judge("iq type:get")
    question.judge("iq type:get")

    assert opinion.is_good
    assert opinion.spans[0] == ("meta", "2 of 9 lines match")
    assert sieve.text == "iq type:get"
    assert len([message for message in sent if isinstance(message, Look)]) == 1


def test_mistake_is_told_and_nothing_is_applied() -> None:
    """With its place and what may be meant."""
    question, sieve, _, sent = asked("iq")
    count = len(sent)
    opinion = question.judge("iq mesage")

    assert not opinion.is_good
    assert opinion.place == 3
    assert "did you mean message?" in opinion.spans[0][1]
    assert (sieve.text, len(sent)) == ("iq", count)


def test_hints_are_told() -> None:
    """What looks like a mistake without being one."""
    question, _, _, _ = asked()
    opinion = question.judge("kind:sasl")

    assert opinion.is_good
    assert "no frame has the kind sasl" in opinion.spans[1][1]


def test_leaving_brings_the_filter_before_back() -> None:
    """On or off, as it was; nothing happens where nothing was changed."""
    question, sieve, _, _ = asked("iq")
    question.judge("message")
    question.cancel()
    back = (sieve.text, sieve.is_on)
    sieve.toggle(0)
    question = FilterQuestion(sieve, Forgetful(), lambda: 0, str)
    question.judge("iq")
    question.cancel()

    assert back == ("iq", True)
    assert (sieve.text, sieve.is_on) == ("iq", False)


def test_terms_are_completed() -> None:
    """The one at the cursor, by what is known and what was seen."""
    question, _, _, _ = asked()
    question.names = Names(jids=("juliet@capulet.example",), namespaces=("urn:x",))
    words = question.choices("iq (mess")
    seen = question.choices("not from:cap")

    assert [(choice.text, choice.start) for choice in words] == [("message", 4)]
    assert [(choice.text, choice.start) for choice in seen] == [("from:juliet@capulet.example", 4)]
    assert list(question.choices("iq ")) == []


def test_field_is_no_end_of_a_term() -> None:
    """A value is to follow."""
    question, _, _, _ = asked()
    fields = {choice.text: choice.ends for choice in question.choices("fro")}

    assert fields["from:"] is False
    assert fields["from:juliet@example.org"] is True


def test_earlier_filters_are_offered_while_nothing_is_typed() -> None:
    """Saved ones first, each once."""
    question, _, memory, _ = asked()
    for text in ("a", "b"):
        memory.remember("filter", text)
    memory.save("b", saved=True)

    assert [choice.text for choice in question.choices("")] == ["b", "a"]
    assert question.choices("")[0].help.startswith("saved")


def test_answers_are_remembered() -> None:
    """Unless they are empty; what is saved can be forgotten again."""
    question, _, memory, _ = asked()
    question.accept(" iq ")
    question.accept("")
    kept = [question.keep("iq"), question.keep("iq"), question.keep(" ")]

    assert list(memory.recent("filter")) == ["iq"]
    assert kept == [True, False, None]
    assert list(memory.saved()) == []
