"""The process of a script: `python -m xmppspy.scripting FILE SECONDS`, started by a proxy.

It is asked on standard input and answers on standard output, as `messages` says; what the script
prints goes to standard error.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from xmppspy.scripting import limits, messages
from xmppspy.scripting.output import Prefixed
from xmppspy.scripting.worker import Worker

_PIECE: Final = 256 * 1024
_PR_SET_PDEATHSIG: Final = 1


def main(path: str, limit: float) -> None:
    """Answer until the proxy ends the conversation."""
    asked, answers = _take_over()
    name = f"{Path(path).name}: "
    sys.stdout = sys.stderr = Prefixed(name, 2)
    sys.path.append(str(Path(path).resolve().parent))
    _be_the_first_to_go()
    limits.prepare()
    worker = Worker(path, limit, _Speaker(answers).say)
    with suppress(BrokenPipeError):  # the proxy has gone
        for line in _lines(asked):
            worker.handle(messages.read_by_script(line))


def _take_over() -> tuple[int, int]:
    """Keep both ends of the conversation from the script."""
    asked, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return asked, answers


def _be_the_first_to_go() -> None:
    """On Linux: end with the proxy, however it ends, and before it where memory runs out."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def _lines(asked: int) -> Iterator[bytes]:
    lines = messages.Lines()
    while data := os.read(asked, _PIECE):
        yield from lines.receive(data)


class _Speaker:
    """Writes messages whole, whichever thread of the script says them."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def say(self, message: messages.FromScript) -> None:
        """Write a message."""
        data = messages.encode(message)
        if isinstance(message, messages.Reply):
            self._write(data)
            return
        # Said during a call, whose time may be up in the middle of it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        try:
            self._write(data)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _write(self, data: bytes) -> None:
        with self._lock:
            while data:
                data = data[os.write(self._descriptor, data) :]


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
