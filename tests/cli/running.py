"""`xmppspy proxy` as a process, between plain sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.conversation import ANSWER, HEADER

LIMIT = 30.0
"""Seconds that anything awaited here may take."""


@dataclass
class Running:
    """The proxy, what it says, and where it listens."""

    process: subprocess.Popen[bytes]
    port: int
    capture: Path
    said: list[str]
    runtime: Path
    """Its user's runtime folder."""

    @property
    def control(self) -> Path:
        """Its control socket."""
        return self.runtime / "xmppspy" / f"{self.process.pid}.sock"

    def client(self) -> socket.socket:
        """A new client, whose header the server has answered."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT)
        sock.sendall(HEADER)
        read_exactly(sock, ANSWER)
        return sock

    def lines(self) -> list[dict[str, Any]]:
        """What the capture holds by now, torn lines left out."""
        text = self.capture.read_text() if self.capture.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT)


@contextmanager
def proxy(
    folder: Path,
    *options: str,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    prepare: Callable[[], None] | None = None,
    runtime: Path | None = None,
    upstream: str | None = None,
) -> Iterator[Running]:
    """Run the proxy in front of an echo server, or of `upstream`, until the block ends.

    `runtime` is its user's runtime folder, whose path has to be short; else it is a new one.
    """
    capture = folder / "session.xmpp.jsonl"
    with echo_server() as echo, tempfile.TemporaryDirectory() as fresh:
        runtime = runtime or Path(fresh)
        command = [
            sys.executable, "-m", "xmppspy", "proxy", upstream or f"127.0.0.1:{echo}", "--listen", "0",
            "--write", str(capture), "--ca-dir", str(folder / "ca"), *options,
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)},
            preexec_fn=prepare,  # noqa: PLW1509
        )
        said: list[str] = []
        assert process.stderr is not None
        reader = threading.Thread(target=_collect, args=(process.stderr, said))
        try:
            port = _wait_for_port(process, said)
            reader.start()
            yield Running(process, port, capture, said, runtime)
        finally:
            process.kill()
            process.wait(LIMIT)
            if reader.ident is not None:
                reader.join(LIMIT)
            process.stderr.close()


def _wait_for_port(process: subprocess.Popen[bytes], said: list[str]) -> int:
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line.decode().rstrip("\n"))
        if said[-1].startswith("listening on "):
            return int(said[-1].rpartition(":")[2])
    raise AssertionError("\n".join(said))


def _collect(stream: IO[bytes], said: list[str]) -> None:
    said.extend(line.decode().rstrip("\n") for line in stream)


@contextmanager
def echo_server() -> Iterator[int]:
    """A server that answers a header by its own, and echoes what follows."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(LIMIT)


def _accept(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_echo, args=(connection,), daemon=True).start()


def _echo(connection: socket.socket) -> None:
    with connection:
        try:
            if not connection.recv(1, socket.MSG_PEEK):
                return  # the client has gone before it has said anything
            read_exactly(connection, HEADER)
            connection.sendall(ANSWER)
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            return


def read_exactly(sock: socket.socket, data: bytes) -> None:
    """Wait for exactly these bytes."""
    got = b""
    while len(got) < len(data):
        piece = sock.recv(len(data) - len(got))
        assert piece, got
        got += piece
    assert got == data


def exchange(sock: socket.socket, data: bytes) -> None:
    """Send, and wait for the echo."""
    sock.sendall(data)
    read_exactly(sock, data)


def eventually(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < end
        os.sched_yield()
