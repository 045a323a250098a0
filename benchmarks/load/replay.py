"""How fast a replay as server sends: `python -m benchmarks.load.replay WHICH STANZAS`.

WHICH is `bare`, a sender that knows nothing but its bytes; `replay`; or `other`, a replay to a
client with another resource, whose address stands in every stanza. All send to the same client
over loopback, which counts bytes and drops them, in a process of its own. The bare sender writes
as many stanzas at a time as the replay does. Prints the seconds and the bytes.
"""

import asyncio
import multiprocessing
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Final

from benchmarks.load.peer import tell
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.protocol.framing import Framer
from xmppspy.replay.as_server import AsServer
from xmppspy.replay.recording import Recording
from xmppspy.replay.scene import BATCH, Pace

HEADER = (
    b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    b" to='capulet.example' version='1.0'>"
)
BIND = (
    b"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    b"<resource>%s</resource></bind></iq>"
)
LOGIN = (
    b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAB4</auth>",
    HEADER,
    BIND,
)
START = b"<presence/>"


def stanza(number: int) -> bytes:
    """A chat message of the usual size."""
    return (
        f"<message from='romeo@capulet.example/orchard' to='juliet@capulet.example/balcony'"
        f" type='chat' id='m{number}'><body>By whose direction found&apos;st thou out this place?"
        f" ({number})</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>"
    ).encode()


def recorded(stanzas: list[bytes]) -> Iterator[Event]:
    """A capture in which a client gets all of them after its first presence."""
    framer = Framer()
    for n, data in enumerate([START, *stanzas], 1):
        framer.receive_data(data)
        frame = framer.next_frame()
        assert frame is not None
        yield FrameRecord(
            n=n, t=n / 1000, conn=1, dir="s2c" if n > 1 else "c2s", kind=frame.kind,
            data=data, type=frame.type, id=frame.id, from_=frame.from_, to=frame.to, ns=frame.ns,
        )  # fmt: skip


def receive(port: int, resource: bytes, last: bytes, results: Connection) -> None:
    """Connect, log in, ask for the stanzas; tell how long they took from the first byte on."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        if resource:
            sock.sendall(HEADER)
            _until(sock, b"</stream:features>")
            for said, answer in zip(LOGIN, (b"/>", b"</stream:features>", b"</iq>"), strict=True):
                sock.sendall(said % resource if b"%s" in said else said)
                _until(sock, answer)
        sock.sendall(START)
        begun = time.perf_counter()
        total, tail = 0, b""
        while last not in tail:
            data = sock.recv(1 << 18)
            assert data
            total += len(data)
            tail = tail[-1000:] + data[-1000:]
        results.send((time.perf_counter() - begun, total))


def _until(sock: socket.socket, end: bytes) -> None:
    got = b""
    while end not in got or (end == b"/>" and b"<success" not in got and not got.endswith(end)):
        data = sock.recv(65536)
        assert data, got
        got += data
        if end == b"/>" and b"success" in got:
            return


async def _measure(port: int, resource: bytes, count: int) -> tuple[float, int]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    last = f"({count - 1})</body>".encode()
    process = context.Process(target=receive, args=(port, resource, last, there))
    process.start()
    result: tuple[float, int] = await asyncio.to_thread(here.recv)
    process.join()
    return result


async def bare(stanzas: list[bytes]) -> tuple[float, int]:
    """A sender that knows nothing but its bytes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        for start in range(0, len(stanzas), BATCH):
            writer.write(b"".join(stanzas[start : start + BATCH]))
            await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    result = await _measure(port, b"", len(stanzas))
    server.close()
    return result


async def replayed(stanzas: list[bytes], resource: bytes = b"balcony") -> tuple[float, int]:
    """A replay as server, from its recording."""
    recording = Recording(recorded(stanzas))

    def no_tls(_names: tuple[str, ...]) -> ssl.SSLContext:
        raise AssertionError

    server = AsServer(recording, no_tls, pace=Pace(speed=float("inf")))
    address = (await server.start("127.0.0.1", 0))[0]
    result = await _measure(int(address.rpartition(":")[2]), resource, len(stanzas))
    await server.stop()
    return result


async def elsewhere(stanzas: list[bytes]) -> tuple[float, int]:
    """The same to a client with another resource, whose address stands in every stanza."""
    return await replayed(stanzas, b"garden")


WAYS: Final = {"bare": bare, "replay": replayed, "other": elsewhere}


async def main(which: str, count: int) -> None:
    """Send once."""
    seconds, size = await WAYS[which]([stanza(number) for number in range(count)])
    tell(seconds=seconds, size=size)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
