"""Spans: where the elements and attributes of a stanza's tree stand in its bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.stanza import Stanza

if TYPE_CHECKING:
    from lxml.etree import _Element

_XML: Final = {"xml": ns.XML}


class AttributeSpan(NamedTuple):
    """Where an attribute stands in a start tag."""

    name: str
    """As written, with the prefix."""
    start: int
    """Of the white space before it."""
    value: int
    """Of its value, behind the quotation mark."""
    value_stop: int
    stop: int


@dataclass(frozen=True, slots=True)
class ElementSpan:
    """Where an element stands in `data`."""

    data: bytes
    name: str
    """As in its tags, with the prefix."""
    start: int
    inner: int
    """Behind the start tag."""
    inner_stop: int
    """Before the end tag; behind the start tag of an empty element, and of a header."""
    stop: int
    is_empty: bool
    """Whether it is written without an end tag: `<a/>`."""

    @property
    def is_open(self) -> bool:
        """Whether its end tag is still to come: it is the header of a stream."""
        return not self.is_empty and self.inner == self.stop

    @property
    def name_stop(self) -> int:
        """Behind the name in the start tag."""
        return self.start + 1 + len(self.name.encode())

    @property
    def attributes(self) -> Iterator[AttributeSpan]:
        """The attributes in the start tag, in order, declarations among them."""
        start = self.name_stop
        for match in lex.ATTRIBUTE.finditer(self.data, start, self.inner):
            value, value_stop = match.span(3 if match[2] is None else 2)
            name = match[1].decode(errors="replace")
            yield AttributeSpan(name, start, value, value_stop, match.end())
            start = match.end()


def element_spans(data: bytes, stanza: Stanza) -> "dict[_Element, ElementSpan]":
    """Where each element of the tree of `data` stands; empty where tree and bytes disagree.

    That is so for what is not well-formed: its tree is what could be recovered.
    """
    if stanza.tree is None:
        return {}
    spans = sorted(_spans(data), key=lambda span: span.start)
    elements = list(stanza.tree.iter("*"))
    if [span.name for span in spans] != [_name(element) for element in elements]:
        return {}
    return dict(zip(elements, spans, strict=True))


def qualified(element: "_Element", name: str) -> str:
    """An attribute's name in Clark's notation, from how it is written in the element's tag."""
    prefix, colon, local = name.rpartition(":")
    namespace = _XML.get(prefix) or element.nsmap.get(prefix)
    return f"{{{namespace}}}{local}" if colon and namespace else name


def _spans(data: bytes) -> Iterator[ElementSpan]:
    open_tags: list[lex.Token] = []
    for token in lex.tokens(data):
        if token.kind == "empty":
            yield _span(data, token, token.stop, token.stop)
        elif token.kind == "start":
            open_tags.append(token)
        elif token.kind == "end" and open_tags:
            yield _span(data, open_tags.pop(), token.start, token.stop)
    for tag in open_tags:  # of a header, or of what is broken
        yield _span(data, tag, tag.stop, tag.stop)


def _span(data: bytes, tag: lex.Token, inner_stop: int, stop: int) -> ElementSpan:
    name = tag.name.decode(errors="backslashreplace")
    return ElementSpan(data, name, tag.start, tag.stop, inner_stop, stop, tag.kind == "empty")


def _name(element: "_Element") -> str:
    local = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local
