"""What becomes of a frame: the verdicts, and who may pass them."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from xmppspy.protocol.events import Direction
from xmppspy.protocol.framing import Frame


@dataclass(frozen=True, slots=True)
class Forward:
    """Let the frame go on as it came."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the frame, and its direction behind it, until `Session.decide` is called."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Send nothing."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Send `data` instead; `note` is said in the capture."""

    data: bytes
    note: str = ""


Verdict: TypeAlias = Forward | Hold | Drop | Replace


class Interceptor(Protocol):
    """One who may pass verdicts.

    Of a frame that arrives in pieces it is asked at the start tag whether it wants the whole;
    every whole frame of which nothing has left is for it to judge. Bytes without boundaries
    (`opaque`) pass without being judged.
    """

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Whether the frame could be anything but forwarded.

        `head` is the frame as far as its start tag tells: its `data` is the start tag alone and
        its `ns` is empty. A frame nobody wants leaves byte by byte as it arrives.
        """

    def judge(self, direction: Direction, frame: Frame) -> Verdict:
        """The verdict on a whole frame. The first interceptor that does not forward it decides."""
