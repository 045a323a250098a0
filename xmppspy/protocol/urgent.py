"""Urgent: what need not wait behind a stanza that is held, because it keeps the session alive.

Servers close a connection whose client does not acknowledge stanzas (XEP-0198) or answer pings
(XEP-0199) for some tens of seconds, and clients do likewise; nobody minds when such an element
arrives before a stanza that was sent earlier.
"""

from collections import deque
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction
from xmppspy.protocol.framing import Frame

PING: Final = "urn:xmpp:ping"
_SM: Final = frozenset({ns.SM, ns.SM_OLD})
_REMEMBERED: Final = 64


class Urgent:
    """Tells what is urgent on one connection; for that it has to `see` the frames of it."""

    def __init__(self) -> None:
        self._pings: deque[tuple[Direction, str]] = deque(maxlen=_REMEMBERED)

    def see(self, direction: Direction, frame: Frame) -> None:
        """Take note of a ping, so that its answer is known."""
        if _is_ping(frame):
            self._pings.append((_back(direction), frame.id or ""))

    def is_urgent(self, direction: Direction, frame: Frame) -> bool:
        """Whether a frame may go first: white space, acks and their requests, pings, pongs."""
        if frame.xmlns is not None:
            return frame.xmlns in _SM and frame.kind in ("r", "a")
        if frame.kind != "iq":
            return frame.kind == "space"
        if frame.type in ("result", "error"):
            return (direction, frame.id) in self._pings
        return _is_ping(frame)


def _is_ping(frame: Frame) -> bool:
    return frame.kind == "iq" and frame.type == "get" and PING in frame.ns and bool(frame.id)


def _back(direction: Direction) -> Direction:
    return "s2c" if direction == "c2s" else "c2s"
