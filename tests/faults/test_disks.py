"""A disk that is full, gone, not to be written or does not answer: the relay is unharmed."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.capture.samples import HEADER as CAPTURE_HEADER
from tests.capture.samples import frame
from tests.cli.running import eventually, exchange, proxy
from tests.conversation import HEADER
from xmppspy.capture.reader import Reader
from xmppspy.capture.sinks import FileSink
from xmppspy.capture.writer import Writer
from xmppspy.protocol.events import FrameRecord, Gap

MESSAGE = b"<message><body>%s</body></message>" % (b"x" * 400)
SMALL = 6_000
LONG = 1000
"""Exchanges that take longer than records may wait to be written: 50 ms."""


def _has_little_room() -> None:
    """No file grows beyond 6 kB, for now."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, hard))


@pytest.mark.parametrize("suffix", ["", ".zst"])
def test_a_full_disk_that_has_room_again(tmp_path: Path, suffix: str) -> None:
    """It is said; the relay goes on; when there is room, a gap tells how much is missing."""
    path = tmp_path / f"x.xmpp.jsonl{suffix}"
    with proxy(tmp_path, "-q", "-w", str(path), prepare=_has_little_room) as running:
        with running.client() as client:
            while not any("cannot write" in line for line in running.said):
                exchange(client, os.urandom(200).hex().encode().join((b"<a>", b"</a>")))
            for _ in range(LONG):
                exchange(client, MESSAGE)
            limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, limit)
            eventually(lambda: any("can be written again" in line for line in running.said))
            for _ in range(10):
                exchange(client, MESSAGE)
        assert running.stop() == 0
    with Reader(path) as reader:
        events = list(reader)
    gaps = [event.lost for event in events if isinstance(event, Gap)]
    frames = [event for event in events if isinstance(event, FrameRecord)]

    told = [line for line in running.said if "can be written again" in line]

    assert reader.torn is None
    assert len(gaps) == len(told) == 1
    assert told[0].endswith(f"again; {gaps[0]} records were lost")
    assert frames[-1].n == len(frames) + gaps[0]


def test_the_folder_is_removed(tmp_path: Path) -> None:
    """That nothing can be found any more is said, and the relay goes on."""
    folder = tmp_path / "captures"
    folder.mkdir()
    with proxy(tmp_path, "-q", "-w", str(folder / "x.xmpp.jsonl")) as running:
        with running.client() as client:
            exchange(client, MESSAGE)
            shutil.rmtree(folder)
            while not any("was deleted" in line for line in running.said):
                exchange(client, MESSAGE)
        assert running.stop() == 0

    assert len([line for line in running.said if "was deleted" in line]) == 1


def test_a_stalled_disk_holds_up_nobody(tmp_path: Path) -> None:
    """While a write does not return, events are taken at once, and what is too much is counted."""
    path = tmp_path / "x.xmpp.jsonl"
    sink = FileSink(path)
    stalled, disk = os.pipe()
    os.set_blocking(disk, True)
    kept = os.dup(sink._file)
    os.dup2(disk, sink._file)
    told: list[str] = []
    with Writer(CAPTURE_HEADER, [sink], told.append, queue_bytes=100_000) as writer:
        for number in range(1, 5001):
            writer.write(frame(number, MESSAGE))
        drained = threading.Thread(target=_drain, args=(stalled, kept))
        drained.start()
        while writer._queue:
            os.sched_yield()
        writer.write(frame(5001))
    os.close(disk)
    drained.join(30)
    events = list(Reader(path))
    frames = [event.n for event in events if isinstance(event, FrameRecord)]

    assert frames == sorted(frames)
    assert frames[-1] == 5001
    assert len(frames) + sum(event.lost for event in events if isinstance(event, Gap)) == 5001


def _drain(stalled: int, file: int) -> None:
    """The disk answers again: what was written comes to the file."""
    while data := os.read(stalled, 65536):
        os.write(file, data)
    os.close(stalled)
    os.close(file)


def test_an_unwritable_place_is_told_before_anything_listens(tmp_path: Path) -> None:
    """A folder that is a file, a full device: one line, exit code 2 or a warning, no traceback."""
    with pytest.raises(AssertionError) as raised:
        with proxy(tmp_path, "-q", "-w", "/dev/null/x"):
            raise RuntimeError("it must not start")

    assert os.strerror(errno.ENOTDIR) in str(raised.value)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    """Connections are closed, the capture is complete, exit code 0."""
    with proxy(tmp_path, "-q") as running:
        with running.client() as client:
            exchange(client, MESSAGE)
            client.sendall(MESSAGE[:5])
            running.process.send_signal(number)
            assert client.recv(100) == b""
        assert running.process.wait(30) == 0
    told = [(line.get("kind"), line.get("event")) for line in running.lines()]

    assert told[-2:] == [("partial", None), (None, "close")]
    assert HEADER.decode() == running.lines()[2]["xml"]


def test_further_signals_change_nothing(tmp_path: Path) -> None:
    """A terminal that is closed sends two; whenever others come, the exit code is 0."""
    with proxy(tmp_path, "-q") as running:
        while running.process.poll() is None:
            running.process.send_signal(signal.SIGHUP)
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(0.005)

        assert running.process.returncode == 0
