"""Masks: what a recording lost because it was secret, as far as it is known today."""

from typing import Final

from xmppspy.protocol import tokens as lex
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.quoting import escape
from xmppspy.replay.roles import Role

_OWN: Final = "{jabber:iq:register}password"
"""The account's own password (XEP-0077): a new one is the same as the old one today."""


def unmasked(record: FrameRecord, role: Role) -> bytes | None:
    """What a stanza of a client said before it was masked; None when that is not known."""
    if not record.redacted:
        return record.data
    if set(record.redacted) != {_OWN} or role.password is None:
        return None
    data = record.data
    spans = list(_texts(data, b"password"))
    for start, stop in reversed(spans):
        data = data[:start] + escape(role.password).encode() + data[stop:]
    return data


def _texts(data: bytes, name: bytes) -> "list[tuple[int, int]]":
    opened = b""
    found = []
    for token in lex.tokens(data):
        if token.kind == "start":
            opened = token.name.rpartition(b":")[2]
        elif token.kind == "text" and opened == name:
            found.append((token.start, token.stop))
        elif token.kind == "end":
            opened = b""
    return found
