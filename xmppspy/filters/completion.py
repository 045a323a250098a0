"""What a filter that is being typed may go on with; for shells."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from xmppspy.analysis import registry
from xmppspy.filters.atoms import Field
from xmppspy.filters.expressions import quoted
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
_NOTHING: Final[Mapping[str, Iterable[str]]] = MappingProxyType({})


class Completion(NamedTuple):
    """A term, or the beginning of one."""

    text: str
    help: str


Seen: TypeAlias = Mapping[str, Iterable[str]]
"""Values of fields that a capture holds."""


def completions(typed: str, seen: Seen = _NOTHING, *, anywhere: bool = False) -> list[Completion]:
    """The terms that begin with `typed`: words, fields, and the values that a field is known for.

    Where only one field is meant, it is given with each of its operators that needs no quotes.
    Values that were `seen` come first. With `anywhere`, values follow that hold what is typed of
    them, but do not begin with it; a shell has no use for these.
    """
    match = _COMPARISON.fullmatch(typed)
    if match is not None:
        name, operator = match[1], match[2]
        if name not in FIELDS or operator not in FIELDS[name].operators:
            return []
        terms = [Completion(f"{name}{operator}{value}", said) for value, said in _known(name, seen)]
        found = _beginning(terms, typed)
        if anywhere and match[3]:
            found += [each for each in terms if each not in found and match[3] in each.text]
        return found
    found = _beginning(_terms(), typed)
    if len(found) == 1 and found[0].text[:-1] in FIELDS:
        return list(_comparisons(FIELDS[found[0].text[:-1]]))
    return found


def _known(name: str, seen: Seen) -> Iterator[tuple[str, str]]:
    """The values of a field, each once, with what is said about them."""
    known = dict(_VALUES[name]()) if name in _VALUES else {}
    for value in seen.get(name, ()):
        yield quoted(value), known.pop(value, "") or _told_of(name, value)
    yield from known.items()


def _told_of(name: str, value: str) -> str:
    label = registry.label(value) if name == "ns" else value
    return "seen here" if label == value else label


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
