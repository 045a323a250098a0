import fcntl
import os
from pathlib import Path

import pytest

from xmppspy.capture.locking import is_being_written, tell_writing


def test_writer_is_seen_until_it_closes(tmp_path: Path) -> None:
    """A file is being written as long as the one who said so has it open."""
    path = tmp_path / "a"
    writer = os.open(path, os.O_WRONLY | os.O_CREAT)
    with path.open() as file:
        before = is_being_written(file.fileno())
        tell_writing(writer)
        during = is_being_written(file.fileno())
        os.close(writer)

        assert (before, during, is_being_written(file.fileno())) == (False, True, False)


def test_asking_leaves_no_lock(tmp_path: Path) -> None:
    """Who has asked does not seem to write."""
    path = tmp_path / "a"
    path.touch()
    with path.open() as one, path.open() as other:
        is_being_written(one.fileno())

        assert not is_being_written(other.fileno())


def test_where_there_are_no_locks_nobody_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without locks makes no trouble."""

    def refuse(_file: int, _operation: int) -> None:
        raise OSError

    monkeypatch.setattr(fcntl, "flock", refuse)
    tell_writing(0)

    assert not is_being_written(0)
