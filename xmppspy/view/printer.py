"""The styles of output, each a function from an event to the bytes that are printed of it."""

from typing import TYPE_CHECKING, Final, Protocol

from xmppspy.capture.format import encode
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.escape import decode, escape, unmarked
from xmppspy.view.look import Look, StyleName

if TYPE_CHECKING:
    from xmppspy.analysis.explainer import Explanation


class Printer(Protocol):
    """What is printed of an event, explained or not; empty where its style shows nothing of it."""

    def __call__(self, event: Event, explanation: "Explanation | None" = None, /) -> bytes:
        """The bytes that are printed."""


def printer(style: StyleName, look: Look) -> Printer:
    """The printer of a style; `look` matters to `pretty` and `brief` only."""
    if style in ("raw", "bytes", "json"):
        return _PLAIN[style]
    # These explain what they show, which takes lxml; the plain styles do without.
    from xmppspy.view.brief import Brief  # noqa: PLC0415
    from xmppspy.view.pretty import Pretty  # noqa: PLC0415

    text = Pretty(look) if style == "pretty" else Brief(look)

    def print_text(event: Event, explanation: "Explanation | None" = None) -> bytes:
        return text(event, explanation).encode(errors="backslashreplace")

    return print_text


def print_raw(event: Event, _explanation: "Explanation | None" = None) -> bytes:
    r"""The text of a frame and a line break; control characters as `\x1b`."""
    if not isinstance(event, FrameRecord):
        return b""
    return unmarked(escape(decode(event.data))).encode() + b"\n"


def print_bytes(event: Event, _explanation: "Explanation | None" = None) -> bytes:
    """The exact bytes of a frame."""
    return event.data if isinstance(event, FrameRecord) else b""


def print_line(event: Event, _explanation: "Explanation | None" = None) -> bytes:
    """The event as a line of a capture."""
    return encode(event)


_PLAIN: Final[dict[str, Printer]] = {"raw": print_raw, "bytes": print_bytes, "json": print_line}

EXPLAINED: Final[frozenset[StyleName]] = frozenset({"pretty", "brief"})
"""The styles that show what an explanation says."""

SEPARATORS: Final[dict[StyleName, bytes]] = {
    "pretty": "<!-- … -->\n".encode(),
    "brief": "…\n".encode(),
    "raw": b"",
    "bytes": b"",
    "json": b"",
}
"""What stands between events that do not follow one another, when context was asked for."""
