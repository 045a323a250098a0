"""Expectations: injected requests whose answers have not come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from xmppspy.protocol import jid
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.framing import Frame

PATIENCE: Final = 120.0
"""Seconds that an answer is expected for, unless told otherwise."""

MOST: Final = 256
"""Requests of one connection; beyond it the oldest one is forgotten."""

_ANSWERS: Final = ("result", "error")


@dataclass(frozen=True, slots=True)
class Expected:
    """The answer to an IQ request that xmppspy has put into the stream."""

    id: str
    direction: Direction
    """Of the answer: back from where the request went."""
    until: float
    """When nobody waits for it any more."""
    responder: str | None = None
    """Who was asked; None: whoever answers to nobody in particular, as the account does."""
    is_private: bool = False
    """Whether it is kept from the peer, which has not asked."""

    def is_from(self, sender: str | None) -> bool:
        """Whether somebody may answer. Without a name it is the account's server (RFC 6120 §8.1.2)."""
        if self.responder is None or sender is None:
            return True
        return jid.JID.read(self.responder) == jid.JID.read(sender)


Report: TypeAlias = Callable[[Expected, FrameRecord], None]
"""Told of each answer that has come."""


class Expectations:
    """Those of one connection."""

    def __init__(self) -> None:
        self._expected: dict[tuple[Direction, str], Expected] = {}

    def __bool__(self) -> bool:
        return bool(self._expected)

    def add(self, expected: Expected) -> None:
        """Expect one more."""
        self._expected[expected.direction, expected.id] = expected
        if len(self._expected) > MOST:
            del self._expected[next(iter(self._expected))]

    def find(self, direction: Direction, frame: Frame) -> Expected | None:
        """The expectation that a frame, or one with this start tag, meets; it stays."""
        if frame.kind != "iq" or frame.type not in _ANSWERS or frame.id is None:
            return None
        expected = self._expected.get((direction, frame.id))
        return expected if expected and expected.is_from(frame.from_) else None

    def take(self, direction: Direction, frame: Frame, now: float) -> Expected | None:
        """The same for a whole frame; it is not expected any more."""
        overdue = [key for key, each in self._expected.items() if each.until <= now]
        for key in overdue:
            del self._expected[key]
        expected = self.find(direction, frame)
        if expected is not None:
            del self._expected[expected.direction, expected.id]
        return expected
