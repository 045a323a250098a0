"""STARTTLS on both legs of a connection that began in the clear (RFC 6120 §5)."""

from xmppspy.protocol import answers
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.hello import TLS_HANDSHAKE
from xmppspy.protocol.link import HANDSHAKE_LIMIT, Link


class StartTLS:
    """The steps of the upgrade; the essay in `session` shows them."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._is_ours = False  # the `<proceed/>` for the client is to be our own
        self._stream: Framer | None = None  # the one in the clear that the server's has ended
        self.asked = False
        """Whether the server owes an answer to `<starttls/>`."""

    @property
    def holds_proceed(self) -> bool:
        """Whether the client waits for a `<proceed/>` that the server has given."""
        return self._stream is not None

    def ask(self, frame: Frame, now: float) -> None:
        """The client's `<starttls/>` has come: pass it on, or answer it where TLS is up already."""
        link = self._link
        trailing = link.client.framer.take_trailing()
        link.upgrading = True
        if link.server.tls is None:
            link.up.forward(frame, now)
            self.asked = True
        else:
            link.up.swallow(frame, now)
            self._is_ours = True
            link.deadline = now + HANDSHAKE_LIMIT
            link.request_leaf()
        link.up.stopped = True
        self.receive(trailing, now)

    def receive(self, data: bytes, now: float) -> None:
        """Bytes of the client behind `<starttls/>`: white space, an eager ClientHello, or worse."""
        link = self._link
        if link.hello is not None:
            link.hello += data
            return
        rest = data.lstrip(b" \t\r\n")
        if len(rest) < len(data):
            link.up.swallow(Frame("space", data[: len(data) - len(rest)]), now)
        if rest[:1] == bytes([TLS_HANDSHAKE]):
            link.hello = bytearray(rest)
        elif rest:
            self.drop_proceed(now)
            link.reject_injection(link.up, rest, "behind <starttls/>", now)

    def answered(self, frame: Frame, now: float) -> None:
        """The server's `<proceed/>` or `<failure/>`."""
        link = self._link
        self.asked = False
        if frame.kind != "proceed":
            link.upgrading = link.up.stopped = False
            link.down.forward(frame, now)
            self._forget_hello(now)
            return
        link.down.keep_back(frame, now)
        self._stream = link.server.framer
        trailing = link.server.framer.take_trailing()
        if trailing:
            self.drop_proceed(now)
            link.reject_injection(link.down, trailing, "behind <proceed/>", now)
            return
        link.down.stopped = True
        link.deadline = now + HANDSHAKE_LIMIT
        link.request_upstream_tls(link.name, direct=False)

    def _forget_hello(self, now: float) -> None:
        """There will be no TLS: what an eager client has said of it goes nowhere."""
        link = self._link
        if link.hello is not None:
            link.up.swallow(Frame("opaque", bytes(link.hello)), now)
            link.hello = None

    def release(self, now: float) -> None:
        """Everything is ready for the client's TLS: let `<proceed/>` go."""
        if self._is_ours:
            self._link.down.inject(answers.PROCEED, now)
        self._link.down.outlet.release(now)
        self._is_ours, self._stream = False, None

    def fail(self, now: float) -> None:
        """TLS with the server has failed: tell the client so, in the clear (§5.4.2.2)."""
        stream = self._stream
        self.drop_proceed(now)
        closing = stream.closing if stream else b""
        self._link.down.inject(answers.TLS_FAILURE + closing, now, stream)
        self._link.close("proxy", "no TLS with the server", now)

    def drop_proceed(self, now: float) -> None:
        """The `<proceed/>` that was kept back never leaves."""
        self._link.down.outlet.drop_kept(now)
        self._is_ours, self._stream = False, None
