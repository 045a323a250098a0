"""Bookmarks in captures, added from outside, also while a proxy writes the file."""

import os
import time
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from xmppspy.capture.format import encode
from xmppspy.capture.locking import is_being_written
from xmppspy.capture.reader import Reader
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import Mark

_BEHIND: Final = 0.1
"""Seconds that a writer may be behind; a mark so much earlier keeps the times in order."""

_PATIENCE: Final = 1.0
_TAIL: Final = 64 * 1024


def add_mark(path: str, text: str, n: int | None = None, *, removed: bool = False) -> Mark:
    """Append a mark to a capture and return it: of frame `n`, or of the moment.

    Its time is now while somebody writes the capture, else that of the last line. With `removed`
    it takes back the earlier marks of the frame. Raises CaptureError for what is no plain capture,
    and for one whose last line is torn.
    """
    with Reader(path) as reader:
        created = reader.header.created if reader.header else None
    try:
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except OSError as error:
        raise CaptureError(path, f"cannot be marked: {error.strerror}") from None
    try:
        t = _last_time(path, file)
        if created is not None and is_being_written(file):
            t = max(t, (datetime.now(UTC) - created).total_seconds() - _BEHIND)
        mark = Mark(t=round(t, 6), text=text, n=n, removed=removed or None)
        os.write(file, encode(mark))
    finally:
        os.close(file)
    return mark


def _last_time(path: str, file: int) -> float:
    """The time of the last line that has one, once the last line is whole."""
    deadline = time.monotonic() + _PATIENCE
    while not (tail := _tail(file)).endswith(b"\n"):
        if tail.startswith(b"\x28\xb5\x2f\xfd"):
            raise CaptureError(path, "is compressed; decompress it before marking it")
        if time.monotonic() > deadline:
            raise CaptureError(path, "its last line is torn; end it with a line feed first")
        time.sleep(_BEHIND)
    for line in reversed(tail.splitlines()):
        t = _time_of(line)
        if t is not None:
            return t
    return 0.0


def _tail(file: int) -> bytes:
    """The end of the file, with one whole line at least, or all of it."""
    size, length = os.fstat(file).st_size, _TAIL
    while True:
        tail = os.pread(file, length, max(size - length, 0))
        if length >= size or tail.count(b"\n") > 1:
            return tail
        length *= 2


def _time_of(line: bytes) -> float | None:
    try:
        value: Any = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    t = value.get("t") if isinstance(value, dict) else None
    return float(t) if isinstance(t, int | float) else None
