"""Naming: which server the client wants, read from its first bytes."""

from typing import Final

from xmppspy.protocol.framing import Frame
from xmppspy.protocol.hello import TLS_HANDSHAKE, read_client_hello
from xmppspy.protocol.link import Link, Phase
from xmppspy.protocol.requests import ConnectRequested

_BEFORE_A_HEADER: Final = frozenset({"space", "text", "comment", "pi"})
_MAX_EARLY: Final = 100
"""Frames in front of a header, after which none is waited for any longer."""


class Naming:
    """The name is in the `to` of the header, or in the SNI where TLS comes first.

    A client in TLS that sends no SNI names the server in its header, later than all else.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self.late_header: Frame | None = None
        """That of a client whose TLS had to come first; it has not gone on yet."""

    def sniff(self, first: int) -> None:
        """The client's first byte tells TLS from XML."""
        self._link.phase = Phase.NAMING
        if first == TLS_HANDSHAKE:
            self._link.hello = bytearray()

    def read_hello(self, beginning: bytearray, data: bytes) -> None:
        """More of a ClientHello, for its SNI; it is kept until there is a leaf."""
        beginning += data
        if self._link.phase is Phase.NAMING:
            hello = read_client_hello(bytes(beginning))
            if hello is not None:
                self._connect(hello.server_name)

    def read_header(self, now: float) -> None:
        """A header in the clear; it is recorded, and waits until the server is there."""
        link = self._link
        while link.phase is Phase.NAMING and (frame := link.up.pull(now)):
            link.up.keep_back(frame, now)
            if frame.kind not in _BEFORE_A_HEADER or len(link.early) == _MAX_EARLY:
                link.named(frame)
                self._connect(frame.to if frame.kind == "stream" else None)

    def read_late_header(self, now: float) -> Frame | None:
        """A header inside TLS, which stays behind what our own stream has to say first.

        None when it has not come yet.
        """
        link = self._link
        while self.late_header is None and (frame := link.up.pull(now)):
            link.up.swallow(frame, now)
            if frame.kind != "space":
                link.domain = frame.to
                link.named(frame)
                self.late_header = frame
        return self.late_header

    def _connect(self, domain: str | None) -> None:
        self._link.domain = domain
        self._link.phase = Phase.CONNECTING
        self._link.recorder.add(ConnectRequested(domain))
