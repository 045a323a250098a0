"""Leg: one peer of a connection, with its TLS, its framer and its ordered outbox."""

from collections.abc import Iterable

from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import MAX_FRAME, Framer
from xmppspy.protocol.line import Line
from xmppspy.protocol.tls import TLSContext, TLSPipe
from xmppspy.protocol.toxics import Toxic


class Leg:
    """What stands between a session and one peer.

    Clear or not is settled here: `receive_data` takes what the socket gave and feeds the framer
    with what the peer said; `send` takes what the peer shall read. All that leaves does so in the
    order in which it was given, through one outbox, so that `<proceed/>` in the clear leaves before
    the first byte of TLS. Where something is to be wrong with the way to the peer, there is a
    `line`. `seed` makes what is random about it repeatable.
    """

    def __init__(self, side: Side, max_frame: int = MAX_FRAME, *, seed: int = 0) -> None:
        self.side = side
        self.tls: TLSPipe | None = None
        self.line: Line | None = None
        self.framer = Framer(max_frame)
        self.ended = False
        """Whether the peer says no more: by TCP, or by close_notify."""
        self._max_frame = max_frame
        self._seed = seed
        self._outbox = bytearray()
        self._waiting = bytearray()  # clear bytes that wait for the handshake

    def receive_data(self, data: bytes) -> None:
        """Take what the socket gave. Raises TLSError; what came before the failure is framed."""
        tls = self.tls
        if tls is None:
            self.framer.receive_data(data)
            return
        try:
            tls.receive_data(data)
        finally:
            self.framer.receive_data(tls.read())
            self._collect(tls)
        self.ended = self.ended or tls.ended

    def send(self, data: bytes) -> int:
        """Have the peer read `data`; during a handshake it waits for its end.

        Returns how many of its bytes leave: all, unless the line is broken.
        """
        if self.line is not None:
            return self._send_on(self.line, data)
        self._send(data)
        return len(data)

    def _send(self, data: bytes) -> None:
        tls = self.tls
        if tls is None:
            self._outbox += data
        elif tls.established:
            tls.send(data)
            self._outbox += tls.data_to_send()
        else:
            self._waiting += data

    def _send_on(self, line: Line, data: bytes) -> int:
        admitted = line.admit(len(data))
        for piece in line.pieces(data[:admitted]):
            self._send(piece)
            self._put(line)
        return admitted

    def start_tls(
        self, context: TLSContext, *, hostname: str | None = None, first: bytes = b""
    ) -> None:
        """Begin TLS behind what is in the outbox; a new framer reads what comes inside it.

        Towards the client this is the TLS server, towards the server the client, which names
        `hostname`. `first` is what has arrived of TLS already. Raises TLSError.
        """
        server_side = self.side is Side.CLIENT
        self.tls = TLSPipe(context, server_side=server_side, server_hostname=hostname)
        self.framer = Framer(self._max_frame)
        self._collect(self.tls)
        if first:
            self.receive_data(first)

    def send_raw(self, data: bytes) -> None:
        """Put bytes into the outbox as they are: an alert, when there is no TLS engine."""
        self._outbox += data

    def close_tls(self) -> None:
        """Send close_notify, if there is TLS."""
        if self.tls is not None and self.tls.established:
            self.tls.close()
            self._collect(self.tls)

    def data_to_send(self) -> bytes:
        """What the socket is to send now, in a write of its own; ask until there is no more."""
        if self.line is not None:
            return self.line.take()
        if not self._outbox:
            return b""
        data = bytes(self._outbox)
        self._outbox.clear()
        return data

    def poison(self, toxics: Iterable[Toxic], now: float) -> None:
        """Let these work on the way to the peer, from here on."""
        if self.line is None:
            self.line = Line(self._seed)
            self._put(self.line)
            self.line.tick(now)
        self.line.set(toxics, now)

    def tick(self, now: float) -> None:
        """Let arrive what arrives by now, on a line; one with which nothing is wrong is done."""
        if self.line is not None:
            self._put(self.line)
            self.line.tick(now)
            if self.line.is_needless:
                self.line = None

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way on a line."""
        return self.line is not None and (bool(self._outbox) or self.line.is_busy)

    @property
    def due(self) -> float | None:
        """When to `tick`; None when there is nothing to wait for."""
        return None if self.line is None else self.line.due

    def flush(self) -> None:
        """Let arrive at once what is on its way: nothing more will be sent."""
        if self.line is not None:
            self._put(self.line)
            self.line.flush()

    def _put(self, line: Line) -> None:
        line.put(bytes(self._outbox))
        self._outbox.clear()

    @property
    def takes_data(self) -> bool:
        """Whether what is sent can reach the peer: TLS has neither failed nor been closed."""
        return self.tls is None or not self.tls.closed

    @property
    def secured(self) -> bool:
        """Whether TLS is up."""
        return self.tls is not None and self.tls.established

    def _collect(self, tls: TLSPipe) -> None:
        if tls.established and self._waiting:
            tls.send(bytes(self._waiting))
            self._waiting.clear()
        self._outbox += tls.data_to_send()
