import asyncio
from pathlib import Path

from tests.conversation import ANSWER, HEADER, MECHANISMS
from tests.protocol.test_passage import Scripted
from tests.proxy.stage import stage
from xmppspy.protocol.events import ConnectionClosed, ConnectionOpened, Direction
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Guard, Ruling
from xmppspy.protocol.verdicts import DROP, FORWARD, Verdict
from xmppspy.proxy.relay import Relay
from xmppspy.proxy.upstream import Upstream


def test_stop_closes_connections(tmp_path: Path) -> None:
    """When the listener stops, both sides see the end, and it is recorded as the proxy's doing."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await server.receive(HEADER)
            await on.listener.stop("enough")
            assert await client.rest() == b""
            assert await server.rest() == b""
            opened = await on.recorded(lambda event: isinstance(event, ConnectionOpened))
            closed = await on.recorded(lambda event: isinstance(event, ConnectionClosed))
            client.writer.close()
            server.writer.close()

            assert isinstance(opened, ConnectionOpened)
            assert opened.client.startswith("127.0.0.1:")
            assert isinstance(closed, ConnectionClosed)
            assert (closed.by, closed.reason) == ("proxy", "enough")
            assert on.listener.accepted == 1

    asyncio.run(scene())


def test_never_connects_to_itself(tmp_path: Path) -> None:
    """A server that turns out to be the proxy itself is refused, not followed in circles."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            on.listener._connector.upstream = Upstream("127.0.0.1", on.port)
            client = await on.client()
            await client.send(HEADER)
            answer = await client.rest()
            client.writer.close()

            assert b"remote-connection-failed" in answer
            assert on.listener.accepted == 1

    asyncio.run(scene())


def test_each_connection_has_a_guard(tmp_path: Path) -> None:
    """It is made by the address of the client's host, and rules over that connection."""
    hosts: list[str] = []

    def guard(host: str) -> Guard:
        hosts.append(host)
        return Scripted({"features": Ruling(data=b"<stream:features/>")})

    async def scene() -> None:
        async with stage(tmp_path, guards=guard) as on:
            for _ in range(2):
                client = await on.client()
                await client.send(HEADER)
                server = await on.server()
                await server.send(ANSWER + MECHANISMS)
                await client.receive(ANSWER + b"<stream:features/>")
                client.writer.close()
                server.writer.close()

            assert hosts == ["127.0.0.1", "127.0.0.1"]

    asyncio.run(scene())


class Meddler:
    """Lets nothing but presence through, and remembers whom it was given."""

    idle = False

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def interceptor(self, conn: int) -> "Meddler":
        """Itself, for every connection."""
        self.told.append(("interceptor", conn))
        return self

    def opened(self, conn: int, relay: Relay) -> None:
        """A connection is there."""
        self.told.append(("opened", conn))

    def closed(self, conn: int) -> None:
        """A connection is over."""
        self.told.append(("closed", conn))

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Whether it may be something else."""
        return head.kind == "message"

    def judge(self, direction: Direction, frame: Frame, now: float) -> Verdict:
        """Drop messages."""
        return DROP if frame.kind == "message" else FORWARD


def test_each_connection_may_be_intervened_in(tmp_path: Path) -> None:
    """By who is told of its beginning and its end."""
    meddler = Meddler()

    async def scene() -> None:
        async with stage(tmp_path, intervening=meddler) as on:
            client, server = await on.both()
            await client.send(b"<message/><presence/>")
            await server.receive(b"<presence/>")
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())

    assert meddler.told == [("interceptor", 1), ("opened", 1), ("closed", 1)]
