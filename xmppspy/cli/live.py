"""The live view of `proxy`: a process of its own that reads capture lines from a pipe."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from xmppspy.capture.sinks import PipeSink
from xmppspy.cli.passwords import environment_without_password

_PATIENCE: Final = 10.0


class LiveView:
    """`xmppspy show --live`, started with the reading end of a pipe; `sink` is the writing end.

    It ends when the pipe is closed. Whether it lives or not is nothing to the relay.
    """

    def __init__(self, style: Sequence[str], filters: Sequence[str]) -> None:
        reading, writing = os.pipe()
        command = [sys.executable, "-m", "xmppspy", "show", "--live", *style, "--", "-", *filters]
        # Ctrl-C is for the proxy, which ends the view by closing the pipe. Ignored here already,
        # since Python takes a moment to start.
        self._process = subprocess.Popen(
            command,
            stdin=reading,
            env=environment_without_password(),
            preexec_fn=_ignore_interrupts,  # noqa: PLW1509 - there are no threads yet
        )
        os.close(reading)
        self.sink = PipeSink(writing)

    def wait(self) -> None:
        """Wait until it has shown what it has got, for ten seconds at most."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
            return
        self._process.kill()
        self._process.wait()


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
