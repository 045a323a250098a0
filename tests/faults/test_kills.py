"""kill -9 of the proxy at any moment, under load."""

import os
import random
import socket
import threading
import time
from pathlib import Path

from click.testing import CliRunner

from tests.cli.running import Running, exchange, proxy
from tests.faults.scale import say, scaled
from xmppspy.capture.reader import Reader
from xmppspy.cli import cli
from xmppspy.protocol.events import FrameRecord

KILLS = scaled(4, 100)
CLIENTS = 3
LATE = 1.0
"""Seconds after which a frame has to be in the file, on a machine that has much else to do."""


class Load(threading.Thread):
    """A client that sends numbered messages, one when the one before has come back."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        super().__init__(daemon=True)
        self._sock, self._number = sock, number
        self.returned: list[float] = []
        """When each of its messages was back, by `time.monotonic()`."""

    def run(self) -> None:
        """Go on until the proxy has gone."""
        try:
            while True:
                exchange(self._sock, self.message(len(self.returned)))
                self.returned.append(time.monotonic())
        except (OSError, AssertionError):
            self._sock.close()

    def message(self, number: int) -> bytes:
        """What it says as its next."""
        padding = b"x" * (number * 37 % 700)
        return b"<message id='%d-%d'><body>%s</body></message>" % (self._number, number, padding)


def _killed(folder: Path, chance: random.Random, name: str) -> tuple[list[Load], float, Path]:
    """Who spoke, when the proxy was killed, and what there is of the capture."""
    with proxy(folder, "-q", "--write", str(folder / name)) as running:
        loads = [Load(_client(running), number) for number in range(CLIENTS)]
        for load in loads:
            load.start()
        until = time.monotonic() + chance.uniform(0.02, 0.4)
        while time.monotonic() < until or not all(load.returned for load in loads):
            os.sched_yield()
        killed = time.monotonic()
        running.process.kill()
        running.process.wait()
        for load in loads:
            load.join(30)
    return loads, killed, folder / name


def _client(running: Running) -> socket.socket:
    sock = running.client()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    """What was relayed a moment before is in the file, whole, and every command reads it."""
    chance = random.Random(6120)
    worst, frames = 0.0, 0
    for turn in range(KILLS):
        folder = tmp_path / str(turn)
        folder.mkdir()
        name = f"x.xmpp.jsonl{'.zst' if turn % 4 == 3 else ''}"
        loads, killed, path = _killed(folder, chance, name)
        with Reader(path) as reader:
            held = [event for event in reader if isinstance(event, FrameRecord)]
        assert [frame.n for frame in held] == list(range(1, len(held) + 1))
        ids = {(frame.dir, frame.id): frame.data for frame in held}
        for number, load in enumerate(loads):
            for count, returned in enumerate(load.returned):
                data = ids.get(("s2c", f"{number}-{count}"))
                assert data in (None, load.message(count))
                if data is None:
                    worst = max(worst, killed - returned)
        frames += len(held)
        _is_readable(path)
    say(f"{KILLS} kills, {frames} frames held, the oldest lost {worst * 1000:.0f} ms before")

    assert worst < LATE


def _is_readable(path: Path) -> None:
    for command in (
        ["show", "--brief", str(path)],
        ["stats", str(path)],
        ["replay", "--speed", "1000000", str(path)],
    ):
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, (command, done.output[-500:], done.exception)
