from tests.intervene.acting import load
from xmppspy.intervene.rules import NO_RULES
from xmppspy.intervene.rulesfile import read_rules

BOOK = read_rules(
    """
rule = [
  {name = "a", filter = "iq", actions = ["drop"]},
  {name = "b", filter = "", actions = [{mark = "x"}, {delay = 1}], enabled = false},
  {name = "c", bytes = "s2c", actions = [{latency = 0.1}]},
  {name = "d", bytes = "both", actions = [{slicer = 1}]},
]
""",
    "my.toml",
    load,
)


def test_rules_show_themselves() -> None:
    """What they are about, and what they do."""
    assert [str(rule) for rule in BOOK.rules] == [
        "iq: drop",
        "everything: mark x, delay 1",
        "all bytes of s2c: latency 0.1",
        "all bytes of both directions: slicer 1",
    ]


def test_a_rule_without_a_name_has_its_number() -> None:
    """Notes do not say twice that it is a rule."""
    (nameless,) = read_rules('[[rule]]\nfilter = "iq"\nactions = ["drop"]', "x", load).of_frames

    assert nameless.title == "rule 1"
    assert BOOK.of_frames[0].title == "rule a"


def test_rules_are_switched_by_name() -> None:
    """The rules themselves stay the same ones, so that what they have counted stays, too."""
    other = BOOK.switched(["a", "c"], on=False).switched(["b", "a"], on=True)

    assert other.rules is BOOK.rules
    assert [rule.name for rule in BOOK.of_frames] == ["a"]
    assert [rule.name for rule in BOOK.of_lines] == ["c", "d"]
    assert [rule.name for rule in other.of_frames] == ["a", "b"]
    assert [rule.name for rule in other.of_lines] == ["d"]
    assert other.names == ("a", "b", "c", "d")
    assert not NO_RULES.of_frames
    assert not NO_RULES.of_lines


def test_a_rule_knows_whether_others_follow() -> None:
    """After a drop, none does."""
    a, b = BOOK.switched("b", on=True).of_frames

    assert a.is_last
    assert not b.is_last


def test_rules_are_told_apart_by_what_they_are() -> None:
    """Not by what they say: the same rule read again counts anew."""
    again = read_rules('[[rule]]\nname = "a"\nfilter = "iq"\nactions = ["drop"]', "x", load)

    assert again.rules[0] != BOOK.rules[0]
