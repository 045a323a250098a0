"""A proxy that runs for days: clients come and go, the capture is rotated, memory stays flat."""

import socket
import threading
from pathlib import Path

from tests.cli.running import LIMIT, Running, eventually, proxy
from tests.faults.measures import descriptors, resident
from tests.faults.scale import say, scaled
from xmppspy.capture.reader import Reader
from xmppspy.protocol.events import FrameRecord, Gap

STANZAS = scaled(30_000, 10_000_000)
"""There and back, together."""
BATCH = 500
"""Of a client, before it goes and another one comes."""
SIZE = scaled("500K", "100M")
FLAT = 24 * 1024 * 1024
"""Bytes that memory may grow by, after the first tenth."""


def _talk(running: Running, begin: int) -> None:
    """A client sends a batch, while it reads it back, and goes."""
    data = b"".join(
        b"<message id='%d' to='juliet@capulet.example'><body>What light, %d?</body></message>"
        % (number, number)
        for number in range(begin, begin + BATCH)
    )
    with running.client() as client:
        sender = threading.Thread(target=client.sendall, args=(data,))
        sender.start()
        left = len(data)
        while left:
            left -= len(_some(client))
        sender.join(LIMIT)


def _some(sock: socket.socket) -> bytes:
    data = sock.recv(1 << 16)
    assert data
    return data


def test_very_many_stanzas(tmp_path: Path) -> None:
    """All of them are in the parts, in order; memory and descriptors are what they were."""
    with proxy(tmp_path, "-q", "--rotate", SIZE) as running:
        pid, turns = running.process.pid, STANZAS // (2 * BATCH)
        sizes: list[int] = []
        for turn in range(turns):
            _talk(running, turn * BATCH)
            if turn % max(1, turns // 10) == 0:
                sizes.append(resident(pid))
        eventually(lambda: descriptors(pid) < 40)
        assert running.stop() == 0
    count, lost, connections = 0, 0, set[int]()
    with Reader(str(tmp_path / "session.*")) as reader:
        for event in reader:
            if isinstance(event, FrameRecord):
                count += event.kind == "message"
                connections.add(event.conn)
            elif isinstance(event, Gap):
                lost += event.lost
    parts = len(list(tmp_path.glob("session.*")))
    growth = max(sizes[1:]) - sizes[1]
    say(
        f"{count:,} stanzas of {len(connections):,} connections in {parts} parts, "
        f"{sizes[1] >> 20} MB, grown by {growth >> 10} kB"
    )

    assert count == turns * 2 * BATCH
    assert lost == 0
    assert growth < FLAT
