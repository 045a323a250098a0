"""The lexical grammar of the XML that XMPP allows: tags, comments, sections, attributes.

Works on bytes and byte offsets, knows nothing of streams. Names, characters and entities are not
judged here (expat does that, in `wellformed`): only what decides where a token ends.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

Buffer: TypeAlias = bytes | bytearray

_S: Final = rb"[ \t\r\n]"
_NAME: Final = rb"[^ \t\r\n/<>=\"'!?&][^ \t\r\n/<>=\"'&]*+"
_VALUE: Final = rb"(?:\"[^\"]*+\"|'[^']*+')"

TOKEN: Final = re.compile(
    rb"[^<]*+<(?:"
    rb"/(?P<end>" + _NAME + rb")" + _S + rb"*+>"
    rb"|(?P<start>" + _NAME + rb")"
    rb"(?P<attributes>(?:" + _S + rb"++" + _NAME + _S + rb"*+=" + _S + rb"*+" + _VALUE + rb")*+)"
    + _S + rb"*+(?P<empty>/?)>"
    rb"|!--[\x00-\xff]*?-->"
    rb"|!\[CDATA\[[\x00-\xff]*?\]\]>"
    rb"|\?[\x00-\xff]*?\?>"
    rb")"
)  # fmt: skip
"""Character data, possibly none, and the one whole markup token behind it."""

INSIDE: Final = re.compile(
    rb"[^<]*+<(?:"
    rb"/(" + _NAME + rb")" + _S + rb"*+>"
    rb"|(?P<start>" + _NAME + rb")"
    rb"((?:" + _S + rb"++" + _NAME + _S + rb"*+=" + _S + rb"*+" + _VALUE + rb")*+)"
    + _S + rb"*+(?:(/>|>[^<]*+</(?P=start)" + _S + rb"*+>)|>)"
    rb")"
)  # fmt: skip
"""The same for tags only, but an element with nothing but character data in it is one match.

The groups are the name of an end tag; name and attributes of a start tag; and what is there when the
whole element has been matched.
"""

NAME: Final = re.compile(_NAME)
SPACE: Final = re.compile(_S + rb"++")
TEXT: Final = re.compile(rb"[^<]++")
DECLARATION: Final = re.compile(rb"<\?xml" + _S)
ATTRIBUTE: Final = re.compile(
    rb"(" + _NAME + rb")" + _S + rb"*+=" + _S + rb"*+(?:\"([^\"]*+)\"|'([^']*+)')"
)
"""Name and value; the value is in the one group or in the other. See `attribute_value`."""

ATTRIBUTE_TEXT: Final = re.compile(ATTRIBUTE.pattern.decode())
"""The same in text."""

DEFAULT_NAMESPACE: Final = re.compile(
    rb"(?:" + _S + rb"++(?!xmlns" + _S + rb"*+=)" + _NAME + _S + rb"*+=" + _S + rb"*+" + _VALUE
    + rb")*+" + _S + rb"++xmlns" + _S + rb"*+=" + _S + rb"*+(?:\"([^\"]*+)\"|'([^']*+)')"
)  # fmt: skip
"""The attribute `xmlns`, matched from the beginning of a start tag's attributes."""

_REFERENCE: Final = re.compile(
    r"&(?:(lt|gt|amp|quot|apos)|#0*+([0-9]{1,7})|#x0*+([0-9A-Fa-f]{1,6}));"
)
_ENTITIES: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_WHITE_SPACE: Final = re.compile(r"\r\n|[\t\r\n]")


class Token(NamedTuple):
    """One piece of a document.

    `kind` is `text`, `start`, `end`, `empty`, `comment`, `cdata`, `pi`, or `rest` for what is no
    whole token; `name` is the tag's, prefix included.
    """

    kind: str
    start: int
    stop: int
    name: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    """Cut `data` into tokens that cover it without gap. Never fails: see `rest`."""
    at = 0
    while match := TOKEN.match(data, at):
        stop, name = match.end(), match[_START]
        if name is not None:
            kind, opening = "empty" if match[_EMPTY] else "start", match.start(_START) - 1
        elif (name := match[_END]) is not None:
            kind, opening = "end", match.start(_END) - 2
        else:
            opening = data.index(b"<", at)
            kind, name = _LOOSE.get(bytes(data[opening + 1 : opening + 3]), "pi"), b""
        if opening > at:
            yield Token("text", at, opening)
        yield Token(kind, opening, stop, name)
        at = stop
    if at < len(data):
        kind = "rest" if b"<" in data[at:] else "text"
        yield Token(kind, at, len(data))


_START, _END, _EMPTY = (TOKEN.groupindex[name] for name in ("start", "end", "empty"))
_LOOSE: Final = {b"!-": "comment", b"![": "cdata"}


def start_tag(data: bytes) -> Token | None:
    """The first start tag in `data`, an empty element's too; None when there is none."""
    return next((token for token in tokens(data) if token.kind in ("start", "empty")), None)


def attributes(region: Buffer) -> Iterator[tuple[str, str]]:
    """Names and values of the attributes in a piece of a start tag, references resolved."""
    for name, double, single in ATTRIBUTE.findall(region):
        yield name.decode("utf-8", "replace"), attribute_value(double or single)


def attribute_spans(data: Buffer, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
    """Names of the attributes in a piece of a start tag, and where in `data` their values stand.

    The quotation marks are not part of a value.
    """
    for match in ATTRIBUTE.finditer(data, start, stop):
        opening, closing = match.span(3 if match[2] is None else 2)
        yield match[1].decode(errors="replace"), opening, closing


def character_data(raw: bytes) -> str:
    """What character data says: references resolved."""
    text = raw.decode(errors="replace")
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def attribute_value(raw: bytes) -> str:
    """What an attribute says: references resolved, white space normalised (XML 1.0 §3.3.3)."""
    text = raw.decode("utf-8", "replace")
    if not text.isprintable():
        text = _WHITE_SPACE.sub(" ", text)
    return _REFERENCE.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _ENTITIES[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else match[0]


class ChildSpan(NamedTuple):
    """Where a child element stands in its parent's bytes, and the attribute bytes of its tag."""

    start: int
    stop: int
    name: bytes
    attributes: bytes


def children(data: bytes) -> list[ChildSpan]:
    """The child elements of the element that `data` is, for edits that leave all else as it is."""
    found: list[ChildSpan] = []
    depth = 0
    opened: Token | None = None
    for token in tokens(data):
        if token.kind in ("start", "empty") and depth == 1:
            opened = token
        depth += {"start": 1, "end": -1}.get(token.kind, 0)
        if opened is not None and depth == 1 and token.kind in ("empty", "end"):
            region = data[opened.start + 1 + len(opened.name) : opened.stop]
            found.append(ChildSpan(opened.start, token.stop, opened.name, region))
            opened = None
    return found
