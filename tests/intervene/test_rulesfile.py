import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intervene.acting import load
from xmppspy.errors import RulesError
from xmppspy.filters import Filter
from xmppspy.intervene.rules import LineRule, Rule
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.intervene.vocabulary import KINDS

FILE = """\
# what the archive does on a bad day
[[rule]]
name = "slow archive"
filter = "s2c xep:0313"
actions = [{delay = 2.0}, "duplicate"]
every = 3
first = 10
probability = 0.5

[[rule]]
bytes = "both"
actions = [{latency = 0.2, jitter = 0.05}, {slicer = 1}]
probability = 0.1
enabled = false

[[rule]]
filter = ""
actions = [{inject = "push.xml"}]
"""


def wrong(text: str) -> RulesError:
    """What is said of a file that cannot be followed."""
    with pytest.raises(RulesError) as caught:
        read_rules(text, "my.toml", load)
    return caught.value


def test_rules_are_read_in_their_order() -> None:
    """With all that a table may say, and what it leaves out."""
    book = read_rules(FILE, "my.toml", load)
    slow, line, last = book.rules

    assert isinstance(slow, Rule)
    assert (slow.name, slow.filter, slow.words) == (
        "slow archive", Filter("s2c xep:0313"), "delay 2.0, duplicate",
    )  # fmt: skip
    assert (slow.every, slow.first, slow.probability) == (3, 10, 0.5)
    assert isinstance(line, LineRule)
    assert (line.name, line.directions, line.probability) == ("rule 2", ("c2s", "s2c"), 0.1)
    assert isinstance(last, Rule)
    assert (last.name, last.every, last.first, last.probability) == ("rule 3", 1, None, 1.0)
    assert book.disabled == {"rule 2"}
    assert book.files == ("push.xml",)
    assert book.hints == ()


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "\ufeff", "rule = []"])
def test_no_rules_are_rules(text: str) -> None:
    """A file may be empty."""
    assert read_rules(text, "my.toml", load).rules == ()


def test_rules_may_be_one_array() -> None:
    """That is the same to TOML."""
    book = read_rules("rule = [{filter = 'iq', actions = ['drop']}]", "my.toml", load)

    assert book.names == ("rule 1",)


def test_hints_say_where() -> None:
    """What looks like a mistake is told with its line."""
    text = """
[[rule]]
filter = "kind:sasl"
actions = ["drop",
  {replace = "//body", text = ""}]
"""

    assert read_rules(text, "my.toml", load).hints == (
        "my.toml, line 3: no frame has the kind sasl; the class is the bare word sasl",
        "my.toml, line 5: xpath: body without a prefix is in no namespace; did you mean c:body?",
    )


