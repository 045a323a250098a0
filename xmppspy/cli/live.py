"""The live view of `proxy`: a process of its own that reads capture lines from a pipe."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from xmppspy.capture.sinks import PipeSink
from xmppspy.cli.passwords import environment_without_password

_PATIENCE: Final = 10.0
_NICE: Final = 10
"""It shows what has been, and gives way to the relay, and to the peers beside it."""
_FOR_THE_PROXY: Final = (signal.SIGINT, signal.SIGHUP)


class LiveView:
    """`xmppspy show --live`, started with the reading end of a pipe; `sink` is the writing end.

    It ends when the pipe is closed. Whether it lives or not is nothing to the relay.
    """

    def __init__(self, style: Sequence[str], filters: Sequence[str]) -> None:
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "xmppspy", "show", "--live", *style, "--", "-", *filters]
        with _interrupts_ignored():
            self._process = subprocess.Popen(
                command, stdin=reading, env=environment_without_password()
            )
        os.close(reading)
        with suppress(OSError):  # it may have ended
            niceness = os.getpriority(os.PRIO_PROCESS, 0) + _NICE
            os.setpriority(os.PRIO_PROCESS, self._process.pid, niceness)
        self.sink = PipeSink(writing)

    def wait(self) -> None:
        """Wait until it has shown what it has got, for ten seconds at most."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
            return
        self._process.kill()
        self._process.wait()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """A process that is started here ignores them, from its first moment.

    Ctrl-C and a terminal that is closed are for the proxy, which ends the view by closing the pipe.
    """
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _FOR_THE_PROXY}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
