"""What stream compression would have saved: measured, not guessed."""

import zlib
from typing import Final

from xmppspy.protocol.events import Direction

MAX_STREAMS: Final = 64
"""Streams that are compressed at a time, at a quarter of a megabyte each."""


class Compression:
    """Compresses what each direction of each connection sent, as XEP-0138 would.

    One continuous zlib stream a direction, flushed after each frame (Z_SYNC_FLUSH), or a peer would
    wait for its end. More than `MAX_STREAMS` at a time are not measured.
    """

    def __init__(self) -> None:
        self._streams: dict[tuple[int, Direction], zlib._Compress] = {}
        self.plain: dict[Direction, int] = {"c2s": 0, "s2c": 0}
        """Bytes that were measured."""
        self.compressed: dict[Direction, int] = {"c2s": 0, "s2c": 0}
        """Bytes that they would have been."""
        self.unmeasured = 0
        """Bytes of streams beyond the limit."""

    def add(self, conn: int, direction: Direction, data: bytes) -> None:
        """Take a frame."""
        stream = self._streams.get((conn, direction))
        if stream is None:
            if len(self._streams) >= MAX_STREAMS:
                self.unmeasured += len(data)
                return
            stream = self._streams[conn, direction] = zlib.compressobj()
        self.plain[direction] += len(data)
        self.compressed[direction] += len(stream.compress(data))
        self.compressed[direction] += len(stream.flush(zlib.Z_SYNC_FLUSH))

    def close(self, conn: int) -> None:
        """A connection is over; its streams make room for others."""
        self._streams.pop((conn, "c2s"), None)
        self._streams.pop((conn, "s2c"), None)
