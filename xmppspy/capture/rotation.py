"""Rotation: a capture that goes on for days, in parts of which each is a capture by itself.

The part that is being written has the name that was asked for, `x.xmpp.jsonl`. When it is full it
becomes `x.0001.xmpp.jsonl`, and then, compressed, `x.0001.xmpp.jsonl.zst`.
"""

import os
import re
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xmppspy.capture.packing import move, pack
from xmppspy.capture.sinks import FileSink, Report
from xmppspy.capture.standing import Standing, numbered
from xmppspy.errors import CaptureExists, UsageError

_SIZES: Final = {"K": 1000, "M": 1000**2, "G": 1000**3}
_TIMES: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LIMIT: Final = re.compile(r"(\d+)(?:([KMG])B?|([smhd]))")
_SUFFIX: Final = re.compile(r"(?:\.xmpp)?(?:\.jsonl)?(?:\.zst)?\Z")
_CLOSING: Final = 3.0
"""Seconds that the end waits for a part to be compressed; it stays as it is then."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a part is full, and how many full ones are kept."""

    size: float = float("inf")
    """Bytes, before compression."""
    seconds: float = float("inf")
    keep: int = 0
    """0 for all."""

    @classmethod
    def parse(cls, limits: Sequence[str], keep: int) -> "Rotation | None":
        """Read such as `100M`, `1h`; None for none. Raises UsageError."""
        if not limits:
            if keep:
                raise UsageError("--keep is about parts; say with --rotate when one is full")
            return None
        size = seconds = float("inf")
        for limit in limits:
            match = _LIMIT.fullmatch(limit)
            if match is None or not int(match[1]):
                raise UsageError(f"--rotate {limit!r}: write a size or a time, such as 100M or 1h")
            if match[2]:
                size = min(size, int(match[1]) * _SIZES[match[2]])
            else:
                seconds = min(seconds, int(match[1]) * _TIMES[match[3]])
        return cls(size, seconds, keep)


class RotatingSink:
    """Writes one file after the other; a `Sink`, with the promises of `FileSink` for each.

    A part begins with the header and its number, and with what still matters of those before it,
    marked `context`. Full parts are compressed by a thread; what cannot be named, compressed or
    deleted is reported, and stays. Nothing that was there before is overwritten or deleted.
    """

    def __init__(self, path: str | os.PathLike[str], rotation: Rotation) -> None:
        self._path = os.fspath(path)
        self._rotation = rotation
        self._number = 1
        self._refuse_old_parts()
        self._part = FileSink(path)
        self._standing = Standing()
        self._header = b""
        self._report: Report = lambda _text: None
        self._size = 0
        self._began = time.monotonic()
        self._kept: deque[str] = deque()
        self._compressing: threading.Thread | None = None
        self._given_up = threading.Event()

    def start(self, header: bytes, report: Report) -> None:
        """Write the header's line; tell of trouble by `report` from now on."""
        self._header, self._report = header, report
        self._part.start(numbered(header, self._number), report)

    def write(self, lines: Sequence[bytes], t: float, count: int | None = None) -> None:
        """Take lines; `flush` writes them."""
        self._part.write(lines, t, count)
        self._standing.see(lines)
        self._size += sum(map(len, lines))
        if self._size >= self._rotation.size:
            self.flush()

    def flush(self) -> None:
        """Write what has been taken; go on in another part if this one is full."""
        self._part.flush()
        if self._is_full() and self._part.retry is None:
            self._turn()

    @property
    def retry(self) -> float | None:
        """Seconds after which to `flush` again."""
        if self._part.retry is not None:
            return self._part.retry
        is_timed = self._size > 0 and self._rotation.seconds != float("inf")
        return max(0.05, self._rotation.seconds - self._age()) if is_timed else None

    def close(self) -> None:
        """Write the rest and close the last part, which keeps its name."""
        self._part.close()
        if self._compressing is not None:
            self._compressing.join(_CLOSING)
            self._given_up.set()
            self._compressing.join()

    def _is_full(self) -> bool:
        is_old = self._size > 0 and self._age() >= self._rotation.seconds
        return is_old or self._size >= self._rotation.size

    def _age(self) -> float:
        return time.monotonic() - self._began

    def _turn(self) -> None:
        """Give the full part its number, and begin another one."""
        full, is_there = self._name(self._number), os.path.lexists(self._path)
        self._size, self._began = 0, time.monotonic()
        try:
            if is_there:
                move(self._path, full)
            part = FileSink(self._path)
        except (OSError, UsageError) as error:
            self._report(f"cannot begin another part of {self._path}: {error}; this one grows on")
            if is_there and not os.path.lexists(self._path):
                with suppress(OSError):
                    move(full, self._path)
            return
        self._part.close()
        self._part = part
        self._number += 1
        part.start(numbered(self._header, self._number), self._report)
        repeated = list(self._standing.repeated())
        if repeated:
            part.write(repeated, 0.0)
        part.flush()
        if is_there:
            self._finish(full)

    def _finish(self, full: str) -> None:
        """Compress a full part, and delete those that are too many, without waiting for it."""
        if self._compressing is not None:
            self._compressing.join()  # a disk that cannot keep up would never catch up
        self._compressing = threading.Thread(
            target=self._settle, args=(full,), name="capture-compressor", daemon=True
        )
        self._compressing.start()

    def _settle(self, full: str) -> None:
        try:
            self._kept.append(full if full.endswith(".zst") else pack(full, self._given_up.is_set))
            while self._rotation.keep and len(self._kept) > self._rotation.keep:
                Path(self._kept.popleft()).unlink(missing_ok=True)
        except OSError as error:
            self._report(f"cannot compress {full}: {error.strerror or error}; it stays as it is")

    def _name(self, number: int) -> str:
        at = _SUFFIX.search(self._path)
        end = len(self._path) if at is None else at.start()
        return f"{self._path[:end]}.{number:04}{self._path[end:]}"

    def _refuse_old_parts(self) -> None:
        """Another capture's parts are neither overwritten nor mixed with these."""
        first = self._name(1)
        for path in (first, f"{first}.zst"):
            if os.path.lexists(path):
                raise CaptureExists(path)
