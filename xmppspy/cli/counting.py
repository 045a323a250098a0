"""Counting what matches in a large capture, by several processes at once."""

import os
import signal
from pathlib import Path
from typing import Final

from xmppspy.capture.portions import Portion, Unportionable, portions
from xmppspy.filters import Filter

LEAST: Final = 8 * 1024 * 1024
"""Bytes that are worth a process."""
_MOST: Final = 16


def count(path: str, wanted: Filter, least: int = LEAST) -> int | None:
    """How many events of a finished capture are meant; None where it has to be read in one go."""
    if wanted.follows or not hasattr(os, "fork"):
        return None
    try:
        first, *others = portions(Path(path), min(_processors(), _MOST), least)
        helpers = [_Helper(each, wanted) for each in others]
        try:
            return _counted(first, wanted) + sum(helper.result() for helper in helpers)
        finally:
            for helper in helpers:
                helper.end()
    except Unportionable:
        return None


def _processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _counted(portion: Portion, wanted: Filter) -> int:
    return sum(map(wanted.match, portion.events()))


class _Helper:
    """A process that counts one portion."""

    def __init__(self, portion: Portion, wanted: Filter) -> None:
        reading, writing = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            _count_and_exit(portion, wanted, writing)
        os.close(writing)
        self._result = reading

    def result(self) -> int:
        """What it counted. Raises `Unportionable` when it could not."""
        told = os.read(self._result, 32)
        if not told:
            raise Unportionable
        return int(told)

    def end(self) -> None:
        """End it, if it has not ended by itself."""
        os.close(self._result)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


def _count_and_exit(portion: Portion, wanted: Filter, writing: int) -> None:
    """What the other process does: it says its number, or nothing, and never returns."""
    try:
        os.write(writing, b"%d" % _counted(portion, wanted))
    finally:
        os._exit(0)
