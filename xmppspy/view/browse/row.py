"""Row: a line of a capture as it stands in a list, in its parts."""

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from xmppspy.protocol.events import Direction
    from xmppspy.view.marked import Span

TONES: Final = 5
"""Inks for connections: `conn0` and so on."""


def tone(conn: int) -> str:
    """The ink of the number of a connection, so that neighbours can be told apart at a glance."""
    return f"conn{conn % TONES}"


class Row(NamedTuple):
    """What a list shows of one line. Who has one needs not load what made it."""

    t: float | None
    """Seconds since the capture began; None where the line does not tell."""
    conn: int
    """0 for none."""
    dir: "Direction | None"
    kind: "Span"
    """`iq get`, or what kind of event it is."""
    topic: "tuple[Span, ...]"
    """What it is about."""
    source: str
    """Where that is specified: `XEP-0030`."""
    details: "tuple[Span, ...]"
    """What it says."""
    peer: str
    """The address of the other side."""
    latency: str
    size: int
    """Bytes of a frame."""
    flags: int
    """See `records.Flag`."""
