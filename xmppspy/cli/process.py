"""What a long-running command asks of its process: signals, descriptors, and who hears of mishaps."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from types import FrameType

_WANTED: Final = 65_536
"""Descriptors that are enough for everybody, where there may be any number."""
_OWN: Final = 32
"""Descriptors for everything but connections: files, pipes, look-ups, the control socket."""
_QUIET: Final = 5.0
"""Seconds without a word about another mishap of the same kind."""
_AFTERWARDS: Final = "._start_serving("
"""In the message about a socket on which asyncio accepts again, a second after there were no
descriptors, though it was closed meanwhile: that is no mishap."""


def connections_at_a_time() -> int:
    """How many connections this process has descriptors for, two each, after asking for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(1, (soft - _OWN) // 2)


def ending_signals() -> Iterator[signal.Signals]:
    """The signals that end a command in order: all that ask for it, unless they are ignored.

    A terminal that is closed is such a signal; `nohup` has it ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            yield number


class Ending:
    """Takes the signals that end a command from now on, also before there is a loop to obey them."""

    def __init__(self) -> None:
        self._asked = False
        self._signals = [*ending_signals()]
        for number in self._signals:
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True

    def obey(self, loop: AbstractEventLoop, stop: Callable[[], None]) -> None:
        """Have the loop call `stop` when one comes, or has come already."""
        for number in self._signals:
            loop.add_signal_handler(number, stop)
        if self._asked:
            stop()

    def rest(self) -> None:
        """Let further ones do nothing, now that the loop is over: all that is left ends by itself.

        A terminal that is closed sends two, and a service manager another kind behind the first.
        What is ignored stays so while Python ends; a handler would be taken away.
        """
        for number in self._signals:
            signal.signal(number, signal.SIG_IGN)


class Mishaps:
    """Takes what goes wrong in the event loop where nobody waits for it: one line, not too often."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._quiet_until: dict[str, float] = {}

    def __call__(self, _loop: AbstractEventLoop, context: dict[str, Any]) -> None:
        """Say what has happened; the relay goes on."""
        error, message = context.get("exception"), str(context.get("message", ""))
        if isinstance(error, ValueError) and _AFTERWARDS in message:
            return
        if isinstance(error, OSError):
            self._say(f"{message}: {error.strerror or error}; the relay goes on")
        else:
            self._say(
                f"{message}: {type(error).__name__}: {error}; this is a bug; the relay goes on"
            )

    def _say(self, text: str) -> None:
        now = time.monotonic()
        if now >= self._quiet_until.get(text, 0.0):
            self._quiet_until = {each: t for each, t in self._quiet_until.items() if t > now}
            self._quiet_until[text] = now + _QUIET
            self._warn(text)
