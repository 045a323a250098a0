"""Fields that look into the stanza: names, namespaces, texts, bytes."""

# A tree costs more than all the rest of a match, so each field first asks whether the bytes can
# hold what is looked for at all. That is only done where it cannot err:
#
#  * An element's name stands in the bytes as it is: no reference, no section can hide it.
#  * A namespace is the value of an attribute, there or on the stream's header. A value may be
#    written with character references, but only `&#` can stand for what is in a namespace.
#  * Character data may be cut up by tags, sections, comments and references: nothing to be won.

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xmppspy.analysis import registry
from xmppspy.filters.atoms import BadValueError, Field, Match, contains, equals, matcher
from xmppspy.filters.keys import operator_in
from xmppspy.filters.subject import Check, Cost, Subject
from xmppspy.protocol import glance
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord

if TYPE_CHECKING:
    from xmppspy.protocol.stanza import Stanza

_SEPARATORS: Final = (":", "#", "/")
_ESCAPED: Final = frozenset("&<>\"' \t\r\n")
"""What an attribute may hold in another form than `&#…;`."""


def continues(value: str) -> Match:
    """Match the namespace `value`, and those that continue it after `:` `#` or `/`."""
    starts: tuple[str, ...] = (value,)
    if not value.endswith(_SEPARATORS):
        starts = tuple(value + separator for separator in _SEPARATORS)
    return lambda namespace: namespace == value or namespace.startswith(starts)


def _inside(
    read: "Callable[[Stanza], Iterable[str]]",
    match: Match,
    may: Callable[[FrameRecord], bool],
    look: Callable[[FrameRecord], Iterable[str] | None] | None = None,
) -> Callable[[Subject], bool]:
    """Whether anything that `read` finds in the tree matches.

    `may` spares the tree, and so does `look` where it tells what `read` would find.
    """

    def holds(subject: Subject) -> bool:
        if subject.frame is None or not may(subject.frame):
            return False
        seen = None if look is None else look(subject.frame)
        if seen is not None:
            return any(map(match, seen))
        stanza = subject.stanza
        return stanza is not None and any(map(match, read(stanza)))

    return holds


def _holding(needle: bytes) -> Callable[[FrameRecord], bool]:
    return lambda frame: needle in frame.data


def _name(operator: str, value: str) -> Check:
    match = matcher(operator, value)
    # Recovery may make other characters of bytes that are not UTF-8.
    literal = operator != "~" and value.isascii()
    may = _holding(value.encode() if literal else b"")
    hints = operator_in("name", value) if operator == ":" else ()
    return Check(_inside(lambda stanza: stanza.names, match, may), Cost.TREE, hints)


def _body(operator: str, value: str) -> Check:
    match = matcher(operator, value, contains)
    inside = _inside(lambda stanza: stanza.bodies, match, _holding(b"body"), glance.bodies)
    return Check(inside, Cost.TREE)


def _texts(stanza: "Stanza") -> Iterable[str]:
    return () if stanza.element is None else (stanza.text,)


def _text(operator: str, value: str) -> Check:
    match = matcher(operator, value, contains)
    return Check(_inside(_texts, match, _holding(b"<")), Cost.TREE)


def _raw(operator: str, value: str) -> Check:
    match = matcher(operator, value, contains)

    def holds(subject: Subject) -> bool:
        frame = subject.frame
        return frame is not None and match(frame.data.decode(errors="surrogateescape"))

    return Check(holds, Cost.BYTES)


def _ns(operator: str, value: str) -> Check:
    literal = operator != "~" and value.isascii() and _ESCAPED.isdisjoint(value)
    return _of_namespaces(matcher(operator, value, continues), (value,) if literal else ("",))


