"""What a process uses, as the kernel tells it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

LIMIT = 30.0
"""Seconds that anything awaited here may take."""


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(LIMIT):
        while True:
            if true():
                return
            await asyncio.sleep(0)


def memory(pid: int) -> int:
    """Its largest resident size so far, in bytes."""
    return _status(pid, "VmHWM") * 1024


def resident(pid: int) -> int:
    """Its resident size now, in bytes."""
    return _status(pid, "VmRSS") * 1024


def descriptors(pid: int) -> int:
    """How many it has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
