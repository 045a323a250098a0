from pathlib import Path

import pytest
import zstandard

from tests.cli.captures import written
from tests.view.browse.samples import chat, indexed, indexed_scene
from xmppspy.capture.reader import read
from xmppspy.errors import CaptureExists, UsageError
from xmppspy.view.browse.saving import save


def test_saved_rows_are_a_capture(tmp_path: Path) -> None:
    """With the header, and with lines as they were."""
    scene, new = chat(), tmp_path / "b.xmpp.jsonl"
    with indexed_scene(scene, tmp_path) as found:
        count = save(found.body, found.browser.records, [0, 3, 14], str(new))
    lines = written(scene).splitlines(keepends=True)

    assert count == 3
    assert new.read_bytes() == b"".join((lines[0], lines[1], lines[4], lines[15]))
    assert [event.t for event in read(new)] == [0.1, 0.4, 1.5]
    assert new.stat().st_mode & 0o777 == 0o600


def test_many_rows_are_saved(tmp_path: Path) -> None:
    """In any number, compressed where the name says so."""
    path, new = tmp_path / "a", tmp_path / "b.zst"
    path.write_bytes(b'{"dir":"c2s","xml":"<a/>"}\n' * 2500)
    with indexed(path) as found:
        save(found.body, found.browser.records, range(2500), str(new))
    data = zstandard.ZstdDecompressor().stream_reader(new.read_bytes()).read()

    assert data == path.read_bytes()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Nor written where nothing can be written."""
    with indexed_scene(chat(), tmp_path) as found:
        with pytest.raises(CaptureExists):
            save(found.body, found.browser.records, [0], str(found.path))
        with pytest.raises(UsageError):
            save(found.body, found.browser.records, [0], str(tmp_path / "no" / "folder"))
