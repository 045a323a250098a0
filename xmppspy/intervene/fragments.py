"""Fragments: XML that a person wants in a stream, checked before it goes there."""

import re
from typing import Final

from xmppspy.errors import MalformedXML
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.framing import Flaw, Frame, Framer
from xmppspy.protocol.quoting import quoteattr
from xmppspy.protocol.wellformed import find_flaw

_PREFIX: Final = re.compile(r"[<\s]([^\W\d][\w.-]*):")
_PROLOGUE: Final = re.compile(r"\ufeff?\s*(<\?xml\s[^>]*\?>)?")


def elements(text: str, context: StreamContext = DEFAULT_CONTEXT) -> tuple[Frame, ...]:
    """The elements of a text, one at least, as they would be read in a stream of that context.

    White space between them, and what a file may begin with (a byte order mark, an XML
    declaration), is not part of them. Raises `MalformedXML`.
    """
    prologue = _PROLOGUE.match(text)
    blank = " " * (prologue.end() if prologue else 0)
    try:
        data = (blank + text[len(blank) :]).encode()
    except UnicodeEncodeError as error:
        raise MalformedXML(text, error.start, "a character that no UTF-8 can have") from None
    frames, flaw = read(data, context)
    if flaw is not None:
        position = len(data[: flaw.offset].decode(errors="ignore"))
        raise MalformedXML(text, position, flaw.detail)
    if not frames:
        raise MalformedXML(text, len(text), "there is no element in it")
    return frames


def one_element(text: str) -> bytes:
    """The one element that a text is, for some place in a stanza; raises `MalformedXML`.

    Its prefixes may be those of the stanza, so they are not judged.
    """
    used = set(_PREFIX.findall(text)) - {"xmlns"}
    lent = {prefix: f"urn:xmppspy:unknown:{prefix}" for prefix in used}
    found = elements(text, StreamContext(prefixes=lent))
    if len(found) > 1:
        raise MalformedXML(text, text.index(found[1].data.decode()), "a second element")
    return found[0].data


def read(data: bytes, context: StreamContext) -> tuple[tuple[Frame, ...], Flaw | None]:
    """The elements in `data`, and the first thing wrong with them, by its offset in `data`."""
    header = _header(context)
    framer = Framer(max_frame=len(header) + len(data))
    framer.receive_data(header + data)
    framer.next_frame()
    found: list[Frame] = []
    while frame := framer.next_frame():
        flaw = _flaw(frame)
        if flaw is not None:
            return tuple(found), Flaw(flaw.error, flaw.detail, flaw.offset - len(header))
        if frame.kind != "space":
            found.append(frame)
    return tuple(found), _unfinished(framer, len(header))


def _flaw(frame: Frame) -> Flaw | None:
    if frame.xmlns == ns.STREAMS and frame.kind == "stream":
        return Flaw("restricted-xml", "a stream header, which is no element", frame.offset)
    if frame.kind == "/stream":
        return Flaw("not-well-formed", "an end tag that closes nothing", frame.offset)
    return frame.flaw or find_flaw(frame)


def _unfinished(framer: Framer, skipped: int) -> Flaw | None:
    head, at = framer.head, framer.offset - skipped
    if framer.end() is None:
        return None
    what = f"<{head.kind}> is not closed" if head else "a tag that does not end"
    return Flaw("not-well-formed", what, at)


def _header(context: StreamContext) -> bytes:
    """A header that makes such a context."""
    declared = [("xmlns", context.default)] if context.default else []
    declared += [(f"xmlns:{prefix}", name) for prefix, name in context.prefixes.items()]
    return f"<stream{''.join(f' {key}={quoteattr(name)}' for key, name in declared)}>".encode()
