"""`xmppspy ctl` in this process, and in a terminal of its own."""

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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from tests.cli.running import LIMIT, Running
from xmppspy.cli.ctl import command

MESSAGE = b"<message to='juliet@capulet.example' id='m1'><body>Hist!</body></message>"

_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def ctl(running: Running, *arguments: str, stdin: str | bytes | None = None) -> Result:
    """What the command does, in this process; its errors come through."""
    done = CliRunner().invoke(command, ["--control", str(running.control), *arguments], input=stdin)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def held(running: Running) -> list[int]:
    """The numbers of the frames that are held."""
    lines = ctl(running, "held").output.splitlines()[1:]
    return [int(line.split()[0]) for line in lines]


class Terminal:
    """A program in a terminal of 90 columns; what it shows is kept as text, without colours."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 90, 0, 0))
        self.process = subprocess.Popen(
            arguments,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm", **environment},
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509
        )
        os.close(slave)
        self.shown = ""

    def press(self, keys: str) -> None:
        """The person presses keys."""
        self.shown = ""
        os.write(self._master, keys.encode())

    def sees(self, text: str) -> str:
        """Wait until a text is shown, since the last key; what was shown until then."""
        end = time.monotonic() + LIMIT
        while text not in self.shown:
            left = end - time.monotonic()
            assert left > 0, self.shown
            assert self._read(left), self.shown
        return self.shown

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        while self._read(LIMIT):
            pass
        return self.process.wait(LIMIT)

    def close(self) -> None:
        """End it in any case."""
        self.process.kill()
        self.process.wait(LIMIT)
        os.close(self._master)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # nobody has the other side any more
            return False
        self.shown += _CODES.sub("", data.decode(errors="replace")).replace("\r\n", "\n")
        return bool(data)


def _take_terminal() -> None:
    """Make standard input the terminal of this session, so that Ctrl-C comes by it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def terminal(running: Running, *arguments: str, **environment: str) -> Iterator[Terminal]:
    """`xmppspy ctl` in a terminal, until the block ends."""
    base = [sys.executable, "-m", "xmppspy", "ctl", "--control", str(running.control)]
    opened = Terminal([*base, *arguments], environment)
    try:
        yield opened
    finally:
        opened.close()


def editor(folder: Path, *steps: tuple[str, str]) -> str:
    """A command for EDITOR that replaces a text by another, each time the next one."""
    script, count = folder / "editor.py", folder / "editor.count"
    count.write_text("0")
    script.write_text(
        "import pathlib, sys\n"
        f"steps, count = {list(steps)!r}, pathlib.Path({str(count)!r})\n"
        "step = int(count.read_text())\n"
        "count.write_text(str(step + 1))\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "old, new = steps[step]\n"
        "text = file.read_text()\n"
        "assert old in text, text\n"
        "file.write_text(text.replace(old, new))\n"
    )
    return f"{sys.executable} {script}"
