"""Live stream management: the client's side of XEP-0198, whatever the recording held."""

from dataclasses import dataclass
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.replay.live_sm import h_of

_MODULUS: Final = 1 << 32


@dataclass(slots=True)
class ClientSM:
    """The counts of one stream.

    It is not resumed, whatever was asked for: a recording has its reconnections behind it.
    """

    namespace: str = ns.SM
    asked: bool = False
    """Whether `<enable/>` was sent: what is sent from then on is counted."""
    enabled: bool = False
    """Whether the server agreed: what came from then on is counted."""
    handled: int = 0
    sent: int = 0
    unanswered: int = 0
    """How often an answer is waited for: to `<enable/>`, to each `<r/>`."""

    def enable(self, namespace: str) -> None:
        """`<enable/>` is sent: begin to count what is sent behind it."""
        self.namespace, self.asked = namespace, True
        self.unanswered += 1

    def ask(self) -> bytes:
        """A request for an acknowledgement; nothing where none may be made."""
        if not self.enabled:
            return b""
        self.unanswered += 1
        return f"<r xmlns='{self.namespace}'/>".encode()

    def acknowledge(self) -> bytes:
        """How many stanzas came; nothing while that is not counted."""
        if not self.enabled:
            return b""
        return f"<a xmlns='{self.namespace}' h='{self.handled}'/>".encode()

    def counted(self) -> None:
        """A stanza left."""
        self.sent = (self.sent + self.asked) % _MODULUS

    def received(self) -> None:
        """A stanza came."""
        self.handled = (self.handled + self.enabled) % _MODULUS

    def take(self, frame: Frame) -> tuple[bytes, str]:
        """The server says something of stream management: the answer to it, and what is wrong."""
        if frame.kind == "r":
            return self.acknowledge(), ""
        self.unanswered = max(self.unanswered - 1, 0)
        if frame.kind == "enabled":
            self.enabled, self.handled = True, 0
        elif frame.kind == "failed":
            self.asked = False
            return b"", "the server did not enable stream management"
        elif frame.kind == "a":
            return b"", self._judge(h_of(frame))
        return b"", ""

    def _judge(self, h: int | None) -> str:
        if h is None:
            return "the server acknowledges without telling how much"
        if (self.sent - h) % _MODULUS > _MODULUS // 2:
            return f"the server acknowledges {h} stanzas, of {self.sent} that were sent"
        return ""
