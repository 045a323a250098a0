"""What counts as a stanza (RFC 6120 §8)."""

from typing import Final

from xmppspy.protocol import tokens as lex
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame

STANZAS: Final = frozenset({"message", "presence", "iq"})


def is_stanza(frame: Frame | FrameRecord) -> bool:
    """Whether a frame is one that stream management counts (XEP-0198 §4)."""
    return frame.xmlns is None and frame.kind in STANZAS


def stanzas_in(data: bytes) -> int:
    """How many stanzas bytes hold that stand between two stanzas."""
    count = depth = 0
    for token in lex.tokens(data):
        if depth == 0 and token.kind in ("start", "empty"):
            count += token.name.rpartition(b":")[2].decode(errors="replace") in STANZAS
        depth += {"start": 1, "end": -1}.get(token.kind, 0)
    return count
