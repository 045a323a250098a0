"""White space, keepalives and sizes (RFC 6120 §4.6, §13.12, XEP-0478)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Frames, Mood, raw
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.protocol.events import Direction

OFTEN: Final = 60.0
"""Seconds; keepalives that follow sooner cost more than they are worth."""
APART: Final = 1.0
"""Seconds of silence after which white space is a keepalive, and no separator."""
MODEST: Final = 10_000
"""Bytes that every server has to take in a stanza (RFC 6120 §13.12), and enough before login."""


S30 = Rule(
    "S30", Severity.ERROR, "RFC 6120 §5.3.3, §6.3.5; XEP-0388 §2.4; RFC 7395 §3.8",
    "white space while STARTTLS or SASL is negotiated, or over WebSocket",
)  # fmt: skip


@S30.on(raw("space"))
def space_in_negotiation(sight: Sight) -> Iterator[Said]:
    """There, the next byte may belong to another layer."""
    if sight.conn.transport == "websocket":
        yield "white space over WebSocket, where pings have frames of their own"
    elif sight.conn.upgrade == "asked":
        yield "white space between <starttls/> and the answer to it"
    elif sight.conn.login.asked in ("sasl", "sasl2"):
        yield "white space while SASL is negotiated"


S31 = Rule("S31", Severity.INFO, "RFC 6120 §4.6.4", "keepalives more often than every minute")


class _Keepalives:
    """When white space came last after some silence."""

    def __init__(self) -> None:
        self.last: dict[Direction, float] = {}


@S31.on(raw("space"))
def frequent_keepalives(sight: Sight) -> Iterator[Said]:
    """Told once for each direction."""
    record = sight.record
    before = sight.conn.way(record.dir).last_t
    if before is None or record.t - before < APART:
        return
    last = sight.conn.memory(_Keepalives).last
    earlier = last.get(record.dir)
    last[record.dir] = record.t
    if earlier is None or record.t - earlier >= OFTEN:
        return
    if sight.conn.once(("S31", record.dir)):
        yield f"the next keepalive after {record.t - earlier:.0f} s; five minutes are advised"


S33 = Rule(
    "S33", Severity.WARNING, "RFC 6120 §13.12, XEP-0478",
    "a stanza larger than the peer takes, or a large one before login",
)  # fmt: skip


@S33.on(Frames(way="c2s", mood=Mood.UNSETTLED | Mood.LIMITED))
def too_large(sight: Sight) -> Iterator[Said]:
    """The limit that the server announced, or the one that all servers keep."""
    size, offer = len(sight.record.data), sight.conn.offer
    limit = None if offer is None else offer.max_bytes
    if limit is not None and size > limit:
        yield f"{size:,} bytes, and the server takes {limit:,}"
    elif size > MODEST and sight.conn.certain and not sight.conn.login.profile:
        yield f"{size:,} bytes before login"
