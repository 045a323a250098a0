"""Servers that are none, or are not what they should be; addresses that lead nowhere, or back."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import trustme

from tests.authority import UPSTREAM_CA
from tests.cli.running import LIMIT, exchange, proxy
from tests.conversation import ANSWER, HEADER, OFFER, PROCEED, STARTTLS
from tests.proxy.stage import Peer, stage
from xmppspy.errors import TLSError
from xmppspy.protocol.events import Fault
from xmppspy.protocol.tls import TLSPipe

GARBAGE: Final = bytes(range(128, 256)) * 8
HTTP: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html><p>No</html>"
SSH: Final = b"SSH-2.0-OpenSSH_9.2\r\n"
TLS_ALERT: Final = b"\x15\x03\x01\x00\x02\x02\x46"


@pytest.mark.parametrize("said", [GARBAGE, HTTP, SSH, TLS_ALERT, b"", b"\x00" * 100])
def test_a_server_that_speaks_something_else(tmp_path: Path, said: bytes) -> None:
    """What it says reaches the client as it is, and is recorded; then the next client is served."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            await server.receive(HEADER)
            await server.send(said)
            server.writer.close()
            assert await client.rest() == said
            client.writer.close()
            assert on.frames("s2c") == said
            client, server = await on.both()
            client.writer.close()
            server.writer.close()

    asyncio.run(asyncio.wait_for(scene(), LIMIT))


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def _shakes_hands(peer: Peer, tls: TLSPipe) -> None:
    while data := await peer.reader.read(65536):
        tls.receive_data(data)
        await peer.send(tls.data_to_send())


NAME: Final = "capulet.example"
YESTERDAY: Final = datetime.now(UTC) - timedelta(days=1)
CERTIFICATES: Final[dict[str, Callable[[], trustme.LeafCert]]] = {
    "mismatch": lambda: UPSTREAM_CA.issue_cert("montague.example"),
    "expired": lambda: UPSTREAM_CA.issue_cert(NAME, not_after=YESTERDAY),
    "issuer": lambda: trustme.CA().issue_cert(NAME),
}


@pytest.mark.parametrize("wrong", CERTIFICATES)
def test_a_certificate_that_is_not_good(tmp_path: Path, wrong: str) -> None:
    """The client is refused TLS, the capture says what is wrong; nothing of the client's leaks."""

    async def serve(peer: Peer) -> None:
        await peer.receive(HEADER)
        await peer.send(ANSWER + OFFER)
        await peer.receive(STARTTLS)
        await peer.send(PROCEED)
        tls = TLSPipe(_context(CERTIFICATES[wrong]()), server_side=True)
        with pytest.raises(TLSError):
            await _shakes_hands(peer, tls)
        peer.writer.close()

    async def scene() -> None:
        async with stage(tmp_path, serve=serve, trusts_server=True) as on:
            client = await on.client()
            await client.send(HEADER)
            await client.receive(ANSWER + OFFER)
            await client.send(STARTTLS)
            assert b"<failure" in await client.rest()
            client.writer.close()

            assert on.faults() == ["certificate-invalid"]

    asyncio.run(asyncio.wait_for(scene(), LIMIT))


def test_no_version_of_tls_in_common(tmp_path: Path) -> None:
    """A server that knows only what nobody should speak any more: the client is told so."""

    async def serve(peer: Peer) -> None:
        await peer.receive(HEADER)
        await peer.send(ANSWER + OFFER)
        await peer.receive(STARTTLS)
        await peer.send(PROCEED)
        assert (await peer.reader.readexactly(1)) == b"\x16"
        await peer.send(b"\x15\x03\x01\x00\x02\x02\x46")  # alert protocol_version
        peer.writer.close()

    async def scene() -> None:
        async with stage(tmp_path, serve=serve) as on:
            client = await on.client()
            await client.send(HEADER)
            await client.receive(ANSWER + OFFER)
            await client.send(STARTTLS)
            assert b"<failure" in await client.rest()
            client.writer.close()
            (fault,) = [event for event in on.events if isinstance(event, Fault)]

            assert fault.error == "tls-failed"
            assert "version" in fault.detail

    asyncio.run(asyncio.wait_for(scene(), LIMIT))


def _says_unreachable(tmp_path: Path, upstream: str, *options: str) -> str:
    """What a client of such a proxy is told, and that another one is told the same."""
    with proxy(tmp_path, "-q", "--map", f"capulet.example={upstream}", *options) as running:
        told = [_told(running.port) for _ in range(2)]
        assert running.stop() == 0
    assert told[0].partition(b"<stream:error>")[2] == told[1].partition(b"<stream:error>")[2]
    return told[0].decode()


def _told(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as sock:
        sock.sendall(HEADER)
        told = b""
        while data := sock.recv(65536):
            told += data
    return told


def test_nobody_listens_there(tmp_path: Path) -> None:
    """The client reads why; so does the next one."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert "Connection refused" in _says_unreachable(tmp_path, f"127.0.0.1:{port}")


def test_a_resolver_that_does_not_answer(tmp_path: Path) -> None:
    """The client is told after a while that there is no answer; others are served meanwhile."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        dns = f"127.0.0.1:{deaf.getsockname()[1]}"
        nowhere = ("--map", "montague.example=nowhere.example:5222", "--dns", dns)
        with proxy(tmp_path, "-q", *nowhere) as running:
            with socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT) as waiting:
                waiting.sendall(HEADER.replace(b"capulet", b"montague"))
                assert deaf.recv(512)
                with running.client() as client:
                    exchange(client, b"<presence/>")
                told = b""
                while data := waiting.recv(65536):
                    told += data
            assert running.stop() == 0

    assert b"remote-connection-failed" in told
