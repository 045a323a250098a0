"""Timing: a command as a whole process."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.harness.program import ROOT


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took."""

    seconds: float
    cpu: float
    """Seconds of processor time, its children's included."""
    peak: int
    """Bytes of memory at most."""
    output: bytes
    """The end of what it printed."""


def run(command: Sequence[str]) -> Run:
    """Run a command to its end; its output goes through a pipe and is thrown away."""
    began = time.perf_counter()
    process = subprocess.Popen(
        list(command), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    errors = _Drain(process.stderr.fileno())
    output = _drained(process.stdout.fileno())
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    errors.join()
    if process.returncode not in (0, 1):  # 1: `lint` has found something
        raise RuntimeError(f"{command!r} failed:\n{errors.tail.decode(errors='replace')}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output)


def _drained(descriptor: int) -> bytes:
    tail = b""
    while data := os.read(descriptor, 1 << 20):
        tail = (tail + data)[-10_000:]
    return tail


class _Drain(threading.Thread):
    """Reads a pipe beside, so that it never fills."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(daemon=True)
        self.tail = b""
        self._descriptor = descriptor
        self.start()

    def run(self) -> None:
        self.tail = _drained(self._descriptor)
