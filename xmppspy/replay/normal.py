"""Normal forms: two stanzas that say the same have the same one, whatever their bytes.

A form is the stanza in lines, as a person reads it: attributes sorted, namespaces where they
change, sets in the order of the alphabet, what is another in every run as `…` (see `volatile`),
addresses as those of the capture it is compared with (`names`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from xmppspy.analysis.identity import UNKNOWN, Identity
from xmppspy.analysis.responders import same
from xmppspy.filters.places import Places
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import Stanza, read
from xmppspy.replay.attributes import attributes
from xmppspy.replay.volatile import PROSE, SETTLED, is_unordered, settled_attribute, settled_text

if TYPE_CHECKING:
    from lxml.etree import _Element

Form: TypeAlias = tuple[str, ...]
"""The lines of a normal form."""

INDENT: Final = "  "

_DEEPEST: Final = 100
"""Levels that are laid out; what is deeper stands on one line."""
_DISCO_INFO: Final = "{http://jabber.org/protocol/disco#info}query"
_LOGINS: Final = frozenset({
    ns.TLS, ns.SASL, ns.SASL2, ns.COMPRESS_FEATURE, "urn:xmpp:sasl-cb:0", "urn:xmpp:sasl:upgrade:0",
    "http://jabber.org/features/iq-register", "http://jabber.org/features/iq-auth",
})  # fmt: skip
"""Features for the way to a session, which is another one for each client."""

_STARS: Final = re.compile(r"\*{3,}")
_ESCAPES: Final = {0x09: "&#9;", 0x0A: "&#10;", 0x0D: "&#13;"} | {
    ord(character): f"&{name};" for character, name in (("&", "amp"), ("<", "lt"), ('"', "quot"))
}


NOWHERE: Final = Places()

Selector: TypeAlias = Callable[[Stanza], Places]
"""Finds what is not to be compared in a stanza."""


def _nowhere(_: Stanza) -> Places:
    return NOWHERE


def _as_it_is(text: str) -> str:
    return text


class Normalizer:
    """Makes normal forms; `names` gives for an address the one that stands for it."""

    def __init__(
        self, names: Callable[[str], str] = _as_it_is, ignore: Selector | None = None
    ) -> None:
        self._names = names
        self._ignore = ignore or _nowhere

    def form(self, record: FrameRecord, me: Identity = UNKNOWN) -> Form:
        """The normal form of a frame of a connection of `me`; empty when all of it is ignored.

        `me` is called by the names that `names` gives.
        """
        stanza = read(record)
        if stanza.tree is None:
            return (record.data.decode(errors="backslashreplace").translate(_ESCAPES),)
        places = self._ignore(stanza)
        if stanza.tree in places.elements:
            return ()
        return _Writer(self._names, places, record, me).element(stanza.tree, None, 0)


class _Writer:
    """The lines of one stanza."""

    def __init__(
        self, names: Callable[[str], str], places: Places, record: FrameRecord, me: Identity
    ) -> None:
        self._names = names
        self._places = places
        self._record = record
        self._me = me

    def element(self, element: "_Element", parent: "_Element | None", depth: int) -> Form:
        """The lines of an element, indented by its depth."""
        tag = str(element.tag)
        indent = INDENT * depth
        opening = f"{indent}<{_name(tag, parent)}{self._attributes(element, parent is None)}"
        if depth >= _DEEPEST:
            return (f"{opening}>{self._flat(element)}</{_local(tag)}>",)
        content = self._content(element, depth)
        if not content:
            return (f"{opening}/>",)
        if isinstance(content, str):
            return (f"{opening}>{content}</{_local(tag)}>",)
        return (f"{opening}>", *content, f"{indent}</{_local(tag)}>")

    def _attributes(self, element: "_Element", is_root: bool) -> str:
        namespace, local = _namespace(str(element.tag)), _local(str(element.tag))
        found = {}
        for key, value in attributes(element):
            name = key.replace(f"{{{ns.XML}}}", "xml:")
            if (element, key) not in self._places.attributes:
                settled = settled_attribute(namespace, local, name, value)
                found[name] = self._names(settled)
        if is_root:
            self._leave_out_own(found)
        pairs = [f' {name}="{value.translate(_ESCAPES)}"' for name, value in sorted(found.items())]
        return "".join(pairs)

    def _leave_out_own(self, attributes: dict[str, str]) -> None:
        """Take out addresses that say no more than their absence (RFC 6120 §8.1.1.1, §8.1.2.1)."""
        me, record = self._me, self._record
        if me.kind != "client" or record.xmlns is not None:
            return
        is_iq = record.kind == "iq"
        own = "from" if record.dir == "c2s" else "to"
        if (is_iq or own == "from") and _is_one_of(attributes.get(own), me.bare, me.full):
            del attributes[own]
        account = "to" if record.dir == "c2s" else "from"
        if is_iq and _is_one_of(attributes.get(account), me.bare):
            del attributes[account]

    # --- content

    def _content(self, element: "_Element", depth: int) -> str | list[str]:
        """The text of an element without children; else the lines of its children."""
        if element in self._places.texts:
            return SETTLED
        pieces = list(_pieces(element))
        if all(isinstance(piece, str) for piece in pieces):
            return self._text(element, "".join(map(str, pieces)))
        children: list[Form] = []
        for piece in pieces:
            if not isinstance(piece, str):
                if piece not in self._places.elements and not _belongs_to_login(piece, element):
                    children.append(self.element(piece, element, depth + 1))
            elif not piece.isspace():
                children.append((INDENT * (depth + 1) + piece.translate(_ESCAPES),))
        if _may_be_sorted(element):
            children.sort()
        return [line for lines in children for line in lines]

    def _text(self, element: "_Element", text: str) -> str:
        namespace, local = _namespace(str(element.tag)), _local(str(element.tag))
        settled = settled_text(namespace, local, text)
        if local not in PROSE:
            settled = self._names(settled)
        return settled.translate(_ESCAPES)

    def _flat(self, element: "_Element") -> str:
        """All inside an element of great depth, without indentation, in the order of its bytes."""
        parts = [(element.text or "").translate(_ESCAPES)]
        for below in element.iterdescendants("{*}*"):
            parts.append(
                f"<{_name(str(below.tag), below.getparent())}{self._attributes(below, False)}>"
            )
            parts.append((below.text or "").translate(_ESCAPES))
        return "".join(parts)


def alike(one: Form, other: Form) -> bool:
    """Whether two forms are the same, where a run of stars (a mask) is the same as anything."""
    if one == other:
        return True
    if not _is_masked(one) and not _is_masked(other):
        return False
    if len(one) == len(other) and all(map(_may_be, one, other)):
        return True
    # A masked child of a set may stand in another place.
    left, right = Counter(one), Counter(other)
    rest, rest_of_other = [*(left - right).elements()], [*(right - left).elements()]
    return len(rest) == len(rest_of_other) and all(map(_may_be, rest, rest_of_other))


def _is_masked(form: Form) -> bool:
    return any("***" in line for line in form)


def _may_be(one: str, other: str) -> bool:
    return one == other or _matches(one, other) or _matches(other, one)


def _matches(mask: str, line: str) -> bool:
    if "***" not in mask:
        return False
    pattern = '[^<"]*'.join(re.escape(piece) for piece in _STARS.split(mask))
    return re.fullmatch(pattern, line) is not None


def _pieces(element: "_Element") -> "Iterator[str | _Element]":
    """The texts and child elements of an element in order, comments left out."""
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def _belongs_to_login(child: "_Element", parent: "_Element") -> bool:
    is_offer = str(parent.tag) == f"{{{ns.STREAMS}}}features"
    return is_offer and _namespace(str(child.tag)) in _LOGINS


def _may_be_sorted(element: "_Element") -> bool:
    tag = str(element.tag)
    in_disco = any(str(above.tag) == _DISCO_INFO for above in element.iterancestors())
    return is_unordered(_namespace(tag), _local(tag), element.get("type") or "", in_disco)


def _is_one_of(value: str | None, *addresses: str | None) -> bool:
    return value is not None and any(each is not None and same(value, each) for each in addresses)


def _name(tag: str, parent: "_Element | None") -> str:
    """The local name, with the namespace where it is not the parent's."""
    namespace = _namespace(tag)
    inherited = None if parent is None else _namespace(str(parent.tag))
    if namespace == inherited or (parent is None and namespace in ns.CONTENT):
        return _local(tag)
    return f'{_local(tag)} xmlns="{namespace.translate(_ESCAPES)}"'


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
