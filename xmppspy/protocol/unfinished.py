"""Unfinished: a piece of markup whose end has not arrived."""

import re
from typing import Final

from xmppspy.protocol.tokens import NAME, Buffer

_QUOTED: Final = {
    0: re.compile(rb"[>\"']"),
    0x22: re.compile(rb"\""),
    0x27: re.compile(rb"'"),
}
_GREATER: Final = 0x3E
_SLASH: Final = 0x2F
_OPENINGS: Final = (
    (b"</", "end"),
    (b"<?", "pi"),
    (b"<!--", "comment"),
    (b"<![CDATA[", "cdata"),
    (b"<!DOCTYPE", "doctype"),
    (b"<!", "broken"),
)
_LONGEST: Final = max(len(mark) for mark, _ in _OPENINGS)
_MARKS: Final = {"end": b">", "comment": b"-->", "cdata": b"]]>", "pi": b"?>"}
_NAME_AT: Final = {"start": 1, "end": 2}


class Unfinished:
    """Looks for the end of one token; every byte is looked at once, however they arrive.

    Offsets are the caller's, into a buffer that grows; when it drops bytes from the front of the
    buffer it has to call `moved`. `kind` is `start`, `end`, `comment`, `cdata`, `pi`, `doctype` or
    `broken`, and empty while too little is there to tell; the last two have no end. `scan` is how
    far was looked, and where the token stops once `find_end` has said that the end is there.
    """

    __slots__ = ("_quote", "at", "is_kept", "kind", "name", "scan")

    def __init__(self, at: int) -> None:
        self.at = self.scan = at
        self.kind = ""
        self.name: bytes | None = None
        """The name of a tag, once `let_go` has read it."""
        self.is_kept = True
        """Whether all its bytes are in the buffer still."""
        self._quote = 0  # the quotation mark that the scan is inside of

    @property
    def is_hopeless(self) -> bool:
        """Whether it has no end; `scan` is how much it took to see that."""
        return self.kind in ("doctype", "broken")

    def moved(self, by: int) -> None:
        """The buffer has lost its first `by` bytes."""
        self.at -= by
        self.scan -= by

    def find_end(self, buffer: Buffer) -> bool:
        """Look for the end from where the last look stopped."""
        if not self.kind:
            self._classify(buffer)
        if self.kind == "start":
            return self._find_end_of_start(buffer)
        mark = _MARKS.get(self.kind)
        if mark is None:
            return False
        end = buffer.find(mark, self.scan)
        if end < 0:
            self.scan = max(self.scan, len(buffer) - len(mark) + 1)
            return False
        self.scan = end + len(mark)
        return True

    def read_name(self, buffer: Buffer) -> bytes:
        """The name that a tag begins with, empty when it begins with none."""
        match = NAME.match(buffer, self.at + _NAME_AT[self.kind])
        return match[0] if match else b""

    def is_empty_element(self, buffer: Buffer) -> bool:
        """Whether a start tag that has ended, ends in `/>`."""
        return buffer[self.scan - 2] == _SLASH

    def let_go(self, buffer: Buffer, max_name: int) -> int:
        """Where the bytes begin that are needed to find the end; the others may be dropped.

        A tag's bytes are needed until its name is whole, but no more of them than `max_name`:
        then the token is `broken`.
        """
        if not self.kind:
            return self.at
        if self.kind in _NAME_AT and self.name is None:
            name = self.read_name(buffer)
            stop = self.at + _NAME_AT[self.kind] + len(name)
            if not name or stop == len(buffer):
                if len(buffer) - self.at - _NAME_AT[self.kind] > max_name:
                    self.kind = "broken"
                return self.at
            self.name = name
        self.is_kept = False
        return self.scan - 1

    def _classify(self, buffer: Buffer) -> None:
        beginning = bytes(buffer[self.at : self.at + _LONGEST])
        for mark, kind in _OPENINGS:
            if beginning.startswith(mark):
                self.kind = kind
                self.scan = self.at + (_doubts(beginning) + 1 if kind == "broken" else len(mark))
                return
            if mark.startswith(beginning):
                return
        self.kind, self.scan = "start", self.at + 1

    def _find_end_of_start(self, buffer: Buffer) -> bool:
        while stop := _QUOTED[self._quote].search(buffer, self.scan):
            self.scan = stop.end()
            found = buffer[stop.start()]
            if found == _GREATER:
                return True
            self._quote = 0 if self._quote else found
        self.scan = len(buffer)
        return False


def _doubts(beginning: bytes) -> int:
    """How many bytes of what begins like no token could still have become one."""
    opened = range(len(beginning), 0, -1)
    return next(n for n in opened if any(mark.startswith(beginning[:n]) for mark, _ in _OPENINGS))
