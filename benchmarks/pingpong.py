"""One stanza there and back, TLS on both legs: xmppspy with recording against a bare relay.

    python benchmarks/pingpong.py [ROUNDS]

The bare relay is what asyncio's own TLS streams give with no XMPP in between: it frames nothing,
records nothing. Both relays run as processes of their own between the same echo server and the
same client, in turn, round by round; what counts is the ratio of the medians.
"""

import asyncio
import contextlib
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from xmppspy.proxy.certs import Authority

HEADER = (
    b"<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
STANZA = (
    b"<message type='chat' id='m000001' to='juliet@capulet.example/balcony' "
    b"from='romeo@montague.example/orchard'><body>Wilt thou be gone? It is not yet near day: "
    b"it was the nightingale, and not the lark.</body>"
    b"<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>"
    b"<origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013'/></message>"
)
STANZAS = 2000
WARM_UP = 200


def main() -> None:
    """Print the medians and their ratio."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        authority = Authority.open(folder / "ca")
        ca = authority.certificate_path
        server = stack.enter_context(process("server", str(folder)))
        bare = stack.enter_context(process("bare", str(folder), str(server)))
        spy = stack.enter_context(proxy(server, folder))
        ports = {"direct": server, "bare relay": bare, "xmppspy": spy}
        times: dict[str, list[float]] = {name: [] for name in ports}
        for _ in range(rounds):
            for label, port in ports.items():
                times[label] += ping_pong(port, ca)
    report(times)


def report(times: dict[str, list[float]]) -> None:
    """Print a row per relay."""
    base = statistics.median(times["bare relay"])
    for label, values in times.items():
        p50, p99 = statistics.median(values), statistics.quantiles(values, n=100)[98]
        print(f"{label:12} p50 {p50 * 1e6:7.0f} µs   p99 {p99 * 1e6:7.0f} µs   {p50 / base:5.2f} ×")


def ping_pong(port: int, ca: Path) -> list[float]:
    """Seconds of each exchange on one connection."""
    context = ssl.create_default_context(cafile=ca)
    plain = socket.create_connection(("127.0.0.1", port))
    with context.wrap_socket(plain, server_hostname="localhost") as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        exchange(sock, HEADER)
        for _ in range(WARM_UP):
            exchange(sock, STANZA)
        return [exchange(sock, STANZA) for _ in range(STANZAS)]


def exchange(sock: ssl.SSLSocket, data: bytes) -> float:
    """Send and wait for the echo."""
    began = time.perf_counter()
    sock.sendall(data)
    missing = len(data)
    while missing:
        missing -= len(sock.recv(missing))
    return time.perf_counter() - began


@contextlib.contextmanager
def process(*arguments: str) -> Iterator[int]:
    """Run a part of this file; its port is the first line it prints."""
    command = [sys.executable, __file__, "--", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        try:
            yield int(child.stdout.readline())
        finally:
            child.kill()


@contextlib.contextmanager
def proxy(server: int, folder: Path) -> Iterator[int]:
    """Run xmppspy as a user does, with a capture."""
    command = [
        sys.executable, "-m", "xmppspy", "proxy", f"xmpps://localhost:{server}",
        "--listen", "0", "--write", str(folder / "bench.xmpp.jsonl"), "--quiet",
        "--ca-dir", str(folder / "ca"), "--upstream-ca", str(folder / "ca" / "xmppspy-ca.pem"),
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr
        try:
            line = next(each for each in child.stderr if each.startswith("listening on"))
            yield int(line.rpartition(":")[2])
        finally:
            child.kill()


async def echo_server(folder: Path) -> None:
    """Send back whatever comes."""
    context = Authority.open(folder / "ca").server_context(("localhost", "127.0.0.1"))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    await announce(await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))


async def bare_relay(folder: Path, upstream: int) -> None:
    """Carry bytes between two TLS connections, and nothing else."""
    authority = Authority.open(folder / "ca")
    ours = authority.server_context(("localhost", "127.0.0.1"))
    theirs = ssl.create_default_context(cafile=authority.certificate_path)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = await asyncio.open_connection("localhost", upstream, ssl=theirs)
        await asyncio.gather(carry(reader, server[1]), carry(server[0], writer))

    await announce(await asyncio.start_server(serve, "127.0.0.1", 0, ssl=ours))


async def announce(server: asyncio.Server) -> None:
    """Print the port and serve."""
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--"]:
        place = Path(sys.argv[3])
        part = (
            echo_server(place) if sys.argv[2] == "server" else bare_relay(place, int(sys.argv[4]))
        )
        asyncio.run(part)
    else:
        main()
