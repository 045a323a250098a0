"""The bytes of a pipe, or of a compressed file or pipe, taken as they come."""

import os
import select
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import zstandard

CHUNK: Final = 256 * 1024
"""Bytes that are taken at a time, about."""

ZSTD_START: Final = b"\x28"
"""The first byte of zstandard's magic number, with which no line of a capture begins."""

_PACKED_AT_A_TIME: Final = 256
"""Of compressed bytes; what they stand for may be many thousand times as much."""


class Unpacking:
    """Takes what there is to be had of a descriptor, and never waits for more.

    It is told by the first byte whether it is compressed.
    """

    def __init__(self, source: int) -> None:
        self._source = source
        self.is_pipe = not stat.S_ISREG(os.fstat(source).st_mode)
        self.read = 0
        """Bytes that were read, as they were."""
        self.ended = False
        """Whether the other end of a pipe was closed."""
        self._unpacker: zstandard.ZstdDecompressionObj | None = None
        self._packed = memoryview(b"")

    def take(self) -> bytes:
        """The next bytes, unpacked; empty when there are none for now.

        Raises OSError, also for broken compression.
        """
        while self._packed or self._fill():
            if self._unpacker is None:
                data, self._packed = bytes(self._packed), memoryview(b"")
            else:
                data = b"".join(self._unpack(self._unpacker))
            if data:
                return data
        return b""

    def _fill(self) -> bool:
        """Read more; returns whether there was anything."""
        if self.is_pipe and not select.select([self._source], [], [], 0)[0]:
            return False
        chunk = os.read(self._source, CHUNK)
        if not self.read and chunk[:1] == ZSTD_START:
            self._unpacker = _unpacker()
        self.read += len(chunk)
        self.ended = self.is_pipe and not chunk
        self._packed = memoryview(chunk)
        return bool(chunk)

    def _unpack(self, unpacker: "zstandard.ZstdDecompressionObj") -> Iterator[bytes]:
        from zstandard import ZstdError  # noqa: PLC0415 - most captures are not compressed

        size = 0
        while self._packed and size < CHUNK:
            piece, self._packed = _parted(self._packed, _PACKED_AT_A_TIME)
            try:
                data = unpacker.decompress(piece)
            except ZstdError as error:
                raise OSError(f"broken compression: {error}") from None
            size += len(data)
            yield data


def _parted(data: memoryview, at: int) -> tuple[memoryview, memoryview]:
    return data[:at], data[at:]


def _unpacker() -> "zstandard.ZstdDecompressionObj":
    from zstandard import ZstdDecompressor  # noqa: PLC0415 - most captures are not compressed

    return ZstdDecompressor().decompressobj(read_across_frames=True)
