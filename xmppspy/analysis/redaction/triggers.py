"""Triggers: whether some bytes may hold anything that is masked when recorded.

Ordinary frames are many and hold nothing, so this is asked first, and must be quick: two searches
that stop only at end tags and at `=`. Their patterns are made from the rules, so that none is
forgotten. An element whose text is masked has an end tag, if it is whole.
"""

import re
from collections.abc import Iterable
from typing import Final

from xmppspy.analysis.redaction.rulebook import Place
from xmppspy.analysis.redaction.rules import (
    FIELD_HINTS,
    HEADER_HINTS,
    QUERY_PASSWORDS,
    QUERY_TOKENS,
    RECORDED,
    How,
)
from xmppspy.protocol.accelerator import Watch
from xmppspy.protocol.context import StreamContext

_AMPERSAND: Final = 0x26
_PERCENT: Final = 0x25
_DOUBTFUL: Final = ("field", "header")
"""Elements that are common, and of which few are masked."""

_PLACES: Final = [Place.of(rule) for rule in RECORDED if rule.how is not How.KEEP]


_NAMED: Final = {each.element for each in _PLACES if not each.attribute} - {"*", *_DOUBTFUL}
_ASSIGNED: Final = {
    *(each.attribute for each in _PLACES if each.attribute),
    *QUERY_PASSWORDS,
    *QUERY_TOKENS,
}
_WHOLE: Final = {
    each.namespace.rstrip("*") for each in _PLACES if each.element == "*" and not each.attribute
}
"""The namespaces of which everything is masked."""

WATCHED: Final = Watch(frozenset({*_NAMED, *_DOUBTFUL}), frozenset(_ASSIGNED), frozenset(_WHOLE))
"""What a stanza has to be without to be passed over unseen. `may_hold_secrets` is more exact."""


def _any_of(words: Iterable[str]) -> str:
    """A pattern for words that tries no letter twice."""
    rests: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        rests.setdefault(word[:1], []).append(word[1:])
    parts = [re.escape(first) + _any_of(rest) if first else "" for first, rest in rests.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(sorted(parts, reverse=True))})"


def _elements() -> re.Pattern[bytes]:
    words = f"(?:{_any_of(_NAMED)}|(?P<doubtful>{'|'.join(_DOUBTFUL)}))"
    # Letters of either case are slow to compare; a set of bytes, at first, is quick.
    first = _either_case(name[0] for name in (*_NAMED, *_DOUBTFUL))
    return re.compile(f"</(?:[^>:]*+:)?(?=[{first}])(?i:{words})[ \\t\\r\\n>]".encode())


def _attributes() -> re.Pattern[bytes]:
    endings = "".join(f"[{_either_case(name[at] for name in _ASSIGNED)}]" for at in (-2, -1))
    behind = "|".join(f"(?<=(?i:{re.escape(name)})=)" for name in sorted(_ASSIGNED))
    return re.compile(
        f"=(?:(?<={endings}=)(?:{behind})|(?<=[ \\t\\r\\n]=)|[\"']{_any_of(_WHOLE)})".encode()
    )


def _either_case(letters: Iterable[str]) -> str:
    return "".join(sorted({each for letter in letters for each in (letter, letter.upper())}))


_ELEMENT: Final = _elements()
_ATTRIBUTE: Final = _attributes()
_NAMESPACE: Final = re.compile(_any_of(_WHOLE))
_HINTS: Final = tuple(hint.encode() for hint in {*FIELD_HINTS, *HEADER_HINTS})
_ENCODED: Final = re.compile(
    f"%3[dD](?i:{'|'.join(f'(?<={name}%3.)' for name in (*QUERY_PASSWORDS, *QUERY_TOKENS))})".encode()
)


def may_hold_secrets(data: bytes) -> bool:
    """Whether the bytes of a whole element have to be looked at."""
    element = _ELEMENT.search(data)
    return (
        (element is not None and _is_secret(data, element))
        or _ATTRIBUTE.search(data) is not None
        or (_AMPERSAND in data and b"&#" in data)
        or (_PERCENT in data and _ENCODED.search(data) is not None)
    )


def _is_secret(data: bytes, first: re.Match[bytes]) -> bool:
    """Whether one of the elements is not only doubtful, or there is a hint of what it is."""
    lowered = data.lower()
    if not first.lastgroup or any(hint in lowered for hint in _HINTS):
        return True
    return any(not match.lastgroup for match in _ELEMENT.finditer(data, first.end()))


def lends_secrets(context: StreamContext) -> bool:
    """Whether a stream's header declares a namespace of which everything is masked."""
    declared = (context.default, *context.prefixes.values())
    return any(_NAMESPACE.match(namespace) for namespace in declared)