def _xep(operator: str, value: str) -> Check:
    wanted = registry.identifier(value)
    if operator == "~":
        return _of_namespaces(_specified(matcher(operator, value)), ("",))
    if wanted is None:
        hint = "such as xep:0313 or xep:RFC6121; namespaces are found by ns:…"
        raise BadValueError(f"{value!r} is no number of a XEP", 0, hint)
    match = _specified(equals(_number(wanted) if operator == ":" else value))
    check = _of_namespaces(match, registry.traces(wanted))
    return replace(check, hints=_doubts(operator, value, wanted))


def _doubts(operator: str, value: str, wanted: str) -> tuple[str, ...]:
    if operator == "=" and value != _number(wanted):
        return (f"xep={value} matches nothing, xep={_number(wanted)} does",)
    if wanted not in registry.specifications():
        return (f"no namespace of {wanted} is known",)
    return ()


def _number(identifier: str) -> str:
    """What `xep=` and `xep~` compare: `0313`, `RFC6121`."""
    return identifier.removeprefix("XEP-").replace(" ", "")


def _specified(match: Match) -> Match:
    """Match a namespace by the specification that it is from."""

    def holds(namespace: str) -> bool:
        known = registry.lookup(namespace)
        return known is not None and known.id != "" and match(_number(known.id))

    return holds


def _of_namespaces(match: Match, traces: tuple[str, ...]) -> Check:
    """Whether a namespace of the element or of one inside it matches.

    Any that does has one of `traces` in it, which stand in the bytes as they are.
    """
    may_hold = re.compile("|".join(map(re.escape, traces)).encode()).search
    in_tree = _inside(
        lambda stanza: stanza.namespaces,
        match,
        lambda frame: _may_declare(frame, may_hold, match),
        glance.namespaces,
    )

    def holds(subject: Subject) -> bool:
        frame = subject.frame
        return frame is not None and (_beside(frame, match) or in_tree(subject))

    def foresight(subject: Subject) -> bool | None:
        frame = subject.frame
        own = None if frame is None else frame.xmlns
        return True if own is not None and match(own) else None

    return Check(holds, Cost.TREE, foresight=foresight)


def _beside(frame: FrameRecord, match: Match) -> bool:
    """Whether a namespace that stands beside the bytes matches.

    Without a namespace of its own there, an element is in the content namespace or in none.
    """
    return (frame.xmlns is not None and match(frame.xmlns)) or any(map(match, frame.ns))


def _may_declare(frame: FrameRecord, may_hold: Callable[[bytes], object], match: Match) -> bool:
    """Whether an element of the frame may be in a namespace that matches."""
    if frame.kind == "/stream":
        return False
    if may_hold(frame.data) or b"&#" in frame.data:
        return True
    return _lends(frame.context, frame.data, match)


def _lends(context: StreamContext, data: bytes, match: Match) -> bool:
    """Whether the header lends a namespace that matches, and `data` may use it."""
    if match(context.default) or (b"xml:" in data and match(ns.XML)):
        return True
    return any(
        match(namespace) and f"{prefix}:".encode(errors="replace") in data
        for prefix, namespace in context.prefixes.items()
    )


def _xpath(operator: str, value: str) -> Check:
    from xmppspy.filters.xpath import compile_xpath  # noqa: PLC0415 - lxml only when needed

    return compile_xpath(operator, value)


FIELDS: Final = (
    Field("name", ":=~", "local name of any element inside", "name:query", _name),
    Field("ns", ":=~", "namespace of it or of any element inside, or its beginning", "ns:urn:xmpp:mam", _ns),
    Field("xep", ":=~", "XEP or RFC of it or of any element inside", "xep:0313", _xep),
    Field("body", ":=~", "body texts, forwarded ones too; contained, in any case", "body:wherefore", _body),
    Field("text", ":=~", "all character data; contained, in any case", "text:denied", _text),
    Field("raw", ":=~", "the bytes; contained, in any case", "raw:xml:lang", _raw),
    Field("xpath", ":", "true by XPath's boolean() on the stanza", "xpath://c:body", _xpath),
)  # fmt: skip
