"""What a long-running command says on stderr, without ever waiting for who reads it.

A terminal can be stopped (Ctrl-S), a pipe may have a reader that does not read, or one that has
gone. None of that may hold up a relay, or end it.
"""

import os
import queue
import threading
from contextlib import suppress
from typing import Final

from xmppspy.analysis.words import harmless

_MOST: Final = 1000
"""Lines that may wait; further ones are left out, and counted."""
_PATIENCE: Final = 2.0
"""Seconds that a reader has at the end."""


class Voice:
    """Says lines in their order, on a thread of its own, until it is closed.

    What peers have a part in is made harmless to a terminal.
    """

    def __init__(self, descriptor: int = 2) -> None:
        self._descriptor = descriptor
        self._lines: queue.Queue[str | None] = queue.Queue(_MOST)
        self._left_out = 0
        self._thread = threading.Thread(target=self._speak, name="voice", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Say something, one or more lines of it. May be called on any thread."""
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._left_out += 1

    def warn(self, text: str) -> None:
        """Say what is wrong."""
        self.say(f"xmppspy: {text}")

    def close(self) -> None:
        """Let the rest be said, for some seconds at most."""
        try:
            self._lines.put(None, timeout=_PATIENCE)
        except queue.Full:
            return
        self._thread.join(_PATIENCE)

    def _speak(self) -> None:
        while (text := self._lines.get()) is not None:
            self._write("".join(f"{harmless(line)}\n" for line in text.split("\n")))
            if self._left_out and self._lines.empty():
                left_out, self._left_out = self._left_out, 0
                self._write(f"xmppspy: {left_out} lines were left out, because nobody read them\n")

    def _write(self, text: str) -> None:
        """Write past Python's buffer, whose lock would be held at the end of the program."""
        data = memoryview(text.encode(errors="backslashreplace"))
        with suppress(OSError):  # nobody is there to be told, and nothing else depends on it
            while data:
                data = data[os.write(self._descriptor, data) :]
