"""Things: what may be told about a line of a capture, besides what stands on it."""

from typing import Final, Literal, NamedTuple, Self

from xmppspy.analysis.exchanges import State
from xmppspy.analysis.identity import UNKNOWN, Identity
from xmppspy.protocol.events import Direction

STATES: Final = tuple(State)
"""The state of an answer on record is the place of one in it, from 1."""


class Setting(NamedTuple):
    """What was known of a connection when a line of it came."""

    identity: Identity = UNKNOWN
    c2s: bytes = b""
    """The header of the stream; empty where it was not seen."""
    s2c: bytes = b""

    def begin(self, direction: Direction, header: bytes) -> Self:
        """The same after another header."""
        return self._replace(c2s=header) if direction == "c2s" else self._replace(s2c=header)

    @property
    def headers(self) -> dict[Direction, bytes]:
        """The headers that were seen."""
        found: dict[Direction, bytes] = {"c2s": self.c2s, "s2c": self.s2c}
        return {direction: header for direction, header in found.items() if header}


class Moment(NamedTuple):
    """The time of a line that does not say it."""

    t: float


class Stream(NamedTuple):
    """Of a stream header: which one it is on its connection."""

    label: str


class Judgement(NamedTuple):
    """What the linter says, in short: who shows it needs not load the linter."""

    severity: Literal["error", "warning", "info"]
    rule: str
    message: str
    ref: str
    """The section of the specification."""
