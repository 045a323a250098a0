import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.cli.captures import write
from tests.view.browse.samples import chat
from xmppspy.cli import main

LIMIT = 25.0
"""Seconds that anything awaited here may take."""
_CODES = re.compile(r"\x1b(?:\[[0-9;?<>=]*\$?[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")


class Terminal:
    """A terminal of 100 by 30 with the view in it."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master = master
        self.process = process
        self.came = b""

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def wait_for(self, text: str) -> None:
        """Wait until the program has written a text, codes between its parts left out."""
        deadline = time.monotonic() + LIMIT
        while text not in self.text:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} did not come: {self.text}"
            if select.select([self._master], [], [], left)[0]:
                self.read()

    def read(self) -> None:
        """Take what it has written."""
        try:
            self.came += os.read(self._master, 65536)
        except OSError:  # the program has ended
            time.sleep(0.01)

    @property
    def text(self) -> str:
        """All that it has written until now, without codes."""
        return _CODES.sub("", self.came.decode(errors="replace"))

    def end(self) -> int:
        """Wait for its end, reading on so that it can end; returns the exit code."""
        while self.process.poll() is None:
            if select.select([self._master], [], [], 0.05)[0]:
                self.read()
        return self.process.returncode


@contextmanager
def terminal(
    folder: Path, *arguments: str, stdin: IO[bytes] | None = None, **environment: str
) -> Iterator[Terminal]:
    """Run `xmppspy tui` in a terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "xmppspy", "tui", *arguments],
        stdin=slave if stdin is None else stdin,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env={
            **os.environ, "TERM": "xterm-256color", "COLORFGBG": "15;0", "TZ": "UTC",
            "XDG_DATA_HOME": str(folder / "data"), **environment,
        },
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(2, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a capture where `proxy` writes them."""
    (tmp_path / "captures").mkdir()
    write(chat(), tmp_path / "captures" / "old.xmpp.jsonl")
    os.utime(tmp_path / "captures" / "old.xmpp.jsonl", (0, 0))
    write(chat(), tmp_path / "captures" / "new.xmpp.jsonl")
    return tmp_path


def test_view_runs_in_a_terminal(folder: Path) -> None:
    """It shows the capture, does what keys say, remembers what was typed, and ends well."""
    with terminal(folder, "captures/new.xmpp.jsonl") as view:
        view.wait_for("new.xmpp.jsonl")
        view.wait_for("Wherefore art thou?")
        view.wait_for("finding")
        view.press(b"f")
        view.wait_for("an empty filter")
        view.press(b"type:error\r")
        view.wait_for("1 of 15")
        view.press(b"q")

        assert view.end() == 0
    assert "type:error" in (folder / "data" / "xmppspy" / "typed.json").read_text()


def test_newest_capture_is_shown_without_a_name(folder: Path) -> None:
    """It is what a running proxy writes."""
    with terminal(folder, "--utc") as view:
        view.wait_for("new.xmpp.jsonl")
        view.press(b"q")

        assert view.end() == 0


def test_standard_input_is_shown(folder: Path) -> None:
    """Keys come from the terminal all the same."""
    with (folder / "captures" / "new.xmpp.jsonl").open("rb") as capture:
        reading, writing = os.pipe()
        os.write(writing, capture.read())
        with os.fdopen(reading, "rb") as stdin, terminal(folder, "-", stdin=stdin) as view:
            view.wait_for("standard input")
            view.wait_for("live")
            os.close(writing)
            view.wait_for("finding")
            view.press(b"q")

            assert view.end() == 0


def test_no_color_is_obeyed(folder: Path) -> None:
    """No colour is written; what is chosen is shown in reverse."""
    with terminal(folder, "captures/new.xmpp.jsonl", NO_COLOR="1") as view:
        view.wait_for("finding")
        view.press(b"q")
        code = view.end()

    assert code == 0
    assert re.search(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8])(?:;[0-9;]*)?m", view.came) is None
    assert b"\x1b]11;?" not in view.came
    assert re.search(rb"\x1b\[(?:[0-9]+;)*7(?:;[0-9]+)*m", view.came)


def test_what_is_no_capture_is_refused(folder: Path) -> None:
    """In one line, with exit code 2, after the screen was given back."""
    (folder / "notes.txt").write_text("notes\n")
    with terminal(folder, "notes.txt") as view:
        code = view.end()
        view.read()

    assert code == 2
    assert "xmppspy: notes.txt: this is no capture" in view.text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing"], "missing: cannot be read: No such file"),
        (["captures/new.xmpp.jsonl"], "needs a terminal; see xmppspy show"),
    ],
)
def test_wrong_usage_is_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    reason: str,
) -> None:
    """Before anything is begun."""
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as end:
        main(["tui", *arguments])

    assert end.value.code == 2
    assert reason in capsys.readouterr().err


def test_name_is_needed_where_there_is_no_capture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that is said."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["tui"])

    assert end.value.code == 2
    assert "name a CAPTURE" in capsys.readouterr().err
