import os
import stat
from pathlib import Path

import pytest
import zstandard

from xmppspy.capture.packing import move, pack

DATA = os.urandom(1 << 10) * (5 << 10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of five megabytes."""
    path = tmp_path / "x.0001.xmpp.jsonl"
    path.write_bytes(DATA)
    return path


def test_a_compressed_file_is_put_in_its_place(path: Path) -> None:
    """It holds the same, is private, and has the name with .zst."""
    packed = Path(pack(str(path)))

    assert list(path.parent.iterdir()) == [packed]
    assert packed.name == f"{path.name}.zst"
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    with packed.open("rb") as file:
        assert zstandard.ZstdDecompressor().stream_reader(file).read() == DATA


def test_given_up(path: Path) -> None:
    """Then the file stays as it is, and there is no other."""
    answers = iter([False, False, True])
    named = pack(str(path), lambda: next(answers))

    assert named == str(path)
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("suffix", [".zst", ".zst.part"])
def test_nothing_is_overwritten(path: Path, suffix: str) -> None:
    """What has the name already stays, and so does the file."""
    other = path.with_name(path.name + suffix)
    other.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        pack(str(path))

    assert path.read_bytes() == DATA
    assert other.read_bytes() == b"other"
    assert len(list(path.parent.iterdir())) == 2


def test_renamed_only_where_there_is_nothing(tmp_path: Path) -> None:
    """A file does not take another one's name."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    move(str(one), str(two))
    one.write_bytes(b"3")
    with pytest.raises(FileExistsError):
        move(str(one), str(two))

    assert (one.read_bytes(), two.read_bytes()) == (b"3", b"1")