_RULE = '[[rule]]\nfilter = "iq"\n'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[[rule]]\nfilter = iq\n", 2, "this is no TOML: invalid value"),
        ("[[rule]]\nfilter = 'iq", 2, "this is no TOML: "),
        ("[[rule]]\n\n[[rule", 3, "this is no TOML: "),
        ("\n[rule]\nfilter = 'iq'", 2, "a rule begins with [[rule]], in double brackets"),
        ("rule = ['drop']", 1, "a rule begins with [[rule]], in double brackets"),
        ("\n[[rules]]\n", 2, "there is no rules; a rule begins with [[rule]]"),
        ("\n\nfilter = 'iq'\n", 3, "there is no filter; a rule begins with [[rule]]"),
        (f"{_RULE}actoins = []", 3, "there is no actoins; did you mean actions?"),
        (f"{_RULE}x = []", 3, "there is no x; there are name, filter, bytes, actions, enabled"),
        (_RULE, 1, 'a rule has actions in an array: actions = ["drop"]'),
        (f"{_RULE}actions = 'drop'", 3, "a rule has actions in an array"),
        (f"{_RULE}actions = []", 3, "a rule has actions in an array"),
        ("[[rule]]\nactions = ['drop']", 1, "a rule has either a filter or bytes"),
        (f"{_RULE}bytes = 'c2s'\nactions = ['drop']", 2, "a rule has either a filter or bytes"),
        ("[[rule]]\nfilter = 7\nactions = ['drop']", 2, "a filter is a text in quotation marks"),
        (f"{_RULE}actions = ['drop',\n\n'dorp']", 5, "there is no action dorp; did you mean drop?"),
        (f"{_RULE}actions = ['drop']\nevery = 0", 4, "every: 0 is no number from 1"),
        (f"{_RULE}actions = ['drop']\nenabled = 'no'", 4, 'enabled: "no" is not true or false'),
        (f"{_RULE}name = 7\nactions = ['drop']", 3, "name: 7 is no text in quotation marks"),
        (
            f"{_RULE}name = 'a'\nactions = ['drop']\n{_RULE}actions = ['drop']\nname = 'a'",
            8, "there is a rule a already",
        ),
        ("[[rule]]\nbytes = 'up'\nactions = [{latency = 1}]", 2, 'bytes: "up" is not one of c2s,'),
        (
            "[[rule]]\nbytes = 'c2s'\nactions = [{latency = 1},\n'drop']",
            4, "drop is for frames, so it needs a filter",
        ),
        (
            "[[rule]]\nbytes = 'c2s'\nevery = 3\nactions = [{latency = 1}]",
            3, "every counts frames, so it needs a filter instead of bytes",
        ),
        (
            "[[rule]]\nfilter = 'iq n:7'\nactions = ['drop']",
            2, "a rule cannot ask for n: a frame gets its number when it is recorded",
        ),
        (
            "[[rule]]\nfilter = 'event'\nactions = ['drop']",
            2, "a rule cannot ask for event: rules are about frames",
        ),
        (f"{_RULE}actions = [{{inject = 'no.xml'}}]", 3, "no.xml: No such file or directory"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, reason: str) -> None:
    """And with what would be right."""
    error = wrong(text)

    assert error.reason.startswith(reason)
    assert (error.path, error.line) == ("my.toml", line)


def test_a_wrong_filter_is_shown() -> None:
    """With a caret under the place, as everywhere."""
    error = wrong("[[rule]]\nfilter = 'iq typ:get'\nactions = ['drop']")

    assert str(error).splitlines()[0].startswith("my.toml, line 2: unknown field typ (did you mean")
    assert str(error).splitlines()[1:] == ["  iq typ:get", "     ^"]


def test_a_wrong_xpath_is_shown() -> None:
    """Where it stands in an action."""
    error = wrong(f"{_RULE}actions = [\n{{replace = '//c:body[', text = ''}}]")

    assert error.line == 4
    assert error.reason.startswith("xpath: Invalid expression")
    assert error.shown.splitlines()[0] == "  //c:body["


def test_wrong_xml_is_shown() -> None:
    """With the file it stands in, if it does."""
    error = wrong(f"{_RULE}actions = [{{answer = '<iq><a></iq>'}}]")
    in_file = wrong(f"{_RULE}actions = [{{inject = 'broken.xml'}}]")

    assert str(error).splitlines() == [
        "my.toml, line 3: </iq> where </a> was to come",
        "  <iq><a></iq>",
        "         ^",
    ]
    assert in_file.reason == "broken.xml: <iq> is not closed"


def test_too_deep_a_file_is_wrong() -> None:
    """It is no reason to fall over."""
    assert wrong("x = " + "[" * 100_000).reason


_pieces = st.sampled_from(
    ["[[rule]]", "\n", "filter", "bytes", "actions", "every", "first", "name", "enabled", " = ",
     '"iq"', '"drop"', '"c2s"', "[", "]", "{", "}", ",", "7", "0.5", "true", "# x", '"//c:body"',
     "text = ''", "remove = true", *KINDS]
)  # fmt: skip


@given(st.one_of(st.text(max_size=40), st.lists(_pieces, max_size=25).map("".join)))
def test_any_text_is_rules_or_wrong_at_some_line(text: str) -> None:
    """Nothing else is raised."""
    try:
        book = read_rules(text, "my.toml", load)
    except RulesError as caught:
        error = caught
    else:
        assert all(map(str, book.rules))
        return

    assert error.reason
    assert 0 <= error.line <= text.count("\n") + 1
