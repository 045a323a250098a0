"""What is wrong with a frame although its boundaries are clear; expat is the judge.

Such a frame is forwarded and framing goes on, because peers differ in what they refuse: ejabberd
drops comments in silence, Prosody closes the stream (RFC 6120 §11.1, §11.3).
"""

from functools import lru_cache
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.framing import Flaw, Frame

_ROOT: Final = "xmppspy-context"
_UNJUDGED: Final = frozenset({"space", "opaque", "partial", "/stream"})
_LOOSE: Final = {
    "comment": ("restricted-xml", "a comment, which XMPP forbids (RFC 6120 §11.1)"),
    "pi": ("restricted-xml", "a processing instruction, which XMPP forbids (RFC 6120 §11.1)"),
    "text": ("restricted-xml", "text between stanzas (RFC 6120 §8.1)"),
}
_NAMES: Final = {
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


def find_flaw(frame: Frame) -> Flaw | None:
    """The first thing wrong with a framed frame, or None; the flaw's offset is the direction's.

    Frames that were not framed, white space and stream ends are not judged.
    """
    if frame.kind in _UNJUDGED:
        return None
    if frame.kind in _LOOSE and frame.xmlns is None:
        error, detail = _LOOSE[frame.kind]
        if not frame.data.startswith(b"<") or frame.data[1] in b"!?":
            return Flaw(error, detail, frame.offset)
    if frame.kind == "stream":
        return _judge_header(frame)
    return _judge(frame, _opening(frame.context))


def _judge_header(frame: Frame) -> Flaw | None:
    flaw = _judge(frame, b"")
    if flaw is None and frame.xmlns != ns.STREAMS:
        detail = f"a stream header in the namespace {frame.xmlns!r} (RFC 6120 §4.8.1)"
        return Flaw("invalid-namespace", detail, frame.offset)
    return flaw


def _judge(frame: Frame, opening: bytes) -> Flaw | None:
    parser = expat.ParserCreate("UTF-8", " ")
    if b"<!--" in frame.data or b"<?" in frame.data:
        _watch(parser)
    try:
        parser.Parse(opening, False)
        parser.Parse(frame.data, False)
    except expat.ExpatError as error:
        return _explain(frame, error, parser.ErrorByteIndex - len(opening))
    except _ForbiddenError as error:
        at = parser.CurrentByteIndex - len(opening)
        return Flaw("restricted-xml", str(error), frame.offset + at)
    return None


def _watch(parser: expat.XMLParserType) -> None:
    def comment(_text: str) -> None:
        raise _ForbiddenError(_LOOSE["comment"][1])

    def instruction(_target: str, _text: str) -> None:
        raise _ForbiddenError(_LOOSE["pi"][1])

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8" or standalone == 0:
            raise _ForbiddenError("an XML declaration other than version 1.0 in UTF-8 "
                                  "(RFC 6120 §11.5, §11.6)")  # fmt: skip

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
        detail = f"bytes that are not UTF-8: {undecodable.reason} (RFC 6120 §11.6)"
        return Flaw("invalid-utf8", detail, frame.offset + undecodable.start)
    detail = f"not well-formed XML: {expat.ErrorString(error.code)}"
    return Flaw("not-well-formed", detail, frame.offset + max(at, 0))


@lru_cache(maxsize=64)
def _opening_for(default: str, prefixes: tuple[tuple[str, str], ...]) -> bytes:
    declarations = [f" xmlns={quoteattr(default)}" if default else ""]
    declarations += [f" xmlns:{prefix}={quoteattr(name)}" for prefix, name in prefixes if name]
    return f"<{_ROOT}{''.join(declarations)}>".encode()


def _opening(context: StreamContext) -> bytes:
    return _opening_for(context.default, tuple(context.prefixes.items()))
