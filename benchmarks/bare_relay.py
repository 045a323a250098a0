"""Python's limit: a relay on asyncio and MemoryBIO that knows nothing of what it carries.

    python -m benchmarks.bare_relay LEAF.pem UPSTREAM_PORT

It frames nothing, records nothing, checks nothing. Whatever a relay in Python does besides, it
does on top of this.
"""

import asyncio
import ssl
import sys
from typing import Final

_READ: Final = 256 * 1024
_RECORD: Final = 16 * 1024
"""Bytes in a record of TLS, at most."""
_PLACE: Final = memoryview(bytearray(_READ))
"""Where all sockets are read into: to make room for each read takes longer than a small read."""


class _Leg(asyncio.BufferedProtocol):
    """One socket with its TLS; what it decrypts goes to the other leg."""

    def __init__(self, context: ssl.SSLContext, *, server_side: bool) -> None:
        self.other: _Leg | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=server_side)
        self._ready = False
        self._waiting = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=_READ)
        self._advance()

    def get_buffer(self, _sizehint: int) -> memoryview:
        return _PLACE

    def buffer_updated(self, nbytes: int) -> None:
        self._incoming.write(_PLACE[:nbytes])
        self._advance()

    def _advance(self) -> None:
        try:
            if not self._ready:
                self._tls.do_handshake()
                self._ready = True
                waiting, self._waiting = bytes(self._waiting), bytearray()
                self.send(waiting)
            self._decrypt()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self.connection_lost(None)
        self._flush()

    def _decrypt(self) -> None:
        clear = bytearray()
        try:
            while data := self._tls.read(_RECORD):
                clear += data
                if not (self._incoming.pending or self._tls.pending()):
                    break
        finally:
            if clear and self.other is not None:
                self.other.send(bytes(clear))

    def send(self, data: bytes) -> None:
        if not self._ready:
            self._waiting += data
        elif data:
            self._tls.write(data)
            self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending and self.transport is not None:
            self.transport.write(self._outgoing.read())

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, _error: Exception | None) -> None:
        for leg in (self, self.other):
            if leg is not None and leg.transport is not None:
                leg.transport.close()


class _Client(_Leg):
    """The leg towards the client; it connects to the server."""

    def __init__(self, context: ssl.SSLContext, ours: ssl.SSLContext, upstream: int) -> None:
        super().__init__(context, server_side=True)
        self._ours, self._upstream = ours, upstream
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.other = _Leg(self._ours, server_side=False)
        self.other.other = self
        connecting = self._connect(self.other)
        self._connecting = asyncio.get_running_loop().create_task(connecting)
        super().connection_made(transport)

    async def _connect(self, server: _Leg) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: server, "127.0.0.1", self._upstream)


async def main(leaf: str, upstream: int) -> None:
    """Listen, and relay to the port `upstream` of this machine."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(leaf)
    theirs.num_tickets = 0
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ours.check_hostname, ours.verify_mode = False, ssl.CERT_NONE
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Client(theirs, ours, upstream), "127.0.0.1", 0, backlog=4096
    )
    print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
