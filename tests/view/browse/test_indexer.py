from pathlib import Path

import pytest

from tests.analysis.scenes import Scene
from tests.cli.captures import written
from tests.view.browse.samples import chat, indexed, indexed_scene
from xmppspy.capture.locking import tell_writing
from xmppspy.errors import NotACapture, UnsupportedVersion
from xmppspy.protocol.events import Event


def test_every_line_becomes_a_row(tmp_path: Path) -> None:
    """The header is none; comments are none."""
    path = tmp_path / "a"
    lines = written(chat()).splitlines(keepends=True)
    lines.insert(3, b"# a comment\n\n")
    path.write_bytes(b"".join(lines))
    with indexed(path) as found:
        assert found.browser.rows == found.explained == 15
        assert found.indexer.header is not None
        assert found.indexer.header.tool == "xmppspy 0.1.0"


def test_capture_without_header(tmp_path: Path) -> None:
    """Then the first line is a row like the others."""
    path = tmp_path / "a"
    path.write_bytes(b"".join(written(chat()).splitlines(keepends=True)[1:]))
    with indexed(path) as found:
        assert found.browser.rows == 15
        assert found.indexer.header is None


def test_capture_grows(tmp_path: Path) -> None:
    """What is appended is taken, whole lines only, and explained by what was before."""
    data = written(chat())
    path = tmp_path / "a"
    path.write_bytes(data[:1000])
    with path.open("ab") as file, indexed(path) as found:
        tell_writing(file.fileno())
        before = found.browser.rows
        file.write(data[1000:])
        file.flush()
        found.read()

        assert 0 < before < 15
        assert found.browser.rows == 15
        assert found.browser.records.get(8).partner == 8


@pytest.mark.parametrize(("cut", "rows", "torn"), [(0, 15, False), (1, 15, False), (9, 14, True)])
def test_last_line_may_lack_its_end(tmp_path: Path, cut: int, rows: int, torn: bool) -> None:
    """It is a row if it is whole without its line feed, and nobody is about to end it."""
    path = tmp_path / "a"
    data = written(chat())
    path.write_bytes(data[: len(data) - cut])
    with indexed(path) as found:
        assert (found.browser.rows, found.indexer.torn) == (rows, torn)


def test_line_that_was_taken_early_is_taken_once(tmp_path: Path) -> None:
    """Its line feed may come later, with more lines."""
    path = tmp_path / "a"
    path.write_bytes(written(chat())[:-1])
    with indexed(path) as found:
        found.add(b'\n{"event":"mark","text":"x"}\n')

        assert found.browser.rows == 16


def test_half_line_is_left_to_its_writer(tmp_path: Path) -> None:
    """While somebody writes, the end of a line is on its way."""
    path = tmp_path / "a"
    path.write_bytes(written(chat())[:-1])
    with path.open("ab") as file:
        tell_writing(file.fileno())
        with indexed(path) as found:
            assert (found.browser.rows, found.indexer.torn) == (14, False)


def test_watchers_see_all_events_in_order(tmp_path: Path) -> None:
    """Each once, after what is known of it was written down."""
    scene = chat()
    seen: list[Event] = []
    with indexed_scene(Scene(), tmp_path) as found:
        found.indexer.watchers.append(seen.append)
        found.add(written(scene).split(b"\n", 1)[1])

        assert seen == scene.events


def test_times_that_are_not_said_are_kept(tmp_path: Path) -> None:
    """A line without a time has that of the line before, wherever it is read."""
    path = tmp_path / "a"
    path.write_bytes(b'{"dir":"c2s","t":2.5,"xml":"<a/>"}\n{"dir":"s2c","xml":"<b t=\'1\'/>"}\n')
    with indexed(path) as found:
        events = [found.browser.event(row) for row in (1, 0)]

        assert [getattr(event, "t", None) for event in events] == [2.5, 2.5]
        assert [getattr(event, "n", None) for event in events] == [2, 1]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b'{"other":1}\n', NotACapture),
        (b'{"format":"xmppspy-capture","version":9}\n', UnsupportedVersion),
    ],
)
def test_other_files_are_refused(tmp_path: Path, line: bytes, error: type[Exception]) -> None:
    """By their first line."""
    path = tmp_path / "a"
    path.write_bytes(line)
    with pytest.raises(error), indexed(path):
        pass
