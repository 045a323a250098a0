"""The terminal of a program that takes all of it: what it is, and whether its ground is dark."""

import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from xmppspy.errors import UsageError

# Who knows the first question answers it; everybody answers the second one (DA1), which tells that
# nothing more is to be waited for.
_QUESTION: Final = b"\x1b]11;?\x1b\\\x1b[c"
_COLOUR: Final = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")
_END: Final = re.compile(rb"\x1b\[\?[0-9;]*c")
_PATIENCE: Final = 0.3
"""Seconds for the answer, from when it is needed on; it was asked for long before."""
_WEIGHTS: Final = (0.299, 0.587, 0.114)
"""How bright red, green and blue are to the eye."""


def take_terminal() -> None:
    """Make the terminal standard input, if that was something else.

    Raises UsageError where there is no terminal.
    """
    if not sys.stderr.isatty():
        raise UsageError("the interactive view needs a terminal; see xmppspy show")
    if os.isatty(0):
        return
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise UsageError("the interactive view needs a terminal; see xmppspy show") from None
    os.dup2(terminal, 0)
    os.close(terminal)


class Ground:
    """Asks the terminal for the colour of its ground, as a context manager around other work.

    What is typed meanwhile is lost. Unless it `asks`, it does nothing.
    """

    def __init__(self, *, asks: bool = True) -> None:
        self._asks = asks
        self._before: list[Any] | None = None
        self._came = b""

    def __enter__(self) -> Self:
        if not self._asks:
            return self
        with suppress(termios.error, OSError):
            self._before = termios.tcgetattr(0)
            tty.setcbreak(0, termios.TCSANOW)
            os.write(2, _QUESTION)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._before is not None:
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, self._before)

    def is_light(self, environment: Mapping[str, str]) -> bool:
        """What the terminal answered; else what the environment says; dark if nobody tells."""
        if self._before is not None:
            self._listen()
        found = _COLOUR.search(self._came)
        if found is not None:
            return brightness(found.groups()) > 0.5
        return environment.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")

    def _listen(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not _END.search(self._came):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([0], [], [], left)[0]:
                return
            data = os.read(0, 1024)
            if not data:
                return
            self._came += data


def brightness(colour: tuple[bytes, ...]) -> float:
    """From 0 to 1; each part of a colour is a number of hexadecimal digits, as many as there are."""
    parts = (int(part, 16) / (16 ** len(part) - 1) for part in colour)
    return float(sum(part * weight for part, weight in zip(parts, _WEIGHTS, strict=True)))
