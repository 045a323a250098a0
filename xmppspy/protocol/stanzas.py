"""What counts as a stanza (RFC 6120 §8)."""

from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.elements import Element
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import TOO_BIG, Frame
from xmppspy.protocol.namespaces import STANZAS


def is_stanza(frame: Frame | FrameRecord) -> bool:
    """Whether a frame is one that stream management counts (XEP-0198 §4)."""
    return frame.xmlns is None and frame.kind in STANZAS


def name_of(stanza: Frame) -> str:
    """What a stanza has in common with itself when it is sent again, and hardly with another."""
    return f"{stanza.kind} {stanza.type or ''} {stanza.id or ''}"


def is_counted(frame: Frame) -> bool:
    """Whether stream management counts one stanza more when the frame leaves.

    One over the size limit, which leaves in pieces, is counted with the first of them.
    """
    if frame.xmlns is not None:
        return False
    return frame.kind in STANZAS or (frame.kind == "opaque" and _begins_one_too_big(frame))


def _begins_one_too_big(frame: Frame) -> bool:
    if frame.flaw is None or frame.flaw.error != TOO_BIG:
        return False
    tag = lex.TOKEN.match(frame.data)
    if tag is not None and tag["start"]:
        return _begins_stanza(tag["start"], tag[0], frame.context)
    name = lex.NAME.match(frame.data, 1)  # as much as is known of a tag that is too big itself
    return name is not None and name[0].decode(errors="replace") in STANZAS


def stanzas_in(data: bytes, context: StreamContext = DEFAULT_CONTEXT) -> int:
    """How many whole stanzas bytes hold that stand between two stanzas of a stream."""
    count = depth = 0
    is_one = False
    for token in lex.tokens(data):
        if depth == 0 and token.kind in ("start", "empty"):
            is_one = _begins_stanza(token.name, data[token.start : token.stop], context)
        depth += {"start": 1, "end": -1}.get(token.kind, 0)
        if depth == 0 and token.kind in ("end", "empty"):
            count += is_one
    return count


def _begins_stanza(name: bytes, tag: bytes, context: StreamContext) -> bool:
    element = Element(name, tag[1 + len(name) :], context)
    namespace = element.namespace
    return element.local in STANZAS and (not namespace or context.is_content(namespace))
