import pytest

from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.complaints import printable
from xmppspy.filters.vocabulary import FIELDS, WORDS


def _complaint(*arguments: str) -> str:
    with pytest.raises(FilterError) as caught:
        Filter.from_arguments(arguments)
    return str(caught.value).splitlines()[0].removeprefix("filter: ")


def test_an_unknown_word_is_answered_with_the_nearest_and_all() -> None:
    """So that nobody needs the manual for a slip of the hand."""
    assert _complaint("mesage") == (
        f"unknown word mesage (did you mean message? known: {' '.join(WORDS)};"
        " any other element: kind:NAME)"
    )
    assert _complaint("zzz") == (
        f"unknown word zzz (known: {' '.join(WORDS)}; any other element: kind:NAME)"
    )


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("MESSAGE", "message"), ("AND", "and"), ("prescence", "presence"), ("boddy", "body")],
)
def test_the_nearest_may_be_a_keyword_or_a_field(text: str, nearest: str) -> None:
    """And is found in whatever case it was written."""
    assert f"did you mean {nearest}?" in _complaint(f"iq {text} c2s")


def test_an_unknown_field_is_answered_with_the_nearest_and_all() -> None:
    """Likewise."""
    assert _complaint("form:x") == (
        f"unknown field form (did you mean from? known: {' '.join(FIELDS)})"
    )
    assert _complaint("zzz=x") == f"unknown field zzz (known: {' '.join(FIELDS)})"


def test_a_word_is_no_field_and_a_field_no_word() -> None:
    """The answer says what it is."""
    assert _complaint("message:x").startswith("message is a word and takes no value (known: kind")
    assert _complaint("body") == "body is a field (write body:wherefore)"


def test_a_wrong_operator_is_answered_with_the_right_ones() -> None:
    """And an example."""
    assert _complaint("size~1") == "size does not take ~ (only : = < >, such as size:1000..)"
    assert _complaint("type!=x") == "there is no operator != (write not type=…)"


def test_a_bare_address_is_answered_with_the_field() -> None:
    """Which is what was meant."""
    assert _complaint("juliet@example.org").startswith(
        "unknown word juliet@example.org (addresses are found by jid:juliet@example.org; known: "
    )


@pytest.mark.parametrize(
    ("arguments", "quoted"),
    [(["body:art thou"], 'body:"art thou"'), (["text=art", "thou"], 'text="art thou"')],
)
def test_a_value_that_lost_its_quotes_is_answered_with_them(
    arguments: list[str], quoted: str
) -> None:
    """A shell takes one pair of quotes away."""
    assert f"(a value with spaces is quoted: {quoted}; did you mean " in _complaint(*arguments)


@pytest.mark.parametrize(
    "text",
    ['body:"art" thou', "body:art or thou", "body:art (thou)", "body:art iq thou", "id:art thou"],
)
def test_a_word_that_does_not_follow_a_value_is_no_part_of_it(text: str) -> None:
    """Then only the known words are told."""
    assert "quoted" not in _complaint(text)
    assert _complaint(text).startswith("unknown word thou (did you mean ")


def test_printable_text_keeps_its_length() -> None:
    """Control and bidirectional characters are replaced one by one."""
    assert printable("a\x1b\n\u202eé b\ud800") == "a\ufffd\ufffd\ufffdé b\ufffd"
