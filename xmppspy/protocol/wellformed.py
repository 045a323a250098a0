"""What is wrong with a frame although its boundaries are clear; expat is the judge.

Such a frame is forwarded and framing goes on, because peers differ in what they refuse: ejabberd
drops comments in silence, Prosody closes the stream (RFC 6120 §11.1, §11.3).
"""

from functools import lru_cache
from typing import Final
from xml.parsers import expat

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import ErrorName
from xmppspy.protocol.framing import BOM, Flaw, Frame
from xmppspy.protocol.quoting import quoteattr

_ROOT: Final = "xmppspy-context"
_SEPARATOR: Final = "\x1f"
"""Between namespace and name. Expat refuses namespaces that it occurs in; no XML can have it."""

_UNJUDGED: Final = frozenset({"opaque", "partial", "/stream"})
_SPECIAL: Final = frozenset({"stream", "text", *_UNJUDGED})
_LIFE: Final = 1024 * 1024
"""Bytes that one parser reads: it remembers every name in them."""

_LOOSE: Final[dict[str, tuple[ErrorName, str]]] = {
    "comment": ("restricted-xml", "a comment, which XMPP forbids (RFC 6120 §11.1)"),
    "pi": ("restricted-xml", "a processing instruction, which XMPP forbids (RFC 6120 §11.1)"),
    "text": ("restricted-xml", "text between stanzas (RFC 6120 §8.1)"),
}
_NAMES: Final[dict[int, tuple[ErrorName, str]]] = {
    expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]: (
        "undeclared-prefix",
        "a prefix that nothing declares (RFC 6120 §11.3)",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_UNDECLARING_PREFIX]: (
        "undeclared-prefix",
        "a prefix declared as nothing (RFC 6120 §11.3)",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: (
        "duplicate-attribute",
        "an attribute that stands twice in one tag (RFC 6120 §11.3)",
    ),
    expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: (
        "restricted-xml",
        "an entity other than the five predefined ones (RFC 6120 §11.1)",
    ),
}


class _ForbiddenError(Exception):
    """Raised by a handler to stop at a construct that XML allows and XMPP does not."""

    def __init__(self, detail: str, at: int) -> None:
        super().__init__(detail)
        self.at = at


class Judge:
    """Judges the frames of one direction in their order, as `find_flaw` does, but quicker.

    As long as all is well, one parser reads frame after frame inside the same root. A frame that
    it refuses, or that is no plain element, is judged by itself.
    """

    def __init__(self) -> None:
        self._context: StreamContext | None = None
        self._parser = expat.ParserCreate()
        self._read = 0

    def find_flaw(self, frame: Frame) -> Flaw | None:
        """The first thing wrong with the direction's next frame, or None."""
        if not self._is_plain(frame):
            return find_flaw(frame)
        try:
            if frame.context is not self._context or self._read > _LIFE:
                self._begin(frame.context)
            self._parser.Parse(frame.data, False)
            self._read += len(frame.data)
        except expat.ExpatError:
            self._context = None
            return find_flaw(frame)
        return None

    def _is_plain(self, frame: Frame) -> bool:
        data = frame.data
        if frame.kind in _SPECIAL or not data.startswith(b"<"):
            return False
        return b"<!--" not in data and b"<?" not in data

    def _begin(self, context: StreamContext) -> None:
        self._parser = expat.ParserCreate("UTF-8", _SEPARATOR)
        self._parser.Parse(_opening(context), False)
        self._context, self._read = context, 0


