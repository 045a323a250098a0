import os
from pathlib import Path

import pytest
import zstandard

from xmppspy.capture.body import Body
from xmppspy.capture.growth import Growth, Standing
from xmppspy.capture.locking import tell_writing
from xmppspy.errors import CaptureError


def _written(path: Path, data: bytes = b"{}\n") -> Path:
    path.write_bytes(data)
    return path


def test_what_is_appended_is_taken(tmp_path: Path) -> None:
    """A file is taken to its end, and further when it grows."""
    path = _written(tmp_path / "a", b"one\n")
    with Body.open(str(path)) as body:
        growth = Growth(body)
        taken = [growth.take(), growth.take()]
        with path.open("ab") as file:
            file.write(b"two\n")
        taken += [growth.take(), growth.take()]

        assert taken == [b"one\n", b"", b"two\n", b""]
        assert growth.size == 8


def test_compressed_file_can_be_read_as_far_as_it_was_taken(tmp_path: Path) -> None:
    """Its body holds the bytes that it stands for, also those that come later."""
    path = _written(tmp_path / "a.zst", zstandard.compress(b"one\n"))
    with Body.open(str(path)) as body:
        growth = Growth(body)
        while growth.take():
            pass
        with path.open("ab") as file:
            file.write(zstandard.compress(b"two\n"))
        while growth.take():
            pass

        assert body.read(2, 6) == b"e\ntw"
        assert growth.size == 8
        assert growth.standing() is Standing.SAME


def test_broken_file_is_told(tmp_path: Path) -> None:
    """The error names the file and the reason."""
    path = _written(tmp_path / "a.zst", zstandard.compress(b"one\n") + b"garbage")
    with Body.open(str(path)) as body:
        growth = Growth(body)

        with pytest.raises(CaptureError, match=r"a\.zst: cannot be read: broken compression"):
            list(iter(growth.take, b""))


def test_writer_is_seen(tmp_path: Path) -> None:
    """Whether somebody writes the file, its lock tells."""
    path = _written(tmp_path / "a")
    with Body.open(str(path)) as body, path.open("ab") as file:
        growth = Growth(body)
        before = growth.is_written
        tell_writing(file.fileno())

        assert (before, growth.is_written) == (False, True)


def test_what_happens_to_the_file_is_seen(tmp_path: Path) -> None:
    """It may become shorter, give its name to another one, or lose it."""
    path = _written(tmp_path / "a", b"0123456789")
    with Body.open(str(path)) as body:
        growth = Growth(body)
        growth.take()
        standings = [growth.standing()]
        os.truncate(path, 5)
        standings.append(growth.standing())
        _written(path, b"0123456789")
        path.rename(tmp_path / "a.1")
        standings.append(growth.standing())
        _written(path)
        standings.append(growth.standing())

        assert standings == [
            Standing.SAME, Standing.TRUNCATED, Standing.REMOVED, Standing.REPLACED,
        ]  # fmt: skip
        assert body.read(0, 3) == b"012"


def test_pipe_is_unpacked_and_ends(tmp_path: Path) -> None:
    """A pipe with a name is followed until the other end is closed."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writing = os.open(path, os.O_RDWR)
    with Body.open(str(path)) as body:
        growth = Growth(body)
        os.write(writing, b"one\n")
        data, is_written = growth.take(), growth.is_written
        os.close(writing)
        rest = growth.take()

        assert (data, rest) == (b"one\n", b"")
        assert (is_written, growth.is_written) == (True, False)
        assert body.read(0, 4) == b"one\n"
        assert growth.standing() is Standing.SAME
