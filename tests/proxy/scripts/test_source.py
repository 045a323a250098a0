import os
from pathlib import Path

import pytest

from xmppspy.proxy.scripts.source import Source


def test_a_saved_file_is_read_once_it_is_settled(tmp_path: Path) -> None:
    """A change counts at the second look, when it has not gone on changing."""
    path = tmp_path / "play.py"
    path.write_text("one")
    source = Source(str(path))
    assert source.read() == b"one"
    assert source.read_if_saved() is None
    path.write_text("a longer one")

    assert source.read_if_saved() is None
    assert source.read_if_saved() == b"a longer one"
    assert source.read_if_saved() is None


def test_what_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    """Each change puts it off."""
    path = tmp_path / "play.py"
    path.write_text("")
    source = Source(str(path))
    source.read()
    for text in ("a", "ab", "abc"):
        path.write_text(text)
        assert source.read_if_saved() is None

    assert source.read_if_saved() == b"abc"


def test_editors_put_another_file_in_its_place(tmp_path: Path) -> None:
    """Of the same size and time, too; in between there may be none."""
    path, other = tmp_path / "play.py", tmp_path / "new"
    path.write_text("one")
    source = Source(str(path))
    source.read()
    time = path.stat().st_mtime_ns
    path.rename(tmp_path / "backup")
    assert source.read_if_saved() is None
    assert source.read_if_saved() is None
    other.write_text("two")
    os.utime(other, ns=(time, time))
    other.rename(path)

    assert source.read_if_saved() is None
    assert source.read_if_saved() == b"two"


def test_a_file_that_stays_away(tmp_path: Path) -> None:
    """Is told once, and read again when it is back."""
    path = tmp_path / "play.py"
    path.write_text("one")
    source = Source(str(path))
    source.read()
    path.unlink()
    early = [source.read_if_saved() for _ in range(4)]
    with pytest.raises(FileNotFoundError):
        source.read_if_saved()
    late = [source.read_if_saved() for _ in range(9)]
    path.write_text("two")

    assert {*early, *late} == {None}
    assert [source.read_if_saved() for _ in range(3)] == [None, b"two", None]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A file that is not there is an error; a folder in its place as well, once."""
    source = Source(str(tmp_path / "play.py"))
    with pytest.raises(FileNotFoundError):
        source.read()
    assert source.read_if_saved() is None
    (tmp_path / "play.py").mkdir()
    assert source.read_if_saved() is None
    with pytest.raises(IsADirectoryError):
        source.read_if_saved()

    assert source.read_if_saved() is None
