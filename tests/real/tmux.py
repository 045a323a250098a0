"""A terminal in tmux: what a person sees there, and the keys that they press."""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.real.programs import eventually, needs, path_of


class Terminal:
    """One window of a tmux server of its own, with a program in it."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._do("send-keys", "-t", "0", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._do("send-keys", "-t", "0", "-l", text)

    @property
    def text(self) -> str:
        """What is to be seen."""
        return self._do("capture-pane", "-p", "-t", "0")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until something is to be seen."""
        try:
            return eventually(lambda: re.search(pattern, self.text), f"{pattern!r}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text}") from None

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            [path_of("tmux"), "-S", self._socket, *arguments],
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


@contextmanager
def terminal(
    arguments: list[object], columns: int, rows: int, environment: Mapping[str, str]
) -> Iterator[Terminal]:
    """Run a program in a terminal of that size; leaving ends it. The window stays when it ends."""
    needs("tmux")
    command = shlex.join(map(str, arguments))
    settings = [f"{name}={value}" for name, value in environment.items()]
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder, "tmux")
        start = ["-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows]
        line = f"env -u COLUMNS -u LINES {shlex.join(settings)} {command}; echo ended with $?; sleep 600"
        subprocess.run([path_of("tmux"), *map(str, start), line], check=True)
        try:
            yield Terminal(socket)
        finally:
            subprocess.run(
                [path_of("tmux"), "-S", socket, "kill-server"], check=False, capture_output=True
            )
