"""Stanza: a frame read as a tree, in the namespace context of its stream."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from lxml import etree

from xmppspy.protocol import glance
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.readable import Element, Readable

# Nothing outside the bytes is ever read, and no entity is expanded: a document type declaration
# cannot take effect either, because what is parsed begins with a start tag.
_STRICT: Final = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
    dtd_validation=False, huge_tree=True, collect_ids=False, recover=False,
)  # fmt: skip
_LENIENT: Final = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
    dtd_validation=False, huge_tree=True, collect_ids=False, recover=True,
)  # fmt: skip

_LXML: Final = etree._Element  # noqa: SLF001 - it has no public name
_CHARACTER_DATA: Final = etree.XPath("string()", smart_strings=False)
_KNOWN_CONTEXTS: Final = 64
_PREFIX: Final = re.compile(r"[^\W\d][\w.-]*")
_ESCAPES: Final = {0x09: "&#9;", 0x0A: "&#10;", 0x0D: "&#13;"} | {
    ord(character): f"&{name};" for character, name in (("&", "amp"), ("<", "lt"), ('"', "quot"))
}


def character_data(element: Element) -> str:
    """The text in an element and its descendants, in time that is linear in their number.

    Comments that stand one beside the other make lxml's `itertext` quadratic.
    """
    if not len(element):
        return element.text or ""
    if isinstance(element, _LXML):
        return str(_CHARACTER_DATA(element))
    return "".join(_texts(element))


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


class Stanza:
    """One frame as a tree. The bytes are parsed once, when the tree is asked for.

    What the stream's header declares (default namespace, prefixes) is in force, as far as the
    frame uses it. A header is read as an element without content. The stanza is the root of its
    document, so an XPath such as `/c:message/c:body` means what it says; therefore the header's
    `xml:lang` stands on no element of the tree: see `lang`.

    Bytes that are not well-formed are read as far as libxml2's recovery gets; `well_formed` tells.
    Frames without a start tag (white space, an end tag, stray text) have no tree.

    Who only looks at it takes the `element`, which of most stanzas costs a fraction of the tree.
    """

    def __init__(self, frame: Readable) -> None:
        self._frame = frame
        self._context = frame.context
        self._parsed: _Parsed | None = None
        seen = glance.tree(frame)
        self.plain = seen is not None
        """Whether one look has told that nothing is wrong with it; it may be fine otherwise."""
        self.element: Element | None = self.tree if seen is None else seen
        """The same as `tree`, to look at; it may know nothing of XPath."""

    @property
    def tree(self) -> etree._Element | None:
        """The element as lxml's; None when there is none to be read."""
        return self._parse()[0]

    @property
    def well_formed(self) -> bool:
        """Whether libxml2 finds no fault. When False, the tree is what could be recovered.

        That may be all of it: a namespace that is no URI is a fault as well. `wellformed` judges
        peers.
        """
        return self._parse()[1]

    def _parse(self) -> "_Parsed":
        if self._parsed is None:
            document = _document(self._frame)
            self._parsed = (None, False) if document is None else _parsed(document)
        return self._parsed

    @property
    def content(self) -> str:
        """The content namespace the stanza is in, or would be in if it were a stanza."""
        context = self._context
        own = "" if self.element is None else _namespace(self.element)
        return own if own in ns.CONTENT or context.is_content(own) else context.content

    @property
    def lang(self) -> str | None:
        """The language of its texts where they name none (RFC 6120 §4.7.4, §8.1.5)."""
        own = None if self.element is None else self.element.get(f"{{{ns.XML}}}lang")
        return self._context.lang if own is None else str(own)

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces of the element and of all elements inside it."""
        return frozenset(_namespace(element) for element in self._elements()) - {""}

    @cached_property
    def names(self) -> frozenset[str]:
        """The local names of all elements inside it, its own not among them."""
        return frozenset(_local(element) for element in self._elements()[1:])

    @cached_property
    def bodies(self) -> tuple[str, ...]:
        """The texts of its `body` elements of the content namespace, forwarded ones included.

        Inside `<forwarded/>` (XEP-0297) any content namespace counts: an archive answers a
        component with messages of clients.
        """
        return tuple(
            character_data(element) for element in self._elements("{*}body") if self._says(element)
        )

    @cached_property
    def text(self) -> str:
        """All its character data, in order."""
        return "" if self.element is None else character_data(self.element)

    def _elements(self, tag: str = "*") -> list[Element]:
        return [] if self.element is None else list(self.element.iter(tag))

    def _says(self, body: Element) -> bool:
        namespace = _namespace(body)
        if namespace == self.content:
            return True
        return namespace in ns.CONTENT and any(
            _local(ancestor) == "forwarded" for ancestor in _ancestors(body)
        )


_Parsed: TypeAlias = tuple[etree._Element | None, bool]  # noqa: SLF001


def _parsed(document: bytes) -> _Parsed:
    """The tree, and whether there is no fault in it."""
    try:
        return etree.fromstring(document, _STRICT), True
    except etree.XMLSyntaxError:
        with suppress(etree.XMLSyntaxError):
            return etree.fromstring(document, _LENIENT), False
    return None, False


def _ancestors(element: Element) -> Iterator[Element]:
    parent = element.getparent()
    while parent is not None:
        yield parent
        parent = parent.getparent()


class _Memo:
    """The frame that was read last, and what was made of it."""

    __slots__ = ("last",)

    def __init__(self) -> None:
        self.last: tuple[Readable, Stanza] | None = None


_memo: Final = _Memo()


def read(frame: Readable) -> Stanza:
    """The frame as a stanza, parsed once for all who ask for the same frame in a row.

    They share its tree, so none of them may change it. The last frame and its tree are kept.
    """
    last = _memo.last
    if last is None or last[0] is not frame:
        last = _memo.last = (frame, Stanza(frame))
    return last[1]


def _document(frame: Readable) -> bytes | None:
    """The frame from its first start tag on, made a document of its own."""
    data = frame.data
    tag = lex.TOKEN.match(data)
    while tag is not None and tag.start("start") < 0:
        tag = lex.TOKEN.match(data, tag.end())
    if tag is None:
        return None
    start, behind_name = tag.span("start")
    if frame.kind == "stream":
        end = b"" if tag["empty"] else b"</" + tag["start"] + b">"
        return data[start - 1 : tag.end()] + end
    lent = _declarations(frame.context, data, tag["attributes"])
    return data[start - 1 : behind_name] + lent + data[behind_name:]


def _declarations(context: StreamContext, data: bytes, region: bytes) -> bytes:
    """What the header declares, the start tag itself does not, and the frame may use."""
    loans = _loans.of(context)
    if b"xmlns" in region:
        own = {key for key, _ in lex.attributes(region)}
        loans = tuple(loan for loan in loans if loan.key not in own)
    return b"".join([declaration for _, trace, declaration in loans if trace in data])


class _Loan(NamedTuple):
    """One declaration of a header."""

    key: str
    trace: bytes
    """What a frame that uses it holds."""
    declaration: bytes


class _Loans:
    """What contexts lend, worked out once for the contexts that were met last."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, tuple[StreamContext, tuple[_Loan, ...]]] = {}

    def of(self, context: StreamContext) -> tuple[_Loan, ...]:
        """The declarations of the header that makes this context."""
        known = self._known.get(id(context))
        if known is None:
            if len(self._known) >= _KNOWN_CONTEXTS:
                self._known.clear()
            # The context is kept beside its id, so that no other one can get the same.
            known = self._known[id(context)] = (context, tuple(_lent(context)))
        return known[1]


_loans: Final = _Loans()


def _lent(context: StreamContext) -> Iterator[_Loan]:
    if context.default:
        yield _loan("xmlns", "", context.default)
    for prefix, namespace in context.prefixes.items():
        if namespace and _PREFIX.fullmatch(prefix):
            yield _loan(f"xmlns:{prefix}", f"{prefix}:", namespace)


def _loan(key: str, trace: str, namespace: str) -> _Loan:
    declaration = f' {key}="{namespace.translate(_ESCAPES)}"'
    return _Loan(key, trace.encode(errors="replace"), declaration.encode(errors="replace"))


def _namespace(element: Element) -> str:
    return str(element.tag)[1:].rpartition("}")[0]


def _local(element: Element) -> str:
    # An undeclared prefix stays in the name of a recovered element.
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]
