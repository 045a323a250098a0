"""The styles of output, each a function from an event to the bytes that are printed of it."""

from collections.abc import Callable
from typing import Final, TypeAlias

from xmppspy.capture.format import encode
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.brief import Brief
from xmppspy.view.escape import decode, escape, unmarked
from xmppspy.view.look import Look, StyleName
from xmppspy.view.pretty import Pretty

Printer: TypeAlias = Callable[[Event], bytes]
"""What is printed of an event; empty where its style shows nothing of it."""


def printer(style: StyleName, look: Look) -> Printer:
    """The printer of a style; `look` matters to `pretty` and `brief` only."""
    if style in ("raw", "bytes", "json"):
        return _PLAIN[style]
    text = Pretty(look) if style == "pretty" else Brief(look)

    def print_text(event: Event) -> bytes:
        return text(event).encode(errors="backslashreplace")

    return print_text


def print_raw(event: Event) -> bytes:
    r"""The text of a frame and a line break; control characters as `\x1b`."""
    if not isinstance(event, FrameRecord):
        return b""
    return unmarked(escape(decode(event.data))).encode() + b"\n"


def print_bytes(event: Event) -> bytes:
    """The exact bytes of a frame."""
    return event.data if isinstance(event, FrameRecord) else b""


_PLAIN: Final[dict[str, Printer]] = {"raw": print_raw, "bytes": print_bytes, "json": encode}

SEPARATORS: Final[dict[StyleName, bytes]] = {
    "pretty": "<!-- … -->\n".encode(),
    "brief": "…\n".encode(),
    "raw": b"",
    "bytes": b"",
    "json": b"",
}
"""What stands between events that do not follow one another, when context was asked for."""
