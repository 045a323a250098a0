"""Document: the elements, texts and attribute values of some bytes, by their places in them.

Reads whatever comes: a frame, the pieces that a stanza over the size limit leaves in, a stanza cut
off, what is no XML. What a peer wrote wrongly is read the way that finds most: a tag without its
quotation marks is a tag, and an end tag that closes nothing is passed over.
"""

# A secret may begin in one piece and end in the next. So a document remembers which elements are
# open, and `_carry`, the bytes of a token whose end has not come. These are read again in front of
# the next piece; places in them, which were told already, are cut off at the piece's beginning.

import re
from collections.abc import Generator, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from xmppspy.analysis.redaction.rules import Rule
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import StreamContext

MAX_CARRY: Final = 8 * 1024
"""Bytes kept of an unfinished tag. Of a longer one, everything up to its end counts as secret."""

MAX_DEPTH: Final = 1000
"""Elements kept open; deeper ones are read as if they stood beside each other."""

_SEARCHED: Final = 64
_LENIENT: Final = re.compile(
    rb"([^ \t\r\n/<>=\"'&]++)[ \t\r\n]*+=[ \t\r\n]*+"
    rb"(?:\"([^\"<]*+)(\"?)|'([^'<]*+)('?)|([^ \t\r\n\"'<>]++))"
)
_DECLARATION: Final = re.compile(rb"<![A-Za-z]++(?=[ \t\r\n>])")
_WORD: Final = re.compile(rb"[^ \t\r\n/<>=\"']++")
_LONG: Final = ((b"<!--", "aside"), (b"<![CDATA[", "cdata"), (b"<?", "aside"))
_NO_PREFIXES: Final[Mapping[str, str]] = MappingProxyType({})


class Attribute(NamedTuple):
    """An attribute of a start tag: what it says, and where that stands, quotation marks aside."""

    value: str
    start: int
    stop: int
    whole: bool = True
    """Whether the value is all there, and in this piece."""


class Element:
    """An element of which the start tag was read, and what a reader of documents keeps by it."""

    __slots__ = (
        "attributes", "default", "depth", "local", "name", "namespace", "origin", "parent",
        "pieces", "prefixes", "rule", "tail", "whole",
    )  # fmt: skip

    def __init__(self, name: bytes, parent: "Element | None") -> None:
        self.name = name
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        """1 for a first-level element, 0 for what is around it."""
        self.default: str = "" if parent is None else parent.default
        self.prefixes: Mapping[str, str] = _NO_PREFIXES if parent is None else parent.prefixes
        self.attributes: Mapping[str, Attribute] = {}
        self.local = ""
        self.namespace: str | None = None
        """None where nothing declares its prefix."""
        self.rule: Rule | None = None
        """The rule for its text, set by the reader."""
        self.origin: Element = self
        """The element that the rule is about: this one or one around it."""
        self.pieces: list[Piece] = []
        """The parts of its text, where there is a rule for it."""
        self.tail = b""
        """The end of its text so far, where there is no rule for it."""
        self.whole = True
        """Whether all its text so far is in `pieces`."""

    @classmethod
    def around(cls, context: StreamContext) -> "Element":
        """What stands around the first-level elements of a stream."""
        outside = cls(b"", None)
        outside.default, outside.prefixes = context.default, context.prefixes
        return outside

    def declare(self, attributes: dict[str, Attribute]) -> None:
        """Take the attributes of the start tag, and with them name and namespace."""
        self.attributes = attributes
        for key, (value, *_) in attributes.items():
            if key == "xmlns":
                self.default = value
            elif key.startswith("xmlns:"):
                self.prefixes = {**self.prefixes, key[6:]: value}
        prefix, _, self.local = self.name.decode(errors="replace").rpartition(":")
        self.namespace = self.prefixes.get(prefix) if prefix else self.default

    @property
    def label(self) -> str:
        """`{namespace}name`."""
        return f"{{{self.namespace or ''}}}{self.local}"


