import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.view.samples import GOLDEN

CHAT = GOLDEN / "chat.xmpp.jsonl"
LIMIT = 30


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xmppspy", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=LIMIT,
        check=False,
    )


@pytest.mark.parametrize("style", ["--brief", "--pretty", "--raw", "--json"])
def test_shows_what_show_shows(style: str) -> None:
    """At the highest speed a replay prints what `show` prints."""
    replayed = _run("replay", CHAT, "--speed", "max", style, "--utc")

    assert replayed.stdout == _run("show", CHAT, style, "--utc").stdout
    assert replayed.returncode == 0


def test_filter() -> None:
    """A filter limits what is shown."""
    replayed = _run("replay", CHAT, "--speed", "max", "--brief", "--utc", "message")

    assert replayed.stdout == _run("show", CHAT, "--brief", "--utc", "message").stdout
    assert replayed.stdout


def test_steps_need_a_person() -> None:
    """--step without a terminal is wrong usage."""
    done = _run("replay", CHAT, "--step")

    assert done.returncode == 2
    assert "terminal" in done.stderr


def test_keys_step_and_end_it() -> None:
    """In a terminal, space shows the next event and q ends the replay."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "xmppspy", "replay", str(CHAT), "--step", "--brief"]
    with subprocess.Popen(
        command, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(slave)
        assert process.stdout is not None
        assert process.stderr is not None
        told = process.stderr.readline()  # from then on keys are read
        os.write(master, b" ")
        first = process.stdout.readline()
        os.write(master, b"q")
        rest = process.stdout.read()
        os.close(master)

    assert "space" in told
    assert first.endswith("\n")
    assert rest == ""
    assert process.returncode == 0


def test_a_torn_capture_is_told(tmp_path: Path) -> None:
    """What breaks off is played as far as it goes, and said."""
    torn = tmp_path / "torn.xmpp.jsonl"
    torn.write_bytes(CHAT.read_bytes()[:-20])
    done = _run("replay", torn, "--speed", "max", "--brief")

    assert "in the middle of a line" in done.stderr
    assert done.returncode == 0
