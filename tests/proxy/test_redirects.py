"""Redirects: a client that comes back reaches the place where its server has sent it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conversation import ANSWER, HEADER, MECHANISMS
from tests.proxy.stage import LIMIT, Peer, Stage, stage
from xmppspy.errors import ConnectFailed
from xmppspy.protocol.events import Note
from xmppspy.protocol.requests import Redirected
from xmppspy.proxy.connector import Connection
from xmppspy.proxy.redirects import MAX_HOPS, Redirect, Redirects, Trail
from xmppspy.proxy.resolver import Address, Target
from xmppspy.proxy.upstream import Upstream

END = b"</stream:stream>"
A, B = Upstream("a.example", 1), Upstream("b.example", 2)


@dataclass
class Scene:
    """A listener, its usual server, and another one on `port`."""

    play: Stage
    port: int
    accepted: asyncio.Queue[Peer]
    peers: list[Peer] = field(default_factory=list)

    async def opened(self, *, elsewhere: bool = False) -> tuple[Peer, Peer]:
        """A new client and the server that it reaches, their streams open."""
        client = await self.play.client()
        self.peers.append(client)
        await client.send(HEADER)
        queue = self.accepted if elsewhere else self.play.accepted
        server = await asyncio.wait_for(queue.get(), LIMIT)
        self.peers.append(server)
        await server.receive(HEADER)
        await server.send(ANSWER + MECHANISMS)
        await client.receive(ANSWER + MECHANISMS)
        return client, server

    async def redirects(self, *, elsewhere: bool = False, port: int = 0) -> None:
        """A client is sent to the other server, or to `port`, and reads that it is to come back."""
        client, server = await self.opened(elsewhere=elsewhere)
        await server.send(see_other(port or self.port))
        await client.receive(see_other(self.play.port))

    async def enables(self, *, port: int = 0) -> None:
        """A client's session is to be resumed at the other server, or at `port`; it breaks off."""
        client, server = await self.opened()
        await server.send(enabled(port or self.port))
        await client.receive(enabled(self.play.port))
        client.reset()

    def notes(self, text: str) -> int:
        """How many notes have these words."""
        return sum(isinstance(event, Note) and text in event.text for event in self.play.events)


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """Two servers and a listener in front of the first."""
    accepted: asyncio.Queue[Peer] = asyncio.Queue()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accepted.put(Peer(reader, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with stage(folder) as play:
        found = Scene(play, server.sockets[0].getsockname()[1], accepted)
        yield found
        for peer in found.peers:
            peer.writer.close()
    server.close()


def see_other(port: int) -> bytes:
    """A stream error that sends the client to a port of this machine."""
    return (
        b"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:%d"
        b"</see-other-host></stream:error></stream:stream>"
    ) % port


def enabled(port: int) -> bytes:
    """A session that is to be resumed at a port of this machine."""
    return b"<enabled xmlns='urn:xmpp:sm:3' id='x' location='127.0.0.1:%d'/>" % port


def test_client_follows_see_other_host(tmp_path: Path) -> None:
    """The second connection reaches the second server; the third the usual one again."""

    async def main() -> None:
        async with scene(tmp_path) as here:
            await here.redirects()
            client, server = await here.opened(elsewhere=True)
            await server.send(b"<message/>")
            await client.receive(b"<message/>")
            await here.opened()

            assert here.notes(f"connected to 127.0.0.1:{here.port}, as the server asked") == 1
            assert here.play.faults() == []

    asyncio.run(main())


def test_session_is_resumed_elsewhere(tmp_path: Path) -> None:
    """A location counts for each connection until the session is closed cleanly."""

    async def main() -> None:
        async with scene(tmp_path) as here:
            await here.enables()
            first, _ = await here.opened(elsewhere=True)
            first.reset()
            second, server = await here.opened(elsewhere=True)
            await second.send(END)
            await server.receive(END)
            await here.opened()

            assert here.notes(f"connected to 127.0.0.1:{here.port}, as the server asked") == 2

    asyncio.run(main())


def test_other_session_has_no_place(tmp_path: Path) -> None:
    """A new session that is enabled without a location ends what the first has said."""

    async def main() -> None:
        async with scene(tmp_path) as here:
            await here.enables()
            client, server = await here.opened(elsewhere=True)
            await server.send(b"<enabled xmlns='urn:xmpp:sm:3'/>")
            await client.receive(b"<enabled xmlns='urn:xmpp:sm:3'/>")
            await here.opened()

            assert here.notes("as the server asked") == 1

    asyncio.run(main())


@pytest.mark.parametrize("is_sticky", [False, True])
def test_place_that_cannot_be_reached(tmp_path: Path, *, is_sticky: bool) -> None:
    """The usual server has to do, and a note says why, once; xmppspy itself is such a place."""

    async def main() -> None:
        async with scene(tmp_path) as here:
            port = here.play.port
            await (here.enables(port=port) if is_sticky else here.redirects(port=port))
            await here.opened()
            await here.opened()

            assert here.notes("is xmppspy itself") == 1
            assert here.notes("; the usual server has to do") == 1

    asyncio.run(main())


def test_servers_that_point_at_each_other(tmp_path: Path) -> None:
    """After some hops the client gets an error, and after that the usual server."""

    async def main() -> None:
        async with scene(tmp_path) as here:
            await here.redirects()
            for _ in range(MAX_HOPS):
                await here.redirects(elsewhere=True)
            lost = await here.play.client()
            here.peers.append(lost)
            await lost.send(HEADER)
            answer = await lost.rest()
            await here.opened()

            assert b"remote-connection-failed" in answer
            assert b"sent the client from one to the other" in answer
            assert here.play.faults() == ["upstream-unreachable"]

    asyncio.run(main())


def test_memory_is_by_client_and_domain() -> None:
    """Another host, or another domain, is not concerned; the one-time place goes first."""
    known = Redirects()
    known.put("192.0.2.1", "a", Redirect(A, sticky=True))
    known.put("192.0.2.1", "a", Redirect(B))
    taken = [known.take("192.0.2.1", "a") for _ in range(3)]

    assert taken == [Redirect(B), Redirect(A, sticky=True), Redirect(A, sticky=True)]
    assert known.take("192.0.2.2", "a") is None
    assert known.take("192.0.2.1", "b") is None


def test_memory_is_bounded() -> None:
    """The oldest redirects are forgotten first; one that is told again is young."""
    known = Redirects(2)
    for domain in ("a", "b", "a", "c"):
        known.put("192.0.2.1", domain, Redirect(A))

    assert known.take("192.0.2.1", "b") is None
    assert known.take("192.0.2.1", "a") is not None
    assert known.take("192.0.2.1", "c") is not None


def test_session_of_another_connection_is_not_forgotten() -> None:
    """A connection that neither was told a place nor came to it has none to forget."""

    async def nowhere(_domain: str | None, redirect: Upstream | None) -> Connection:
        raise ConnectFailed(str(redirect), "nobody is there")

    known = Redirects()
    first, second = Trail(known, nowhere, "192.0.2.1"), Trail(known, nowhere, "192.0.2.1")
    first.redirected(Redirected("[2001:db8::1]", sticky=True))
    second.expired()
    kept = known.take("192.0.2.1", None)
    first.expired()

    assert kept == Redirect(Upstream("2001:db8::1", 5222), sticky=True)
    assert known.take("192.0.2.1", None) is None


@pytest.mark.parametrize(("direct_tls", "usual"), [(False, 5222), (True, 5223)])
def test_place_is_reached_like_the_server(usual: int, *, direct_tls: bool) -> None:
    """Direct TLS there as here; a port that is not told is the usual one for that."""

    async def main() -> None:
        with socket.socket() as sock:
            target = Target("127.0.0.1", 1, direct_tls, "fixed")
            address = Address(socket.AF_INET, ("127.0.0.1", 1))

            async def somewhere(_domain: str | None, _redirect: Upstream | None) -> Connection:
                return Connection(sock, target, address)

            known = Redirects()
            trail = Trail(known, somewhere, "192.0.2.1")
            assert (await trail.connect("a.example"))[1] == ""
            for place in ("b.example", "c.example:7"):
                trail.redirected(Redirected(place, sticky=False))
                redirect = known.take("192.0.2.1", "a.example")
                port = usual if place == "b.example" else 7

                assert redirect == Redirect(Upstream(place[:9], port, direct_tls), hops=1)

    asyncio.run(main())


def test_nobody_anywhere() -> None:
    """When the usual server cannot be reached either, its error is the one that is told."""

    async def nowhere(_domain: str | None, redirect: Upstream | None) -> Connection:
        raise ConnectFailed(str(redirect), "nobody is there")

    async def main() -> None:
        known = Redirects()
        known.put("192.0.2.1", "a.example", Redirect(A))
        with pytest.raises(ConnectFailed, match="None: nobody"):
            await Trail(known, nowhere, "192.0.2.1").connect("A.example")

        assert known.take("192.0.2.1", "a.example") is None

    asyncio.run(main())
