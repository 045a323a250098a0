"""xmppspy in a terminal of its own, as a person has it."""

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

LIMIT = 25.0
"""Seconds that anything awaited here may take."""
_CODES = re.compile(r"\x1b(?:\[[0-9;?<>=]*\$?[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")


class Terminal:
    """A terminal of 100 by 30 with xmppspy in it."""

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
    """Run xmppspy in a terminal; its user runs no proxy unless `XDG_RUNTIME_DIR` says so."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "xmppspy", *arguments],
        stdin=slave if stdin is None else stdin,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env={
            **os.environ, "TERM": "xterm-256color", "COLORFGBG": "15;0", "TZ": "UTC",
            "XDG_DATA_HOME": str(folder / "data"), "XDG_RUNTIME_DIR": str(folder / "run"),
            **environment,
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
