import pytest

from xmppspy.analysis.lint import RULES, Severity, named
from xmppspy.analysis.lint.catalog import chosen, followers
from xmppspy.analysis.lint.examples import examples
from xmppspy.analysis.lint.rules import FAMILIES
from xmppspy.errors import UsageError


def ids(*select: str, ignore: tuple[str, ...] = ()) -> list[str]:
    """The ids of the rules that are chosen."""
    return [rule.id for rule in chosen(select, ignore)]


def test_all_rules_are_there() -> None:
    """None is lost on the way from the families, and no id is given twice."""
    declared = [
        each.id
        for module in FAMILIES
        for each in vars(module).values()
        if each in RULES.values()
    ]  # fmt: skip

    assert len(RULES) == 137
    assert sorted(declared) == sorted(RULES)


def test_each_rule_is_checked_or_says_why_not() -> None:
    """A rule without checks would never be broken."""
    unchecked = [
        name
        for name, rule in RULES.items()
        if not any(
            (rule.frame_checks, rule.tls_checks, rule.end_checks, rule.request_checks,
             rule.fault_checks)
        )
    ]  # fmt: skip

    assert unchecked == [name for name, rule in RULES.items() if rule.unseen] == ["B01", "W01"]


def test_each_rule_has_both_examples() -> None:
    """One that breaks it, and one that keeps it."""
    shown = {
        (example.rule, example.clean)
        for module in FAMILIES
        if module.__name__.rpartition(".")[2] != "unseen"
        for example in examples(module.__name__.rpartition(".")[2])
    }
    checked = [name for name, rule in RULES.items() if not rule.unseen]

    assert shown == {(name, clean) for name in checked for clean in (False, True)}


def test_each_rule_says_where_it_is_written() -> None:
    """A section, or what else it goes by; and what is wrong, in a few words."""
    for rule in RULES.values():
        assert rule.ref.startswith(("RFC ", "XEP-", "heuristic", "XMPP registry"))
        assert 10 < len(rule.title) < 100
        assert rule.severity in Severity


def test_rules_are_chosen_by_beginnings() -> None:
    """Upper case or not."""
    assert ids("M2") == ["M20", "M21", "M22", "M23", "M24", "M25", "M26", "M27"]
    assert ids("a01", "D", ignore=("D03",)) == ["A01", "D01", "D02"]
    assert len(ids()) == 137
    assert ids("S01", ignore=("S",)) == []


@pytest.mark.parametrize("name", ["Z9", "S1x", "all"])
def test_unknown_rules_are_wrong_usage(name: str) -> None:
    """A rule that is never broken because of a typing error helps nobody."""
    with pytest.raises(UsageError, match="no lint rule is called"):
        chosen([name], [])
    with pytest.raises(UsageError, match="no lint rule is called"):
        chosen([], [name])
    with pytest.raises(UsageError):
        named(name)


def test_rules_are_found_by_name() -> None:
    """Upper case or not."""
    assert named("s16") is RULES["S16"]


def test_followers_are_found() -> None:
    """Those of all families."""
    assert len(followers()) > 20
