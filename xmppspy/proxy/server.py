"""Listener: lets clients in, and gives each a session and a relay."""

import asyncio
import itertools
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from xmppspy.errors import ConnectFailed
from xmppspy.protocol.events import Event, FrameRecord, Side, StanzaRun
from xmppspy.protocol.guard import Guard
from xmppspy.protocol.hosts import join_address
from xmppspy.protocol.registers import Registers
from xmppspy.protocol.session import Session, SessionOptions
from xmppspy.protocol.verdicts import Interceptor
from xmppspy.proxy.clock import Clock
from xmppspy.proxy.connector import Connection, Connector
from xmppspy.proxy.contexts import Contexts
from xmppspy.proxy.doorway import BACKLOG, Doorway
from xmppspy.proxy.redirects import Redirects
from xmppspy.proxy.relay import Relay, Surroundings
from xmppspy.proxy.upstream import Upstream

REFUSALS: Final = 8
"""Clients at a time that are told that there is no room."""

PATIENCE: Final = 5.0
"""Seconds that these have for saying in which way they want to be told."""


class Intervening(Protocol):
    """Who may change what is said on the connections, which have numbers."""

    def interceptor(self, conn: int) -> Interceptor:
        """Who passes the verdicts on a new connection."""

    def opened(self, conn: int, relay: Relay) -> None:
        """The connection is there."""

    def closed(self, conn: int) -> None:
        """The connection is over."""


class Listener:
    """Who stands at the doorway of a proxy, and the connections that came of it.

    `start`, then `stop`; in between everything happens by itself. Of more than `capacity` clients
    at a time, some are told that there is no room, and the others find the door closed. `guards` makes the guard of each
    connection, by the address of the host that the client is on; `intervening` gives it who may
    change what is said on it.
    """

    def __init__(
        self,
        connector: Connector,
        contexts: Contexts,
        options: SessionOptions,
        clock: Clock,
        *,
        idle_timeout: float = 0.0,
        guards: Callable[[str], Guard] | None = None,
        intervening: Intervening | None = None,
        capacity: int = 10_000,
    ) -> None:
        self._connector = connector
        self._capacity = capacity
        self._guards = guards
        self._intervening = intervening
        self._registers = Registers()
        self._around = Surroundings(
            connector.connect,
            Redirects(),
            contexts,
            self._record,
            clock.now,
            idle_timeout,
            self._holds_changed,
        )
        self._full = replace(self._around, connect=self._refuse, idle_timeout=PATIENCE)
        self._options = options
        self._numbers = itertools.count(1)
        self.relays: dict[int, Relay] = {}
        """The open connections, by their numbers."""
        self._empty = asyncio.Event()
        self._empty.set()
        self._servers: list[asyncio.Server] = []
        self.record: Callable[[Event | StanzaRun], None] = _forgotten
        """Where events go; to be set before `start`."""
        self.holds_changed: Callable[[], None] = _nobody_minds
        """Called when other frames are held than before."""
        self.addresses: list[str] = []
        """Where it listens, as HOST:PORT."""
        self.accepted = 0
        """Connections so far."""
        self.frames = 0
        """Frames so far."""

    async def start(self, doorway: Doorway) -> None:
        """Let in whoever comes, and whoever waits already."""
        loop = asyncio.get_running_loop()
        self._connector.own.extend(doorway.places)
        self.addresses = doorway.addresses
        self._servers = [
            await loop.create_server(lambda: _Door(self), sock=sock, backlog=BACKLOG)
            for sock in doorway.sockets
        ]

    async def stop(self, reason: str) -> None:
        """Listen no more, close all connections, and wait until they are closed."""
        for server in self._servers:
            server.close()
        for relay in list(self.relays.values()):
            relay.stop(reason)
        await self._empty.wait()

    def accept(self, transport: asyncio.Transport) -> Relay:
        """Give a client's socket its session and relay."""
        _prepare(transport.get_extra_info("socket"))
        self.accepted += 1
        peer = transport.get_extra_info("peername")
        own = transport.get_extra_info("sockname")
        host = peer[0] if peer else ""
        conn, intervening = self.accepted, self._intervening
        session = Session(
            conn,
            self._options,
            self._numbers,
            client=join_address(peer[0], peer[1]) if peer else "?",
            server=str(self._connector.upstream),
            now=self._around.now(),
            address=join_address(own[0].partition("%")[0], own[1]) if own else "",
            guard=self._guards(host) if self._guards is not None else None,
            interceptor=intervening.interceptor(conn) if intervening is not None else None,
            registers=self._registers,
        )
        around = self._around if len(self.relays) < self._capacity else self._full
        relay = Relay(session, around, host, lambda _relay: self._forget(conn))
        self.relays[conn] = relay
        self._empty.clear()
        relay.attach(Side.CLIENT, transport)
        relay.work()
        if intervening is not None:
            intervening.opened(conn, relay)
        return relay

    @property
    def has_room(self) -> bool:
        """Whether a client can be let in, if only to be told that there is no room."""
        return len(self.relays) < self._capacity + REFUSALS

    async def _refuse(self, domain: str | None, _instead: Upstream | None) -> Connection:
        reason = (
            f"xmppspy has {self._capacity} connections already, which is all that it has file "
            "descriptors for; close some, or allow it more (ulimit -n)"
        )
        raise ConnectFailed(domain or str(self._connector.upstream), reason)

    def say(self, event: Event) -> None:
        """Have an event recorded that comes from no connection."""
        self.record(event)

    def _record(self, event: Event | StanzaRun) -> None:
        if isinstance(event, StanzaRun):
            self.frames += event.number
        else:
            self.frames += isinstance(event, FrameRecord)
        self.record(event)

    def _holds_changed(self) -> None:
        self.holds_changed()

    def _forget(self, conn: int) -> None:
        self.relays.pop(conn, None)
        if self._intervening is not None:
            self._intervening.closed(conn)
        if not self.relays:
            self._empty.set()


class _Door(asyncio.Protocol):
    """Where a client comes in: hands its socket over to a relay."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        if not self._listener.has_room:
            transport.abort()
            return
        relay = self._listener.accept(transport)
        transport.set_protocol(relay.wire(Side.CLIENT))


def _forgotten(_event: Event | StanzaRun) -> None:
    """Where events go until there is a capture."""


def _nobody_minds() -> None:
    """What is done about held frames where nobody decides about them."""


def _prepare(sock: socket.socket) -> None:
    """Stanzas are small, and sessions long."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
