"""What a filter that is being typed may go on with; for shells."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from xmppspy.analysis import registry
from xmppspy.filters.atoms import Field
from xmppspy.filters.keys import EVENT_NAMES
from xmppspy.filters.vocabulary import FIELDS, KEYWORDS, WORDS
from xmppspy.filters.words import DIRECTIONS, KINDS, NO_ELEMENT

_COMPARISON: Final = re.compile(r"([a-z]+)([:=])(.*)", re.DOTALL)
_OPERATORS: Final = {"=": "exactly", "~": "a regular expression finds it"}
_TAKEN_BY_SHELLS: Final = "<>"
_TYPES: Final = {
    "get": "iq", "set": "iq", "result": "iq", "error": "any stanza", "chat": "message",
    "groupchat": "message", "headline": "message", "normal": "message", "unavailable": "presence",
    "subscribe": "presence", "subscribed": "presence", "unsubscribe": "presence",
    "unsubscribed": "presence", "probe": "presence",
}  # fmt: skip
"""RFC 6121 §4.7.1, §5.2.2; RFC 6120 §8.2.3."""


class Completion(NamedTuple):
    """A term, or the beginning of one."""

    text: str
    help: str


def completions(typed: str) -> list[Completion]:
    """The terms that begin with `typed`: words, fields, and the values that a field is known for.

    Where only one field is meant, it is given with each of its operators that needs no quotes.
    """
    match = _COMPARISON.fullmatch(typed)
    if match is not None:
        field = FIELDS.get(match[1])
        known = _VALUES.get(match[1])
        if field is None or known is None or match[2] not in field.operators:
            return []
        terms: Iterable[Completion] = (
            Completion(f"{match[1]}{match[2]}{value}", said) for value, said in known()
        )
        return _beginning(terms, typed)
    found = _beginning(_terms(), typed)
    if len(found) == 1 and found[0].text[:-1] in FIELDS:
        return list(_comparisons(FIELDS[found[0].text[:-1]]))
    return found


def _beginning(terms: Iterable[Completion], typed: str) -> list[Completion]:
    return [term for term in terms if term.text.startswith(typed)]


def _terms() -> Iterator[Completion]:
    yield from (Completion(word.name, word.help) for word in WORDS.values())
    yield from (Completion(f"{field.name}:", field.help) for field in FIELDS.values())
    yield from (Completion(name, "joins terms") for name in KEYWORDS)


def _comparisons(field: Field) -> Iterator[Completion]:
    for operator in field.operators:
        if operator not in _TAKEN_BY_SHELLS:
            yield Completion(f"{field.name}{operator}", _OPERATORS.get(operator, field.help))
    yield Completion(field.example, "for example")


def _kinds() -> Iterator[tuple[str, str]]:
    yield from ((word.name, word.help) for word in KINDS)
    yield from ((name, "no element") for name in sorted(NO_ELEMENT))


def _directions() -> Iterable[tuple[str, str]]:
    return ((word.name, word.help) for word in DIRECTIONS)


def _types() -> Iterable[tuple[str, str]]:
    return _TYPES.items()


def _events() -> Iterable[tuple[str, str]]:
    return ((name, "an event") for name in EVENT_NAMES.values())


def _namespaces() -> Iterable[tuple[str, str]]:
    listed = (cells[0] for cells in registry.rows())
    return ((name.removesuffix("*"), registry.label(name)) for name in listed)


def _specifications() -> Iterator[tuple[str, str]]:
    for identifier, title in registry.specifications().items():
        if registry.identifier(identifier):
            yield identifier.removeprefix("XEP-").replace(" ", ""), title


_VALUES: Final[Mapping[str, Callable[[], Iterable[tuple[str, str]]]]] = {
    "kind": _kinds,
    "dir": _directions,
    "type": _types,
    "event": _events,
    "ns": _namespaces,
    "xep": _specifications,
}
