"""What stream compression would have saved: measured, not guessed."""

import zlib
from typing import Final

from xmppspy.protocol.events import Direction

MAX_MEASURED: Final = 1024 * 1024
"""Bytes of a stream that are compressed, its first ones: what comes later is much like them."""
MAX_STREAMS: Final = 64
"""Streams that are compressed at a time, at a quarter of a megabyte each."""


class _Stream:
    """What was compressed of one direction of one connection."""

    __slots__ = ("_zlib", "plain")

    def __init__(self) -> None:
        self.plain = 0
        self._zlib = zlib.compressobj()

    def add(self, data: bytes) -> int:
        """Bytes that a frame becomes."""
        return len(self._zlib.compress(data)) + len(self._zlib.flush(zlib.Z_SYNC_FLUSH))


class Compression:
    """Compresses what each direction of each connection sent, as XEP-0138 would.

    One continuous zlib stream a direction, flushed after each frame (Z_SYNC_FLUSH), or a peer would
    wait for its end. More than `MAX_STREAMS` at a time are not measured, nor what a stream says
    beyond `MAX_MEASURED`.
    """

    def __init__(self) -> None:
        self._streams: dict[tuple[int, Direction], _Stream] = {}
        self.plain: dict[Direction, int] = {"c2s": 0, "s2c": 0}
        """Bytes that were measured."""
        self.compressed: dict[Direction, int] = {"c2s": 0, "s2c": 0}
        """Bytes that they would have been."""
        self.unmeasured = 0
        """Bytes of streams beyond the limit of their number."""
        self.beyond = 0
        """Bytes behind what is measured of a stream."""

    def add(self, conn: int, direction: Direction, data: bytes) -> None:
        """Take a frame."""
        stream = self._streams.get((conn, direction))
        if stream is None:
            if len(self._streams) >= MAX_STREAMS:
                self.unmeasured += len(data)
                return
            stream = self._streams[conn, direction] = _Stream()
        if stream.plain >= MAX_MEASURED:
            self.beyond += len(data)
            return
        stream.plain += len(data)
        self.plain[direction] += len(data)
        self.compressed[direction] += stream.add(data)

    def close(self, conn: int) -> None:
        """A connection is over; its streams make room for others."""
        self._streams.pop((conn, "c2s"), None)
        self._streams.pop((conn, "s2c"), None)