def find_flaw(frame: Frame) -> Flaw | None:
    """The first thing wrong with a framed frame, or None; the flaw's offset is the direction's.

    Frames that were not framed, white space and stream ends are not judged.
    """
    if frame.kind in _UNJUDGED and frame.xmlns is None:
        return None
    if frame.kind == "stream" and _is_header(frame):
        return _judge_header(frame)
    if lex.DECLARATION.match(frame.data):
        detail = "an element where a stream header was to come (RFC 6120 §4.2)"
        return Flaw("no-stream-header", detail, frame.offset)
    if _is_element(frame.data):
        return _judge(frame, _opening(frame.context))
    if frame.data == BOM:
        return Flaw("restricted-xml", "a byte order mark (RFC 6120 §11.6)", frame.offset)
    loose = _LOOSE.get(frame.kind)
    return Flaw(*loose, frame.offset) if loose else None


def _is_header(frame: Frame) -> bool:
    """Whether it is a header, and no element of another namespace that is called so too."""
    is_whole = b"</" in frame.data or frame.data.endswith(b"/>")
    return frame.xmlns == ns.STREAMS or not is_whole


def _is_element(data: bytes) -> bool:
    """Whether it is an element, whatever its name; it may have a declaration in front of it."""
    if not data.startswith(b"<"):
        return False
    return data[1:2] not in (b"!", b"?") or lex.DECLARATION.match(data) is not None


def _judge_header(frame: Frame) -> Flaw | None:
    flaw = _judge(frame, b"")
    if flaw is None and frame.xmlns != ns.STREAMS:
        detail = f"a stream header in the namespace {frame.xmlns!r} (RFC 6120 §4.8.1)"
        return Flaw("invalid-namespace", detail, frame.offset)
    return flaw


def _judge(frame: Frame, opening: bytes) -> Flaw | None:
    parser = expat.ParserCreate("UTF-8", _SEPARATOR)
    if b"<!--" in frame.data or b"<?" in frame.data:
        _watch(parser)
    try:
        parser.Parse(opening, False)
    except expat.ExpatError:
        return None  # of the header, which was judged
    try:
        parser.Parse(frame.data, False)
    except expat.ExpatError as error:
        return _explain(frame, error, parser.ErrorByteIndex - len(opening))
    except _ForbiddenError as error:
        return Flaw("restricted-xml", str(error), frame.offset + error.at - len(opening))
    return None


def _watch(parser: expat.XMLParserType) -> None:
    # Expat goes on for a while behind an exception: only inside a handler the index is the place.

    def comment(_text: str) -> None:
        raise _ForbiddenError(_LOOSE["comment"][1], parser.CurrentByteIndex)

    def instruction(_target: str, _text: str) -> None:
        raise _ForbiddenError(_LOOSE["pi"][1], parser.CurrentByteIndex)

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8" or standalone == 0:
            detail = "an XML declaration other than version 1.0 in UTF-8 (RFC 6120 §11.5, §11.6)"
            raise _ForbiddenError(detail, parser.CurrentByteIndex)

    parser.CommentHandler = comment
    parser.ProcessingInstructionHandler = instruction
    parser.XmlDeclHandler = declaration


def _explain(frame: Frame, error: expat.ExpatError, at: int) -> Flaw:
    if error.code in _NAMES:
        name, detail = _NAMES[error.code]
        return Flaw(name, detail, frame.offset + at)
    try:
        frame.data.decode()
    except UnicodeDecodeError as undecodable:
        if undecodable.start <= at:
            detail = f"bytes that are not UTF-8: {undecodable.reason} (RFC 6120 §11.6)"
            return Flaw("invalid-utf8", detail, frame.offset + undecodable.start)
    detail = f"not well-formed XML: {expat.ErrorString(error.code)}"
    return Flaw("not-well-formed", detail, frame.offset + at)


@lru_cache(maxsize=64)
def _opening_for(default: str, prefixes: tuple[tuple[str, str], ...]) -> bytes:
    declarations = [f" xmlns={quoteattr(default)}" if default else ""]
    declarations += [f" xmlns:{prefix}={quoteattr(name)}" for prefix, name in prefixes if name]
    return f"<{_ROOT}{''.join(declarations)}>".encode()


def _opening(context: StreamContext) -> bytes:
    return _opening_for(context.default, tuple(context.prefixes.items()))
