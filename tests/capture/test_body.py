import os
import stat
from pathlib import Path

import pytest
import zstandard

from tests.capture.open_files import descriptors
from tests.capture.samples import wait_for
from xmppspy.capture.body import Body, unnamed_file
from xmppspy.capture.growth import Growth
from xmppspy.capture.locking import tell_writing
from xmppspy.errors import CaptureError, NotACapture


def test_plain_file_is_read_in_place(tmp_path: Path) -> None:
    """Any part can be had, and what is not there is left out."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_bytes(b"0123456789")
    with Body.open(str(path)) as body:
        parts = [body.read(2, 5), body.read(8, 20), body.read(30, 40), body.read(5, 2)]

        assert parts == [b"234", b"89", b"", b""]
        assert not body.is_unpacked


def test_compressed_file_gets_a_copy(tmp_path: Path) -> None:
    """What is compressed is to be unpacked elsewhere, whatever its name is."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_bytes(zstandard.compress(b"line\n"))
    with Body.open(str(path)) as body:
        assert body.is_unpacked
        assert body.read(0, 10) == b""


def test_pattern_stands_for_all_files_that_match_it(tmp_path: Path) -> None:
    """Compressed ones are unpacked, and the one without a number comes last."""
    (tmp_path / "a.xmpp.jsonl").write_bytes(b"three\n")
    (tmp_path / "a.0001.xmpp.jsonl.zst").write_bytes(zstandard.compress(b"one\n"))
    (tmp_path / "a.0002.xmpp.jsonl").write_bytes(b"two\n")
    with Body.open(str(tmp_path / "a.*")) as body:
        growth = Growth(body)
        wait_for(lambda: not growth.take() and not growth.is_written)

        assert body.read(0, 100) == b"one\ntwo\nthree\n"


def test_pattern_that_nothing_matches(tmp_path: Path) -> None:
    """The error says so."""
    with pytest.raises(CaptureError, match="none that matches it"):
        Body.open(str(tmp_path / "b.*"))


def test_file_is_left_alone_when_it_is_read_after_closing(tmp_path: Path) -> None:
    """A body that was closed has no bytes."""
    path = tmp_path / "a"
    path.write_bytes(b"{}\n")
    body = Body.open(str(path))
    body.close()
    body.close()

    assert body.read(0, 3) == b""


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """The error names the file and the reason."""
    with pytest.raises(CaptureError, match=r"missing: cannot be read: No such file"):
        Body.open(str(tmp_path / "missing"))
    with pytest.raises(CaptureError, match=r"cannot be read: it is a folder"):
        Body.open(str(tmp_path))


def test_empty_file_is_no_capture_unless_it_is_being_written(tmp_path: Path) -> None:
    """The first line of a growing one may still be on its way."""
    path = tmp_path / "a"
    path.touch()
    before = descriptors()
    with pytest.raises(NotACapture, match="nothing was recorded"):
        Body.open(str(path))

    assert descriptors() == before
    with path.open("ab") as file:
        tell_writing(file.fileno())
        with Body.open(str(path)) as body:
            assert body.read(0, 1) == b""


def test_unnamed_file_is_nobody_elses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It stands in no folder, and only its owner may read it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    file = unnamed_file()
    status = os.fstat(file)
    os.close(file)

    assert list(tmp_path.iterdir()) == []
    assert stat.S_IMODE(status.st_mode) == 0o600
