"""What counts as a stanza (RFC 6120 §8)."""

from typing import Final

from xmppspy.protocol import tokens as lex
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.elements import Element
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame

STANZAS: Final = frozenset({"message", "presence", "iq"})


def is_stanza(frame: Frame | FrameRecord) -> bool:
    """Whether a frame is one that stream management counts (XEP-0198 §4)."""
    return frame.xmlns is None and frame.kind in STANZAS


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
