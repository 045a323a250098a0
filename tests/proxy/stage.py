"""A listener on loopback between a scripted client and a scripted server, in one event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.authority import UPSTREAM_CA
from tests.conversation import ANSWER, DOMAIN, HEADER
from xmppspy.protocol.events import Event, Fault, FrameRecord
from xmppspy.protocol.guard import Guard
from xmppspy.protocol.link import SessionOptions
from xmppspy.protocol.runs import each
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.clock import Clock
from xmppspy.proxy.connector import Connector
from xmppspy.proxy.contexts import Contexts
from xmppspy.proxy.doorway import doorway
from xmppspy.proxy.server import Intervening, Listener
from xmppspy.proxy.upstream import Upstream

LIMIT = 20.0
"""Seconds that anything awaited here may take."""


@dataclass
class Peer:
    """One end of a TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send and drain."""
        self.writer.write(data)
        await asyncio.wait_for(self.writer.drain(), LIMIT)

    async def receive(self, data: bytes) -> None:
        """Wait for exactly these bytes."""
        assert await asyncio.wait_for(self.reader.readexactly(len(data)), LIMIT) == data

    async def until(self, end: bytes) -> bytes:
        """All bytes until `end` has come."""
        return await asyncio.wait_for(self.reader.readuntil(end), LIMIT)

    async def rest(self) -> bytes:
        """All bytes until the other side's FIN."""
        return await asyncio.wait_for(self.reader.read(), LIMIT)

    def reset(self) -> None:
        """Break the connection by RST."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.writer.transport.abort()


@dataclass
class Stage:
    """The listener, what it recorded, and the server's accepted connections."""

    listener: Listener
    clock: Clock
    port: int
    events: list[Event]
    accepted: asyncio.Queue[Peer] = field(default_factory=asyncio.Queue)

    async def client(self) -> Peer:
        """A new client."""
        return Peer(*await asyncio.open_connection("127.0.0.1", self.port))

    async def server(self) -> Peer:
        """The next connection that has reached the server."""
        return await asyncio.wait_for(self.accepted.get(), LIMIT)

    async def both(self) -> tuple[Peer, Peer]:
        """A client and a server that have exchanged headers."""
        client = await self.client()
        await client.send(HEADER)
        server = await self.server()
        await server.receive(HEADER)
        await server.send(ANSWER)
        await client.receive(ANSWER)
        return client, server

    async def recorded(self, wanted: Callable[[Event], bool]) -> Event:
        """The first recorded event that is wanted, as soon as there is one."""
        async with asyncio.timeout(LIMIT):
            while True:
                for event in self.events:
                    if wanted(event):
                        return event
                await asyncio.sleep(0)

    def frames(self, direction: str) -> bytes:
        """What was recorded of a direction, as bytes."""
        frames = [e for e in self.events if isinstance(e, FrameRecord) and e.dir == direction]
        return b"".join(frame.data for frame in frames)

    def faults(self) -> list[str]:
        """The names of the errors."""
        return [event.error for event in self.events if isinstance(event, Fault)]


@asynccontextmanager
async def stage(
    folder: Path,
    *,
    reachable: bool = True,
    idle_timeout: float = 0.0,
    serve: Callable[[Peer], Awaitable[None]] | None = None,
    guards: Callable[[str], Guard] | None = None,
    intervening: Intervening | None = None,
    trusts_server: bool = False,
) -> AsyncIterator[Stage]:
    """A listener in front of a scripted server; `serve` answers its connections by itself."""
    accepted: asyncio.Queue[Peer] = asyncio.Queue()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        await (serve(peer) if serve else accepted.put(peer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if not reachable:
        server.close()
    connector = Connector(Upstream("127.0.0.1", port))
    upstream_ca = folder / "upstream.pem" if trusts_server else None
    if upstream_ca is not None:
        UPSTREAM_CA.cert_pem.write_to_path(str(upstream_ca))
    contexts = Contexts(Authority.open(folder / "ca"), upstream_ca=upstream_ca)
    options = SessionOptions(upstream_name=DOMAIN, allow_clear_upstream=True)
    clock = Clock()
    listener = Listener(
        connector,
        contexts,
        options,
        clock,
        idle_timeout=idle_timeout,
        guards=guards,
        intervening=intervening,
    )
    events: list[Event] = []
    listener.record = lambda item: events.extend(each(item))
    with doorway("127.0.0.1", 0) as open_door:
        await listener.start(open_door)
        ((_, listening),) = open_door.places
        try:
            yield Stage(listener, clock, listening, events, accepted)
        finally:
            await listener.stop("the test is over")
            server.close()
            while not accepted.empty():
                accepted.get_nowait().writer.close()
