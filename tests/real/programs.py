"""Start, watch and end the real programs these tests drive; what they print is kept in a file."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from re import Match
from re import compile as compile_regex
from types import TracebackType
from typing import NoReturn, Self, TypeVar

import pytest

T = TypeVar("T")

DEADLINE = 60.0
"""Seconds after which something that should have happened counts as failed."""


class Program:
    """A program running in a session of its own, its output in the file `log`.

    Used as a context manager: leaving it ends the program and all it started. `user` is the
    system user it runs as where the tests run as root, and is ignored elsewhere.
    """

    def __init__(
        self,
        arguments: Iterable[object],
        log: Path,
        *,
        user: str | None = None,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=user if runs_as_root() else None,
                group=user if runs_as_root() else None,
                extra_groups=[] if user and runs_as_root() else None,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def wait_for_line(self, pattern: str) -> Match[str]:
        """The first line of the output that `pattern` matches, waited for."""
        regex = compile_regex(pattern)
        return eventually(lambda: self._find(regex.search), f"a line like {pattern!r}", self.log)

    def wait(self, seconds: float = DEADLINE) -> int:
        """The exit code, waited for."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"did not end in time\n{tail(self.log)}") from None

    def output(self) -> str:
        """What the program has printed until now."""
        return self.log.read_text(errors="replace")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the program with a signal, and whatever it started; gives the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.wait()

    def _find(self, search: Callable[[str], Match[str] | None]) -> Match[str] | None:
        has_ended = self._process.poll() is not None
        for line in self.output().splitlines():
            if found := search(line):
                return found
        if has_ended:
            raise AssertionError(f"ended with {self._process.returncode}\n{tail(self.log)}")
        return None


def eventually(look: Callable[[], T | None], what: str, log: Path | None = None) -> T:
    """What `look` gives as soon as it gives something; asked again and again until the deadline."""
    end = time.monotonic() + DEADLINE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"no {what} in {DEADLINE:.0f} s\n{tail(log) if log else ''}")
        time.sleep(0.02)


def tail(log: Path, lines: int = 40) -> str:
    """The end of a log, headed by its name, for the message of a failure."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"--- {log}", *(line[:400] for line in text[-lines:])])


def needs(*programs: str) -> None:
    """Skip the test, saying why, when a program is not installed; in CI that is a failure."""
    for program in programs:
        if shutil.which(program, path=_search_path()) is None:
            unavailable(f"{program} is not installed (make peers installs it where it may)")


def unavailable(reason: str) -> NoReturn:
    """Skip the test for `reason`; where `CI` is set, nothing may be skipped, so fail."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def path_of(program: str) -> str:
    """The path of a program that `needs` has seen."""
    found = shutil.which(program, path=_search_path())
    assert found is not None
    return found


def runs_as_root() -> bool:
    """Whether the tests run as root, so that servers are given their own system users."""
    return os.geteuid() == 0


def free_port() -> int:
    """A loopback port that nothing uses, below those the system gives to outgoing connections."""
    while True:
        port = random.randint(20_000, 32_000)  # noqa: S311
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port


def accepts_connections(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def _search_path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
