"""Keys of the person at the terminal, one by one and without Enter."""

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self

_LONG: Final = 3600.0


class Keyboard:
    """Standard input in cbreak mode, as a context manager; the terminal is left as it was found.

    Where standard input is no terminal there are no keys, and waiting is all it does.
    """

    def __init__(self) -> None:
        self._fd = sys.stdin.fileno() if sys.stdin is not None and sys.stdin.isatty() else None
        self._before: list[Any] = []

    @property
    def are_there(self) -> bool:
        """Whether a person can press any."""
        return self._fd is not None

    def wait(self, seconds: float | None) -> str | None:
        """The next key, or None when `seconds` have passed without one; None waits for ever."""
        if self._fd is None:
            time.sleep(_LONG if seconds is None else seconds)
            return None
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return None
        data = os.read(self._fd, 1)
        return data.decode("ascii", "replace") if data else "q"  # the terminal is gone

    def fileno(self) -> int:
        """For `select`: readable when a key was pressed. Only where there are keys."""
        assert self._fd is not None  # noqa: S101 - the caller has looked
        return self._fd

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let another program have the terminal, as it was found."""
        if self._fd is None:
            yield
            return
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)
        try:
            yield
        finally:
            tty.setcbreak(self._fd)

    def __enter__(self) -> Self:
        if self._fd is not None:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._fd is not None:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)
