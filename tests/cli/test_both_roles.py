"""The sample captures, played in both roles at once: as the server to themselves as the client."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CAPTURES = Path(__file__).parent.parent.parent / "captures"
LIMIT = 60
PASSWORD = {**os.environ, "XMPPSPY_PASSWORD": "neither fair saint"}


@contextmanager
def server(capture: Path, folder: Path) -> Iterator[str]:
    """The recorded server; gives HOST:PORT."""
    command = [
        sys.executable, "-m", "xmppspy", "replay", str(capture), "--as", "server", "-l", "0",
        "--ca-dir", str(folder), "--speed", "max",
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=PASSWORD) as process:
        assert process.stderr is not None
        told = iter(process.stderr)
        yield next(line for line in told if line.startswith("listening on")).split()[-1]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT)


@pytest.mark.parametrize("name", ["login", "roster-and-presence", "group-chat", "errors"])
def test_sample_plays_against_itself(name: str, tmp_path: Path) -> None:
    """The recorded clients meet the recorded server, and everything comes as it was recorded."""
    capture = CAPTURES / f"{name}.xmpp.jsonl"
    with server(capture, tmp_path / "ca") as place:
        command = [
            sys.executable, "-m", "xmppspy", "replay", str(capture), "--as", "client",
            "--to", place, "--upstream-ca", str(tmp_path / "ca" / "xmppspy-ca.pem"),
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT, env=PASSWORD, check=False
        )

    assert done.returncode == 0, done.stderr
    assert "no differences" in done.stdout + done.stderr
