"""Lines: where in a capture the lines with frames and events begin."""

from array import array
from typing import Final

BOM: Final = b"\xef\xbb\xbf"
"""What some editors write at the beginning of a file."""

_LONGEST_START: Final = 64
"""Bytes of white space, behind which a `{` is not looked for."""


class Lines:
    """Finds the beginnings of lines that hold an object; comments and blank lines are passed over.

    To be fed with the bytes of a capture, in any pieces.
    """

    def __init__(self) -> None:
        self.size = 0
        """The bytes that it was fed with."""
        self.ended = 0
        """Where the last whole line ends."""
        self._start = b""
        """How that line begins."""

    def feed(self, data: bytes) -> "array[int]":
        """Take the next bytes; returns where the lines begin that end in them."""
        found = array("Q")
        first, *more = data.split(b"\n")
        self._start += first[: _LONGEST_START - len(self._start)]
        if more:
            if _is_object(self._start):
                found.append(self.ended)
            at = self.size + len(first) + 1
            for line in more[:-1]:
                if line[:1] == b"{" or (line and _is_object(line)):
                    found.append(at)
                at += len(line) + 1
            self.ended, self._start = at, more[-1][:_LONGEST_START]
        self.size += len(data)
        return found

    @property
    def unfinished(self) -> int | None:
        """Where the last line begins, if it holds an object and is not ended by a line feed."""
        return self.ended if _is_object(self._start) else None


def _is_object(line: bytes) -> bool:
    start = line[:_LONGEST_START].removeprefix(BOM).lstrip()
    return start[:1] == b"{"
