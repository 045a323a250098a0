import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conversation import ANSWER, HEADER, MECHANISMS, OFFER, PROCEED, STARTTLS
from tests.proxy.stage import Peer, stage
from xmppspy.errors import TLSError
from xmppspy.protocol.events import ConnectionClosed, Fault, FrameRecord
from xmppspy.protocol.tls import TLSPipe
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.issuing import Issuer

MESSAGE = b"<message><body>What's in a name?</body></message>"


async def _connected(client: Peer, server: Peer) -> None:
    await server.receive(HEADER)
    await server.send(ANSWER + MECHANISMS)
    await client.receive(ANSWER + MECHANISMS)


def test_bytes_pass_both_ways(tmp_path: Path) -> None:
    """What one side sends the other gets, and all of it is recorded."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await _connected(client, server)
            await client.send(MESSAGE)
            await server.receive(MESSAGE)

            assert on.frames("c2s") == HEADER + MESSAGE
            assert on.frames("s2c") == ANSWER + MECHANISMS
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())


def test_half_close(tmp_path: Path) -> None:
    """A client that ends its half still gets what the server says."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await _connected(client, server)
            client.writer.write_eof()
            assert await server.rest() == b""
            await server.send(b"</stream:stream>")
            server.writer.close()

            assert await client.rest() == b"</stream:stream>"
            client.writer.close()

    asyncio.run(scene())


def test_early_half_close(tmp_path: Path) -> None:
    """A client that ends its half before the server was reached is served all the same."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            client.writer.write(HEADER)
            client.writer.write_eof()
            server = await on.server()
            assert await server.rest() == HEADER
            await server.send(ANSWER)
            server.writer.close()

            assert await client.rest() == ANSWER
            client.writer.close()

    asyncio.run(scene())


def test_reset_by_the_server(tmp_path: Path) -> None:
    """A reset of one connection resets the other."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await _connected(client, server)
            server.reset()
            with pytest.raises(ConnectionResetError):
                await client.rest()
            closed = await on.recorded(lambda event: isinstance(event, ConnectionClosed))

            assert isinstance(closed, ConnectionClosed)
            assert (closed.by, closed.reason) == ("server", "reset")
            client.writer.close()

    asyncio.run(scene())


def test_unreachable_server(tmp_path: Path) -> None:
    """The client reads a stream error; the listener lives on."""

    async def scene() -> None:
        async with stage(tmp_path, reachable=False) as on:
            for _ in range(2):
                client = await on.client()
                await client.send(HEADER)
                answer = await client.rest()
                assert b"remote-connection-failed" in answer
                assert answer.endswith(b"</stream:stream>")
                client.writer.close()

            assert on.faults() == ["upstream-unreachable"] * 2

    asyncio.run(scene())


def test_unverified_server(tmp_path: Path) -> None:
    """A server whose certificate nobody vouches for: `<failure/>` to the client, and advice."""
    foreign = Issuer(Authority.open(tmp_path / "foreign")).server_context(("capulet.example",))

    async def serve(server: Peer) -> None:
        await server.receive(HEADER)
        await server.send(ANSWER + OFFER)
        await server.receive(STARTTLS)
        await server.send(PROCEED)
        pipe = TLSPipe(foreign, server_side=True)
        with suppress(TLSError):
            while data := await server.reader.read(65536):
                pipe.receive_data(data)
                await server.send(pipe.data_to_send())
        server.writer.close()

    async def scene() -> None:
        async with stage(tmp_path, serve=serve) as on:
            client = await on.client()
            await client.send(HEADER)
            await client.until(b"</stream:features>")
            await client.send(STARTTLS)
            answer = await client.rest()
            fault = next(event for event in on.events if isinstance(event, Fault))

            assert answer == (b'<failure xmlns="urn:ietf:params:xml:ns:xmpp-tls"/></stream:stream>')
            assert fault.error == "certificate-invalid"
            assert "--upstream-ca" in fault.detail
            client.writer.close()

    asyncio.run(scene())


def test_slow_server_slows_the_client(tmp_path: Path) -> None:
    """What one side does not read, the other cannot go on sending; nothing is lost."""
    amount = 64 * 1024 * 1024
    stanza = b"<message><body>" + b"x" * 65_000 + b"</body></message>"

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await _connected(client, server)
            server.reader._transport.pause_reading()  # type: ignore[attr-defined]
            count = amount // len(stanza)
            sending = asyncio.ensure_future(client.send(stanza * count))
            passed = -1
            while passed != len(on.events):  # until nothing moves any more
                passed = len(on.events)
                await asyncio.wait([sending], timeout=0.3)
            assert not sending.done()
            assert passed * len(stanza) < amount / 2
            server.reader._transport.resume_reading()  # type: ignore[attr-defined]
            for _ in range(count):
                await server.receive(stanza)
            await sending

            assert len([e for e in on.events if isinstance(e, FrameRecord)]) == count + 3
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())


def test_idle_connection_is_closed_when_told_so(tmp_path: Path) -> None:
    """With an idle timeout, a silent connection ends on both sides."""

    async def scene() -> None:
        async with stage(tmp_path, idle_timeout=0.2) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await server.receive(HEADER)
            assert await server.rest() == b""
            assert await client.rest() == b""
            closed = await on.recorded(lambda event: isinstance(event, ConnectionClosed))

            assert isinstance(closed, ConnectionClosed)
            assert closed.by == "proxy"
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())


def test_many_connections_at_once(tmp_path: Path) -> None:
    """Connections are independent; frames are numbered through, without gaps, in file order."""

    async def serve(server: Peer) -> None:
        await server.receive(HEADER)
        await server.send(ANSWER)
        await server.send(await server.until(b"</message>"))
        await server.rest()
        server.writer.close()

    async def converse(client: Peer, number: int) -> None:
        message = MESSAGE.replace(b"name", b"name %d" % number)
        await client.send(HEADER)
        await client.receive(ANSWER)
        await client.send(message)
        await client.receive(message)
        client.writer.close()

    async def scene() -> None:
        async with stage(tmp_path, serve=serve) as on:
            clients = [await on.client() for _ in range(50)]
            await asyncio.gather(*(converse(c, i) for i, c in enumerate(clients)))
            numbers = [event.n for event in on.events if isinstance(event, FrameRecord)]
            times = [event.t for event in on.events]

            assert numbers == list(range(1, len(numbers) + 1))
            assert len({e.conn for e in on.events if isinstance(e, FrameRecord)}) == 50
            assert times == sorted(times)

    asyncio.run(scene())
