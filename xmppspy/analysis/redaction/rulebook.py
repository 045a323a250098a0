"""RuleBook: which rule is for an element's text, for an attribute, for a value of a form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

from xmppspy.analysis.redaction.document import Element
from xmppspy.analysis.redaction.rules import (
    FIELDS,
    MESSAGES,
    RECORDED,
    SHARED,
    FieldRule,
    How,
    Rule,
    When,
)

_WHERE: Final = re.compile(r"\{([^}]*)\}([^/]+)(?:/@(.+))?")
_SASL_NAMES: Final = frozenset({"auth", "response", "challenge", "success"})
_SASL2: Final = "urn:xmpp:sasl:"
_SASL_ANYWHERE: Final = Rule("{*}auth", "login, in a wrong namespace", How.SASL)
_REMEMBERED: Final = 4096
_FIELD: Final = "field"
_VALUE: Final = "value"


@dataclass(frozen=True, slots=True)
class Place:
    """The `where` of a rule, taken apart; its names in small letters."""

    namespace: str
    element: str
    attribute: str | None

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Read `{namespace}name` or `{namespace}name/@attribute`."""
        match = _WHERE.fullmatch(rule.where)
        if match is None:
            raise ValueError(f"no place: {rule.where!r}")
        namespace, element, attribute = match.groups()
        return cls(namespace, element.lower(), _folded(attribute))

    def fits(self, namespace: str | None, local: str, attribute: str | None) -> bool:
        """Whether it is the place of the text, or an attribute, of such an element.

        Case is nothing to names. A namespace that nothing declares could be any, if the name alone
        tells enough.
        """
        if _folded(attribute) != self.attribute:
            return False
        if self.element not in ("*", local.lower()):
            return False
        if namespace is None:
            return self.element != "*" or self.attribute is not None
        if self.namespace in (namespace, "*"):
            return True
        return self.namespace.endswith("*") and namespace.startswith(self.namespace[:-1])


def _folded(name: str | None) -> str | None:
    return None if name is None else name.lower()


class RuleBook:
    """A choice of rules, indexed by names."""

    def __init__(self, rules: Sequence[Rule], fields: Sequence[FieldRule]) -> None:
        self._rules = [(Place.of(rule), rule) for rule in rules]
        self._attributes = frozenset(place.attribute for place, _ in self._rules)
        self._fields = [(each, _field_rule(each)) for each in fields]
        self._fitting: dict[tuple[str | None, str, str | None], tuple[Rule, ...]] = {}

    def for_text(self, element: Element) -> Rule | None:
        """The rule for the text of an element itself, whatever is around it."""
        local, namespace = element.local, element.namespace
        if local == _VALUE and element.parent is not None and element.parent.local == _FIELD:
            return self._for_value(element.parent)
        for rule in self._rules_for(namespace, local, None):
            if _applies(rule, element):
                return rule
        return _SASL_ANYWHERE if _looks_like_sasl(element) else None

    def for_attribute(self, element: Element, name: str) -> Rule | None:
        """The rule for the value of an attribute; the name is without its prefix."""
        if name.lower() in self._attributes:
            for rule in self._rules_for(element.namespace, element.local, name):
                if _applies(rule, element):
                    return rule
        return None

    def _rules_for(
        self, namespace: str | None, local: str, attribute: str | None
    ) -> tuple[Rule, ...]:
        """The rules that fit by names. They are few names, mostly, that come again and again."""
        key = (namespace, local, attribute)
        fitting = self._fitting.get(key)
        if fitting is None:
            if len(self._fitting) >= _REMEMBERED:
                self._fitting.clear()
            fitting = tuple(rule for place, rule in self._rules if place.fits(*key))
            self._fitting[key] = fitting
        return fitting

    def _for_value(self, field: Element) -> Rule | None:
        for each, rule in self._fields:
            attribute = field.attributes.get(each.attribute)
            if attribute is not None and _pattern(each.pattern).search(attribute.value):
                return rule
        return None


def _looks_like_sasl(element: Element) -> bool:
    """Whether it is an element of SASL in a wrong namespace."""
    if (element.namespace or "").startswith(_SASL2):
        return False
    if element.local == "auth" and "mechanism" in element.attributes:
        return True
    return element.depth == 1 and element.local in _SASL_NAMES


def _field_rule(field: FieldRule) -> Rule:
    return Rule(
        "{jabber:x:data}value",
        field.what,
        field.how,
        field.when,
        unless_boolean=field.unless_boolean,
    )


def _applies(rule: Rule, element: Element) -> bool:
    if rule.only is None:
        return True
    name, pattern = rule.only
    attribute = element.attributes.get(name)
    return _pattern(pattern).search("" if attribute is None else attribute.value) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _of(when: When, fields: Iterable[FieldRule]) -> list[FieldRule]:
    return [each for each in fields if each.when is when]


@cache
def recorded() -> RuleBook:
    """What is masked when recorded."""
    return RuleBook(RECORDED, _of(When.RECORDED, FIELDS))


@cache
def shared(*, bodies: bool) -> RuleBook:
    """What is masked in a copy that is shared."""
    return RuleBook((*RECORDED, *SHARED, *(() if bodies else MESSAGES)), FIELDS)
