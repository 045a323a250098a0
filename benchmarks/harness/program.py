"""Programs that are measured, or that make the load: started, waited for, looked at, ended."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
_PATIENCE: Final = 30.0
_TICK: Final = os.sysconf("SC_CLK_TCK")


class Program:
    """A running program. Its processor time and memory are those of its process alone."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def output(self) -> str:
        """What it has printed so far, errors included."""
        return self._output.read_text(errors="replace")

    def first(self, mark: str) -> str:
        """Wait for a line that holds `mark`, and return it."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            for line in self.output.splitlines():
                if mark in line:
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError(f"{self.process.args!r} did not say {mark!r}:\n{self.output[-2000:]}")

    @property
    def cpu(self) -> float:
        """Seconds of processor time it has used."""
        return sum(_cpu(pid) for pid in self._pids())

    @property
    def memory(self) -> int:
        """Bytes of memory that are in use by it at present."""
        return sum(_status(pid, "VmRSS") for pid in self._pids())

    def _pids(self) -> Iterator[int]:
        """Its process, and those of its kind that it has forked: workers, not views."""
        own = self.process.pid
        yield own
        if b"xmppspy" in Path(f"/proc/{own}/cmdline").read_bytes():
            return  # it forks nothing but views
        name = Path(f"/proc/{own}/comm").read_text()
        for child in Path(f"/proc/{own}/task/{own}/children").read_text().split():
            with contextlib.suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text() == name:
                    yield int(child)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _status(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return 0


@contextlib.contextmanager
def started(command: Sequence[str], folder: Path, *, shows: bool = False) -> Iterator[Program]:
    """Run a command until the block is left; what it prints goes to a file in `folder`.

    With `shows` only its errors do: its output, which is for a person, goes nowhere.
    """
    output = folder / f"{Path(command[0]).name}-{time.monotonic_ns()}.out"
    with output.open("wb") as file:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if shows else file,
            stderr=file,
            cwd=ROOT,
        )
    try:
        yield Program(process, output)
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Have a process end, by force where it must be."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module of this folder, or xmppspy itself."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def await_port(port: int) -> None:
    """Wait until something listens there."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}")
