"""Frames that are no elements: white space, stray text, bytes that were not framed."""

from typing import Final

from xmppspy.analysis.words import harmless
from xmppspy.protocol.events import FrameRecord

_UNPRINTED: Final = frozenset(range(0x20)) - frozenset(b"\t\n\r")
_HEX_ROOM: Final = 3
"""Characters of a byte in hexadecimal digits, with the space behind it."""


def raw(record: FrameRecord, room: int) -> str:
    """The bytes as quoted text, or in hexadecimal digits where they are no text."""
    data = record.data[: 4 * room]
    text = data.decode(errors="backslashreplace")
    if record.kind == "opaque" and not _is_text(data):
        shown = data[: room // _HEX_ROOM]
        return shown.hex(" ") + ("…" if len(record.data) > len(shown) else "")
    kept = text if len(text) <= room else text[:room] + "…"
    return f'"{harmless(kept.replace(chr(10), "↵"))}"'


def _is_text(data: bytes) -> bool:
    if not _UNPRINTED.isdisjoint(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError as error:
        # A character may be cut in two at the end.
        return error.reason == "unexpected end of data"
    return True
