"""Listener: accepts clients and gives each a session and a relay."""

import asyncio
import itertools
import socket
import time
from datetime import UTC, datetime
from typing import Final

from xmppspy.errors import ListenError
from xmppspy.protocol.events import Side
from xmppspy.protocol.session import Session, SessionOptions
from xmppspy.proxy.relay import Relay, Surroundings

BACKLOG: Final = 512


class Clock:
    """Seconds since a capture was created, by a clock that never goes back."""

    def __init__(self) -> None:
        self.created = datetime.now(UTC)
        self._origin = time.perf_counter()

    def now(self) -> float:
        """Seconds since `created`."""
        return time.perf_counter() - self._origin


class Listener:
    """The listening socket of a proxy, and the connections that came of it.

    `start`, then `stop`; in between everything happens by itself.
    """

    def __init__(self, surroundings: Surroundings, options: SessionOptions, server: str) -> None:
        self._around = surroundings
        self._options = options
        self._server_name = server
        self._connections = itertools.count(1)
        self._frames = itertools.count(1)
        self._relays: set[Relay] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._server: asyncio.Server | None = None
        self.accepted = 0
        """Connections so far."""

    async def start(self, host: str, port: int) -> list[tuple[str, int]]:
        """Listen; return the addresses, with the port that was picked for port 0.

        Raises ListenError.
        """
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: _Door(self), host, port, backlog=BACKLOG, reuse_address=True
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise ListenError(address_text((host, port)), reason) from error
        return [sock.getsockname()[:2] for sock in self._server.sockets]

    async def stop(self, reason: str) -> None:
        """Listen no more, close all connections, and wait until they are closed."""
        if self._server is not None:
            self._server.close()
        for relay in list(self._relays):
            relay.stop(reason)
        await self._empty.wait()

    def accept(self, transport: asyncio.Transport) -> Relay:
        """Give a client's socket its session and relay."""
        prepare(transport.get_extra_info("socket"))
        self.accepted += 1
        session = Session(
            next(self._connections),
            self._options,
            self._frames,
            client=address_text(transport.get_extra_info("peername")),
            server=self._server_name,
            now=self._around.now(),
        )
        relay = Relay(session, self._around, self._forget)
        self._relays.add(relay)
        self._empty.clear()
        relay.attach(Side.CLIENT, transport)
        relay.work()
        return relay

    def _forget(self, relay: Relay) -> None:
        self._relays.discard(relay)
        if not self._relays:
            self._empty.set()


class _Door(asyncio.Protocol):
    """Where a client comes in: hands its socket over to a relay."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        relay = self._listener.accept(transport)
        transport.set_protocol(relay.wire(Side.CLIENT))


def prepare(sock: socket.socket) -> None:
    """Stanzas are small, and sessions long."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def address_text(address: tuple[str, int] | None) -> str:
    """HOST:PORT, IPv6 in brackets."""
    if not address:
        return "?"
    host, port = address[0], address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
