from pathlib import Path

from xmppspy.capture.body import Body
from xmppspy.view.browse.cutting import lines_at


def test_lines_are_cut_at_their_beginnings(tmp_path: Path) -> None:
    """Comments behind a line, line feeds and a byte order mark are left out."""
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbf{1}\n# comment\n\n{2}\n{3}\n")
    with Body.open(str(path)) as body:
        assert list(lines_at(body, [0, 18, 22, 26])) == [b"{1}", b"{2}", b"{3}"]
        assert list(lines_at(body, [18, 22])) == [b"{2}"]
        assert list(lines_at(body, [18])) == []


def test_long_lines_are_read_one_by_one(tmp_path: Path) -> None:
    """Lines of any length come out whole."""
    lines = [b"{" + bytes([65 + at]) * 700_000 + b"}" for at in range(4)]
    path = tmp_path / "a"
    path.write_bytes(b"\n".join(lines) + b"\n")
    offsets = [at * 700_003 for at in range(5)]
    with Body.open(str(path)) as body:
        assert list(lines_at(body, offsets)) == lines


def test_lines_that_are_gone_are_empty(tmp_path: Path) -> None:
    """A file that was cut short gives nothing where lines were."""
    path = tmp_path / "a"
    path.write_bytes(b"{1}\n")
    with Body.open(str(path)) as body:
        assert list(lines_at(body, [0, 4, 8])) == [b"{1}", b""]
