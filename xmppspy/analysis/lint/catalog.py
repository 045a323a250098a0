"""Catalog: all rules, and the choice among them."""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Final

from xmppspy.analysis.lint.rule import Follower, Rule
from xmppspy.analysis.lint.rules import FAMILIES
from xmppspy.errors import UsageError


def _in(modules: Iterable[ModuleType], kind: type) -> Iterator[object]:
    return (each for module in modules for each in vars(module).values() if isinstance(each, kind))


def _order(rule: Rule) -> tuple[str, int]:
    return rule.id[0], int(rule.id[1:])


RULES: Final[dict[str, Rule]] = {
    rule.id: rule
    for rule in sorted((r for r in _in(FAMILIES, Rule) if isinstance(r, Rule)), key=_order)
}
"""Every rule by its id, in the order of the ids."""


def followers() -> list[Follower]:
    """What keeps in mind what rules need."""
    return [each for each in _in(FAMILIES, Follower) if isinstance(each, Follower)]


def chosen(select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """The rules whose ids begin with one of `select` (all, where there is none), minus `ignore`.

    Raises UsageError for what no id begins with.
    """
    wanted, unwanted = _beginnings(select), _beginnings(ignore)
    return [
        rule
        for name, rule in RULES.items()
        if (not wanted or name.startswith(wanted)) and not name.startswith(unwanted)
    ]


def named(name: str) -> Rule:
    """The rule with that id. Raises UsageError when there is none."""
    rule = RULES.get(name.upper())
    if rule is None:
        raise UsageError(_unknown(name))
    return rule


def _beginnings(names: Iterable[str]) -> tuple[str, ...]:
    beginnings = tuple(name.upper() for name in names)
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in RULES):
            raise UsageError(_unknown(beginning))
    return beginnings


def _unknown(name: str) -> str:
    return f"no lint rule is called {name!r}, or begins so; docs/lint.md lists them"