PieceKind: TypeAlias = Literal["start", "text", "cdata", "aside", "end", "flood"]


class Piece(NamedTuple):
    """What stands at a place of the bytes, and in which element.

    `start` and `end` are an element's tags; `text` is character data, `cdata` what is in a CDATA
    section, `aside` what is in a comment or an instruction, `flood` more of a tag that was too
    long to be kept.
    """

    kind: PieceKind
    element: Element
    start: int
    stop: int


class Document:
    """The bytes of one direction, or one frame of it, read in the context of their stream."""

    def __init__(self, context: StreamContext) -> None:
        self._open = Element.around(context)
        self._carry = b""
        self._skip = 0  # bytes in front that were told with an earlier piece
        self._flooded = False

    def read(self, data: bytes) -> Iterator[Piece]:
        """The pieces of the next bytes, in order; places are those in `data`."""
        at = 0
        if self._flooded:
            at = data.find(b">") + 1
            self._flooded = not at
            yield Piece("flood", self._open, 0, at - 1 if at else len(data))
            if self._flooded:
                return
        self._skip, carry = len(self._carry), self._carry
        self._carry = b""
        if carry:
            data = carry + data
        while at < len(data):
            match = lex.TOKEN.match(data, at)
            if match is None:
                at = yield from self._unusual(data, at)
            else:
                yield from self._token(data, at, match)
                at = match.end()

    # --- whole tokens

    def _token(self, data: bytes, at: int, match: re.Match[bytes]) -> Iterator[Piece]:
        if match["start"] is not None:
            start, stop = match.span("start")
            yield from self._text("text", at, start - 1)
            yield from self._start(data, start, stop, match.span("attributes"))
            if match["empty"]:
                yield from self._close()
        elif match["end"] is not None:
            yield from self._text("text", at, match.start("end") - 2)
            yield from self._end(match["end"])
        else:
            opening = data.index(b"<", at)
            yield from self._text("text", at, opening)
            mark, kind = _long_token(data, opening)
            ending = 3 if mark != b"<?" else 2
            yield from self._text(kind, opening + len(mark), match.end() - ending)

    def _text(self, kind: PieceKind, start: int, stop: int) -> Iterator[Piece]:
        start, stop = max(start - self._skip, 0), stop - self._skip
        if start < stop:
            yield Piece(kind, self._open, start, stop)

    def _start(
        self, data: bytes, start: int, stop: int, region: tuple[int, int]
    ) -> Iterator[Piece]:
        parent = self._open if self._open.depth < MAX_DEPTH else self._open.parent
        element = Element(data[start:stop], parent)
        element.declare(self._attributes(data, *region) if region[0] < region[1] else {})
        self._open = element
        yield self._piece("start", element, start, region[1])

    def _attributes(self, data: bytes, start: int, stop: int) -> dict[str, Attribute]:
        found: dict[str, Attribute] = {}
        for name, opening, closing in lex.attribute_spans(data, start, stop):
            value = lex.attribute_value(data[opening:closing])
            self._add(found, name, value, opening, closing, whole=True)
        return found

    def _add(
        self,
        found: dict[str, Attribute],
        name: str,
        value: str,
        start: int,
        stop: int,
        *,
        whole: bool,
    ) -> None:
        skip = self._skip
        # Twice the same name is an error; the second value must not be overlooked.
        key = name if name not in found else f"{name} {len(found)}"
        found[key] = Attribute(
            value, max(start - skip, 0), max(stop - skip, 0), whole and start >= skip
        )

    def _end(self, name: bytes) -> Iterator[Piece]:
        element = self._open
        for _ in range(_SEARCHED):
            if element.name == name or element.parent is None:
                break
            element = element.parent
        if element.name != name or element.parent is None:
            return
        while self._open is not element:
            yield from self._close()
        yield from self._close()

    def _close(self) -> Iterator[Piece]:
        element = self._open
        yield Piece("end", element, 0, 0)
        if element.parent is not None:
            self._open = element.parent

    def _piece(self, kind: PieceKind, element: Element, start: int, stop: int) -> Piece:
        return Piece(kind, element, max(start - self._skip, 0), max(stop - self._skip, 0))

    # --- everything else

    def _unusual(self, data: bytes, at: int) -> Generator[Piece, None, int]:
        """What is at `at`, where no whole token follows; returns where to go on."""
        opening = data.find(b"<", at)
        yield from self._text("text", at, opening if opening >= 0 else len(data))
        if opening < 0:
            return len(data)
        mark, kind = _long_token(data, opening)
        if mark:
            inside = opening + len(mark)
            yield from self._text(kind, inside, len(data))
            self._carry = mark + data[max(inside, len(data) - 2) :]
            return len(data)
        following = data.find(b"<", opening + 1)
        yield from self._broken(data, opening, following if following >= 0 else len(data))
        if following < 0:
            self._keep(data[opening:])
            return len(data)
        return following

    def _broken(self, data: bytes, start: int, stop: int) -> Iterator[Piece]:
        """A tag, or something like it, that is not well-formed or not all there."""
        name = lex.NAME.match(data, start + 1)
        closing = data.find(b">", start, stop)
        if data.startswith(b"</", start):
            yield from self._text("text", closing + 1 if closing >= 0 else stop, stop)
            return
        if name is None:
            keyword = _DECLARATION.match(data, start)
            yield from self._text("text", keyword.end() if keyword else start + 1, stop)
            return
        tag_stop = stop if closing < 0 else closing
        around = self._open
        element = Element(name[0], around if around.depth < MAX_DEPTH else around.parent)
        element.declare(self._lenient(data, name.end(), tag_stop))
        self._open = element
        yield self._piece("start", element, start + 1, tag_stop)
        if stop < len(data):
            yield from self._leftovers(data, name.end(), tag_stop)
        if closing >= 0:
            yield from self._text("text", closing + 1, stop)
        is_last = stop == len(data)
        if is_last or data[tag_stop - 1 : tag_stop] == b"/":
            yield from self._close()
            self._open = around

    def _leftovers(self, data: bytes, start: int, stop: int) -> Iterator[Piece]:
        """What stands between the attributes of a broken tag: text, if a `>` is missing."""
        for match in _LENIENT.finditer(data, start, stop):
            yield from self._words(data, start, match.start())
            start = match.end()
        yield from self._words(data, start, stop)

    def _words(self, data: bytes, start: int, stop: int) -> Iterator[Piece]:
        for match in _WORD.finditer(data, start, stop):
            yield from self._text("text", *match.span())

    def _lenient(self, data: bytes, start: int, stop: int) -> dict[str, Attribute]:
        found: dict[str, Attribute] = {}
        for match in _LENIENT.finditer(data, start, stop):
            group = next(index for index in (2, 4, 6) if match[index] is not None)
            value = lex.attribute_value(match[group])
            whole = group == 6 or bool(match[group + 1])
            name = match[1].decode(errors="replace")
            self._add(found, name, value, *match.span(group), whole=whole)
        return found

    def _keep(self, unfinished: bytes) -> None:
        if len(unfinished) <= MAX_CARRY:
            self._carry = unfinished
            return
        name = lex.NAME.match(unfinished, 1)
        self._flooded = b">" not in unfinished
        if name is not None:
            element = Element(name[0], self._open)
            element.declare({})
            self._open = element


def _long_token(data: bytes, opening: int) -> tuple[bytes, PieceKind]:
    """The mark that begins a comment, a CDATA section or an instruction; empty for a tag."""
    kind: PieceKind
    for mark, kind in _LONG:
        if data.startswith(mark, opening):
            return mark, kind
    return b"", "text"
