import pytest

from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.vocabulary import FIELDS, KEYWORDS, WORDS


def test_the_fields_are_those_of_the_manual() -> None:
    """Those of the specification."""
    text = "kind dir type id from to jid event name ns xep body text raw xpath conn n size latency t time"

    assert " ".join(FIELDS) == text


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_knows_its_help(name: str) -> None:
    """One line, an operator at least, and an example that is a filter."""
    field = FIELDS[name]

    assert field.help
    assert "\n" not in field.help
    assert str(Filter(field.example)).startswith(name)
    assert set(field.operators) <= set(":=~<>")


@pytest.mark.parametrize("name", WORDS)
def test_every_word_knows_its_help(name: str) -> None:
    """And is a filter by itself."""
    assert WORDS[name].help
    assert str(Filter(name)) == name


def test_no_name_has_two_meanings_but_those_intended() -> None:
    """A field may share a word's name, since a field has an operator behind it; keywords may not."""
    assert set(WORDS) & set(FIELDS) == {"event"}
    assert not (set(WORDS) | set(FIELDS)) & set(KEYWORDS)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("operator", ":=~<>")
def test_a_field_takes_its_operators_and_no_other(name: str, operator: str) -> None:
    """The others are refused at once, with those that it takes."""
    value = FIELDS[name].example[len(name) + 1 :]
    if operator in FIELDS[name].operators:
        plain = value.partition("..")[0]
        assert str(Filter(f"{name}{operator}{plain}")) == f"{name}{operator}{plain}"
    else:
        with pytest.raises(FilterError, match=f"{name} does not take {operator}"):
            Filter(f"{name}{operator}{value}")
