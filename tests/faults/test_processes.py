"""Those around the proxy fail: its view, who watches its control socket, who reads its stderr."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.running import LIMIT, Running, echo_server, eventually, exchange, proxy, read_exactly
from tests.conversation import ANSWER, HEADER
from tests.faults.measures import descriptors, memory
from tests.faults.scale import say, scaled

MESSAGE = b"<message><body>x</body></message>"
BIG = b"<message><body>%s</body></message>" % (b"x" * 50_000)
ROUNDS = 60
CONNECTIONS = scaled(300, 10_000)
AT_ONCE = scaled(100, 500)


def _view(running: Running) -> int:
    """The process of the live view."""
    path = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
    (pid,) = path.read_text().split()
    return int(pid)


def _messages(running: Running) -> int:
    return sum(line.get("kind") == "message" for line in running.lines())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_view_that_is_killed_or_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """Relay and capture do not notice; the proxy ends all the same."""
    with proxy(tmp_path) as running:
        with running.client() as client:
            exchange(client, MESSAGE)
            view = _view(running)
            os.kill(view, number)
            for _ in range(ROUNDS):
                exchange(client, BIG)
            eventually(lambda: _messages(running) == 2 * ROUNDS + 2)
        assert running.stop() == 0

    with pytest.raises(ProcessLookupError):
        os.kill(view, 0)


def test_a_watcher_that_is_stopped(tmp_path: Path) -> None:
    """Who watches by the control socket and does not read is left out; everything else goes on."""
    with proxy(tmp_path, "-q") as running:
        watch = [sys.executable, "-m", "xmppspy", "ctl", "--control", str(running.control)]
        with subprocess.Popen([*watch, "watch", "--json"], stdout=subprocess.PIPE) as watcher:
            assert watcher.stdout is not None
            watcher.stdout.readline()
            watcher.send_signal(signal.SIGSTOP)
            with running.client() as client:
                for _ in range(ROUNDS):
                    exchange(client, BIG)
                eventually(lambda: _messages(running) == 2 * ROUNDS)
            watcher.kill()
        assert running.stop() == 0


def test_a_control_client_that_never_reads(tmp_path: Path) -> None:
    """Its requests are answered as far as it reads; memory stays bounded and others are served."""
    status = json.dumps({"id": 1, "do": "status"}).encode() + b"\n"
    with proxy(tmp_path, "-q") as running:
        before = memory(running.process.pid)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(running.control))
            caller.settimeout(1.0)
            try:
                for _ in range(200):
                    caller.sendall(status * 1000)
            except (TimeoutError, ConnectionError):
                pass
            with running.client() as client:
                exchange(client, MESSAGE)
        grown = memory(running.process.pid) - before
        assert running.stop() == 0

    assert grown < 64 * 1024 * 1024


def test_nobody_reads_what_it_says(tmp_path: Path) -> None:
    """A pipe of stderr that is full, or closed, is no reason to wait or to end."""
    capture = tmp_path / "x.xmpp.jsonl"
    with echo_server() as upstream:
        command = [
            sys.executable, "-m", "xmppspy", "proxy", f"127.0.0.1:{upstream}", "-l", "0", "-q",
            "-w", str(capture), "--ca-dir", str(tmp_path), "--no-control",
        ]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=_little_room)  # noqa: PLW1509
        with ExitStack() as stack:
            stack.callback(process.kill)
            assert process.stderr is not None
            port = int(process.stderr.readline().rpartition(b":")[2])
            process.stderr.close()
            with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as client:
                client.sendall(HEADER)
                read_exactly(client, ANSWER)
                while capture.stat().st_size < 3000:
                    exchange(client, MESSAGE)
                for _ in range(ROUNDS):
                    exchange(client, BIG)
                unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)
                while b'"gap"' not in capture.read_bytes():
                    exchange(client, MESSAGE)
            process.send_signal(signal.SIGTERM)
            assert process.wait(LIMIT) == 0

    assert b'"close"' in capture.read_bytes().splitlines()[-1]


def _little_room() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))


def test_very_many_connections(tmp_path: Path) -> None:
    """One after the other and many at once: afterwards nothing of them is left."""
    with proxy(tmp_path, "-q") as running:
        pid = running.process.pid
        for _ in range(20):
            running.client().close()
        eventually(lambda: _closed(running) == 20)
        before, size = descriptors(pid), memory(pid)
        for _ in range(CONNECTIONS):
            with running.client() as client:
                exchange(client, MESSAGE)
        with ExitStack() as stack:
            clients = [stack.enter_context(running.client()) for _ in range(AT_ONCE)]
            for client in clients:
                exchange(client, MESSAGE)
            most = descriptors(pid)
        eventually(lambda: descriptors(pid) <= before)
        grown = memory(pid) - size
        say(f"{CONNECTIONS} connections, {AT_ONCE} at once, {most} descriptors, {grown >> 20} MB")
        with running.client() as client:
            exchange(client, MESSAGE)
        assert running.stop() == 0

    assert most >= before + 2 * AT_ONCE
    assert grown < 64 * 1024 * 1024


def _closed(running: Running) -> int:
    return sum(line.get("event") == "close" for line in running.lines())


def _few_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def test_no_descriptors_left(tmp_path: Path) -> None:
    """Who comes when there is no room is told so, or finds the door closed; then it is open again."""
    with proxy(tmp_path, "-q", prepare=_few_descriptors) as running:
        with ExitStack() as stack:
            inside = [stack.enter_context(running.client()) for _ in range(16)]
            refused = [_refusal(running) for _ in range(20)]
            silent = [stack.enter_context(_connected(running)) for _ in range(40)]
            for client in inside:
                exchange(client, MESSAGE)
            assert [sock.recv(1) for sock in silent[10:]] == [b""] * 30
        eventually(lambda: _can_talk(running))
        assert running.stop() == 0

    assert all(b"remote-connection-failed" in told and b"ulimit" in told for told in refused)
    assert len(running.said) <= 3  # that it could not accept is said once, if so many came at once
    assert not any("Traceback" in line for line in running.said)


def _connected(running: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT)


def _refusal(running: Running) -> bytes:
    with _connected(running) as sock:
        sock.sendall(HEADER)
        told = b""
        while data := sock.recv(65536):
            told += data
        return told


def _can_talk(running: Running) -> bool:
    with _connected(running) as sock:
        try:
            sock.sendall(HEADER)
            return sock.recv(65536) == ANSWER
        except ConnectionError:
            return False
