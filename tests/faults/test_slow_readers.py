"""A side that does not read: the other one is held up, memory stays bounded, nothing is lost."""

import hashlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import LIMIT, Running, proxy, read_exactly
from tests.conversation import ANSWER, HEADER
from tests.faults.measures import memory, resident
from tests.faults.scale import say, scaled

OFFERED = scaled(40, 1000) * 1024 * 1024
STANZA = b"<message><body>" + b"x" * 60_000 + b"</body></message>"
ALLOWED = 40 * 1024 * 1024
"""Bytes that the proxy may grow by: the queue of the capture is the largest part."""
STILL = 0.5
"""Seconds without a byte taken that count as being held up."""


def _offer(sock: socket.socket, most: int) -> int:
    """Send until the other end takes no more for a while; how many bytes it took."""
    sock.setblocking(False)
    sent, quiet_since = 0, time.monotonic()
    while sent < most and time.monotonic() < quiet_since + STILL:
        ready = select.select([], [sock], [], STILL)[1]
        if ready:
            at = sent % len(STANZA)
            sent += sock.send(STANZA[at:])
            quiet_since = time.monotonic()
    sock.settimeout(LIMIT)
    return sent


def _take(sock: socket.socket, size: int) -> bytes:
    """Read so many bytes; their digest."""
    digest = hashlib.sha256()
    while size:
        data = sock.recv(min(size, 1 << 20))
        assert data
        digest.update(data)
        size -= len(data)
    return digest.digest()


def _send(sock: socket.socket, count: int) -> None:
    for _ in range(count):
        sock.sendall(STANZA)


def _sent(size: int) -> bytes:
    """The digest of what `_offer` has sent."""
    digest = hashlib.sha256()
    for _ in range(size // len(STANZA)):
        digest.update(STANZA)
    digest.update(STANZA[: size % len(STANZA)])
    return digest.digest()


@contextmanager
def _streaming(folder: Path) -> Iterator[tuple[Running, socket.socket, socket.socket]]:
    """A proxy, and both ends of a connection through it whose headers have passed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        upstream = listener.getsockname()[1]
        options = ("--map", f"capulet.example=127.0.0.1:{upstream}", "-q")
        with proxy(folder, *options) as running:
            client = socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT)
            client.sendall(HEADER)
            server, _ = listener.accept()
            server.settimeout(LIMIT)
            read_exactly(server, HEADER)
            server.sendall(ANSWER)
            read_exactly(client, ANSWER)
            yield running, client, server


@pytest.mark.parametrize("reader", ["client", "server"])
def test_a_side_that_does_not_read(tmp_path: Path, reader: str) -> None:
    """The sender is held up soon; when the other reads at last, it gets every byte."""
    with _streaming(tmp_path) as (running, client, server):
        before = resident(running.process.pid)
        sender, slow = (server, client) if reader == "client" else (client, server)
        taken = _offer(sender, OFFERED)
        assert taken < OFFERED
        assert _take(slow, taken) == _sent(taken)
        grown = memory(running.process.pid) - before
        say(f"{reader} does not read: {taken >> 10} kB taken, {grown >> 20} MB grown")
        client.close()
        server.close()
        assert running.stop() == 0

    assert grown < ALLOWED


def test_very_much_to_a_side_that_reads(tmp_path: Path) -> None:
    """Memory does not depend on how much passes; the capture holds all of it, or says what not."""
    with _streaming(tmp_path) as (running, client, server):
        before = resident(running.process.pid)
        count = OFFERED // len(STANZA)
        sender = threading.Thread(target=_send, args=(client, count))
        sender.start()
        assert _take(server, count * len(STANZA)) == _sent(count * len(STANZA))
        sender.join(LIMIT)
        grown = memory(running.process.pid) - before
        client.close()
        server.close()
        assert running.stop() == 0
        lines = running.lines()
    frames = sum(line.get("kind") == "message" for line in lines)
    lost = sum(line.get("lost", 0) for line in lines)
    say(f"{count * len(STANZA) >> 20} MB passed, {grown >> 20} MB grown, {lost} records lost")

    assert frames + lost == count
    assert grown < ALLOWED + 64 * 1024 * 1024
