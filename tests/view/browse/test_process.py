import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.captures import write
from tests.view.browse.samples import chat
from xmppspy.capture.body import Body, unnamed_file
from xmppspy.view.browse.channel import Channel
from xmppspy.view.browse.messages import Found, Look, Opened, Progress, Reach, Trouble
from xmppspy.view.browse.process import run


def test_work_is_done_until_nobody_listens() -> None:
    """Messages are handled between steps; the end of the channel is the end."""
    mine, theirs = Channel.pair()

    class Work:
        """Counts."""

        def __init__(self) -> None:
            self.handled: list[object] = []
            self.steps = 0

        def handle(self, message: object) -> None:
            self.handled.append(message)

        def step(self) -> bool:
            self.steps += 1
            if self.steps == 3:
                mine.close()
            return self.steps < 3

    work = Work()
    mine.send("hello")
    run(work, theirs)
    theirs.close()

    assert work.handled == ["hello"]
    assert work.steps >= 3
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


class _Started:
    """A process that reads a capture."""

    def __init__(self, role: str, path: Path, records: int, heap: int) -> None:
        with Body.open(str(path)) as body:
            self.channel, end = Channel.pair()
            shared = (end.fileno(), body.source, body.data, records, heap)
            module = "xmppspy.view.browse.process"
            command = [sys.executable, "-m", module, role, *map(str, shared), str(path)]
            self.process = subprocess.Popen(command, pass_fds=shared, stderr=subprocess.PIPE)
            end.close()
        self.messages: list[object] = []

    def wait_for(self, condition: Callable[[object], bool]) -> object:
        """The first message of which something is true."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for message in self.channel.receive(1.0):
                self.messages.append(message)
                if condition(message):
                    return message
        pytest.fail(f"it did not come: {self.messages}")

    def end(self) -> tuple[int, bytes]:
        """Close the channel, and wait for the end."""
        self.channel.close()
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


def test_processes_index_and_search(tmp_path: Path) -> None:
    """The files of the index are shared; both end quietly when they are left."""
    path = write(chat(), tmp_path / "a.xmpp.jsonl")
    records, heap = unnamed_file(), unnamed_file()
    index = _Started("index", path, records, heap)
    search = _Started("search", path, records, heap)
    index.wait_for(lambda message: isinstance(message, Opened))
    index.wait_for(lambda message: isinstance(message, Progress) and message.explained == 15)
    search.channel.send(Reach(15, 15))
    search.channel.send(Look(slot="filter", number=1, start=0, text="latency:0..9", created=None))
    found = search.wait_for(lambda message: isinstance(message, Found) and message.looked == 15)
    ends = [index.end(), search.end()]

    assert isinstance(found, Found)
    assert list(array("I", found.rows)) == [4, 8]
    assert ends == [(0, b""), (0, b"")]


def test_crash_is_told(tmp_path: Path) -> None:
    """Whoever shows the capture learns of it."""
    path = write(chat(), tmp_path / "a.xmpp.jsonl")
    search = _Started("search", path, unnamed_file(), unnamed_file())
    search.channel.send(Look(slot="filter", number=1, start=0, text="no such word", created=None))
    trouble = search.wait_for(lambda message: isinstance(message, Trouble))
    code, _ = search.end()

    assert isinstance(trouble, Trouble)
    assert "this is a bug" in trouble.reason
    assert code == 1
