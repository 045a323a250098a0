import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zstandard

from xmppspy.capture.unpacking import CHUNK, Unpacking


@contextmanager
def _file(data: bytes) -> Iterator[int]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file.fileno()


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def taken(unpacking: Unpacking) -> bytes:
    """All that is there."""
    return b"".join(iter(unpacking.take, b""))


def test_compressed_file_is_unpacked_in_bounded_pieces() -> None:
    """A small file that stands for a large one never becomes large at once."""
    data = bytes(80 * CHUNK)
    with _file(zstandard.compress(data) + zstandard.compress(b"end")) as source:
        unpacking = Unpacking(source)
        pieces = list(iter(unpacking.take, b""))

    assert b"".join(pieces) == data + b"end"
    assert max(map(len, pieces)) < len(data) / 2


def test_plain_pipe_is_passed_on_as_it_comes() -> None:
    """Nothing is waited for, and the end is known."""
    with _pipe() as (reading, writing):
        unpacking = Unpacking(reading)
        nothing = unpacking.take()
        os.write(writing, b'{"dir"')
        first = unpacking.take()
        is_open = not unpacking.ended
        os.close(writing)
        rest = taken(unpacking)

        assert (nothing, first, rest) == (b"", b'{"dir"', b"")
        assert is_open
        assert unpacking.ended


def test_compressed_pipe_is_unpacked_as_it_comes() -> None:
    """Half a frame waits for its other half."""
    packed = zstandard.compress(os.urandom(5000))
    with _pipe() as (reading, writing):
        unpacking = Unpacking(reading)
        os.write(writing, packed[:4000])
        first = taken(unpacking)
        os.write(writing, packed[4000:])
        os.close(writing)

        assert zstandard.decompress(packed) == first + taken(unpacking)


def test_broken_compression_is_an_operating_system_error() -> None:
    """Damage is told as what it is."""
    with _file(zstandard.compress(b"line\n") + b"garbage") as source:
        unpacking = Unpacking(source)

        with pytest.raises(OSError, match="broken compression"):
            taken(unpacking)
