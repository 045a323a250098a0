"""Several processes at work on one large capture: each does a portion of it."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from xmppspy.capture.body import unnamed_file
from xmppspy.capture.portions import Portion, Unportionable, portions

LEAST: Final = 8 * 1024 * 1024
"""Bytes that are worth a process."""
_MOST: Final = 16
_FAILED: Final = 1

Work: TypeAlias = Callable[[BinaryIO], object]
"""What a process does; it writes to the file that it is given."""


def divided(capture: str) -> Sequence[Portion]:
    """A finished capture in as many portions as there are processors for it.

    Raises `Unportionable` where it has to be read in one go.
    """
    if not hasattr(os, "fork"):
        raise Unportionable
    return portions(Path(capture), min(_processors(), _MOST), LEAST)


def _processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Helper:
    """A process that does some work."""

    def __init__(self, work: Work) -> None:
        self._written = unnamed_file()
        self._pid = os.fork()
        if not self._pid:
            _work_and_exit(work, self._written)

    def result(self) -> BinaryIO:
        """What it has written, once it has ended. Raises `Unportionable` when it could not."""
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        if status:
            raise Unportionable
        os.lseek(self._written, 0, os.SEEK_SET)
        return open(self._written, "rb", closefd=False)

    def end(self) -> None:
        """End it, if it has not ended by itself."""
        os.close(self._written)
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


@contextmanager
def helpers(works: Sequence[Work]) -> Iterator[Sequence[Helper]]:
    """A process for each work; those that are left are ended with the block."""
    begun: list[Helper] = []
    try:
        begun.extend(map(Helper, works))
        yield begun
    finally:
        for helper in begun:
            helper.end()


def _work_and_exit(work: Work, descriptor: int) -> None:
    """What the other process does; it never returns, whatever happens."""
    code = _FAILED
    try:
        with suppress(Unportionable, OSError, KeyboardInterrupt):
            with open(descriptor, "wb", closefd=False) as file:
                work(file)
            code = 0
    finally:
        os._exit(code)
