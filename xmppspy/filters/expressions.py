"""What a filter text says, as a tree of terms; its canonical text; its one predicate."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from xmppspy.filters.subject import Check, Cost, Foresight, Predicate, Subject

_NAME: Final = re.compile(r"[:=~<>]")
_NEEDS_QUOTES: Final = re.compile(r"[\s()]|^[\"']|^$")


@dataclass(frozen=True, slots=True)
class Term:
    """A bare word or a comparison. Two are equal when they say the same."""

    text: str
    """As in the canonical text."""
    check: Check = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """The word, or the field that is compared."""
        return _NAME.split(self.text, 1)[0]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where its part does not."""

    part: "Term | And | Or"

    def __str__(self) -> str:
        return f"not {_grouped(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    """Holds where all its parts do; without any, everywhere."""

    parts: "tuple[Term | Not | Or, ...]"

    def __str__(self) -> str:
        return " ".join(
            str(part) if isinstance(part, Not) else _grouped(part) for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Or:
    """Holds where one of its parts does."""

    parts: "tuple[Term | Not | And, ...]"

    def __str__(self) -> str:
        return " or ".join(map(str, self.parts))


Expression: TypeAlias = Term | Not | And | Or

EVERYTHING: Final = And(())
"""The empty filter."""


def conjunction(parts: Iterable[Expression]) -> Expression:
    """All of `parts`, without an *and* inside the *and*."""
    flat: list[Term | Not | Or] = []
    for part in parts:
        if isinstance(part, And):
            flat += part.parts
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(parts: Iterable[Expression]) -> Expression:
    """One of `parts`, without an *or* inside the *or*."""
    flat: list[Term | Not | And] = []
    for part in parts:
        if isinstance(part, Or):
            flat += part.parts
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negation(part: Expression) -> Expression:
    """The opposite of `part`."""
    return part.part if isinstance(part, Not) else Not(part)


def quoted(value: str) -> str:
    """A value as it may stand in a filter text."""
    if not _NEEDS_QUOTES.search(value):
        return value
    mark = "'" if '"' in value and "'" not in value else '"'
    return f"{mark}{value.replace(mark, mark * 2)}{mark}"


def terms(expression: Expression) -> list[Term]:
    """The terms of an expression, from left to right."""
    if isinstance(expression, Term):
        return [expression]
    if isinstance(expression, Not):
        return terms(expression.part)
    return [term for part in expression.parts for term in terms(part)]


def compiled(expression: Expression) -> Check:
    """One check for the whole expression.

    Inside an *and* or an *or* the cheap parts come first. No part has an effect or fails, so that
    changes nothing but the time it takes.
    """
    if isinstance(expression, Term):
        return expression.check
    if isinstance(expression, Not):
        part = compiled(expression.part)
        return Check(_none_of(part.holds), part.cost, foresight=_foresee_none(part.foresees))
    checks = sorted(map(compiled, expression.parts), key=lambda check: check.cost)
    predicates = tuple(check.holds for check in checks)
    foresights = tuple(check.foresees for check in checks)
    cost = max((check.cost for check in checks), default=Cost.KEYS)
    if isinstance(expression, And):
        return Check(_all_of(predicates), cost, foresight=_foresee_all(foresights))
    return Check(_any_of(predicates), cost, foresight=_foresee_any(foresights))


def _none_of(holds: Predicate) -> Predicate:
    return lambda subject: not holds(subject)


def _all_of(predicates: tuple[Predicate, ...]) -> Predicate:
    def holds(subject: Subject) -> bool:
        for predicate in predicates:  # noqa: SIM110 - all() costs a generator each time
            if not predicate(subject):
                return False
        return True

    return holds


def _any_of(predicates: tuple[Predicate, ...]) -> Predicate:
    def holds(subject: Subject) -> bool:
        for predicate in predicates:  # noqa: SIM110 - any() costs a generator each time
            if predicate(subject):
                return True
        return False

    return holds


# The same with three values, where None is "open" (Kleene's strong logic of indeterminacy).


def _foresee_none(foresees: Foresight) -> Foresight:
    def foresight(subject: Subject) -> bool | None:
        answer = foresees(subject)
        return None if answer is None else not answer

    return foresight


def _foresee_all(foresights: tuple[Foresight, ...]) -> Foresight:
    def foresight(subject: Subject) -> bool | None:
        answers = [foresees(subject) for foresees in foresights]
        return False if False in answers else None if None in answers else True

    return foresight


def _foresee_any(foresights: tuple[Foresight, ...]) -> Foresight:
    def foresight(subject: Subject) -> bool | None:
        answers = [foresees(subject) for foresees in foresights]
        return True if True in answers else None if None in answers else False

    return foresight


def _grouped(part: Expression) -> str:
    return str(part) if isinstance(part, Term) else f"({part})"
