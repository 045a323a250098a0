"""Output: what a script prints, on the proxy's terminal."""

import io
import os
from contextlib import suppress
from typing import Final

from xmppspy.analysis.words import harmless

LINE: Final = 64 * 1024
"""Characters of a line; the rest of it is left out."""


class Prefixed(io.TextIOBase):
    """A text file that writes whole lines to a descriptor, each with a prefix.

    Control characters are written so that they are seen, because what is printed may be a peer's.
    When nobody reads any more, it is lost.
    """

    def __init__(self, prefix: str, descriptor: int) -> None:
        self._prefix = prefix
        self._descriptor = descriptor
        self._rest = ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str) -> int:
        """Take text; whole lines leave at once, so that a crash loses none of them."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._line(line)
        if len(self._rest) > LINE:
            self._line(self._rest)
            self._rest = ""
        return len(text)

    def flush(self) -> None:
        """Let the line that is not whole leave as one."""
        if self._rest:
            self._line(self._rest)
            self._rest = ""

    def _line(self, line: str) -> None:
        left_out = len(line) - LINE
        if left_out > 0:
            line = f"{line[:LINE]}… ({left_out:,} characters more)"
        data = f"{self._prefix}{harmless(line.expandtabs())}\n".encode()
        with suppress(OSError):
            while data:
                data = data[os.write(self._descriptor, data) :]
