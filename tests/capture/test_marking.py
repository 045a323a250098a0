import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xmppspy.capture.format import Header, encode, encode_header
from xmppspy.capture.marking import add_mark
from xmppspy.capture.reader import read
from xmppspy.capture.sinks import FileSink
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import Mark, Note

CREATED = datetime.now(UTC) - timedelta(seconds=100)
HEADER = Header(created=CREATED, tool="test", secrets="kept")


def _finished(path: Path) -> Path:
    path.write_bytes(encode_header(HEADER) + encode(Note(t=5.0, text="said")))
    return path


def test_mark_of_a_finished_capture_has_its_last_time(tmp_path: Path) -> None:
    """Where nobody writes any more, a mark belongs to the end."""
    path = _finished(tmp_path / "a.xmpp.jsonl")
    mark = add_mark(str(path), "here it broke")

    assert mark == Mark(t=5.0, text="here it broke")
    assert list(read(path))[-1] == mark


def test_mark_of_a_growing_capture_is_now(tmp_path: Path) -> None:
    """While a writer has it open, a mark has the time of day, and what follows stands behind."""
    path = tmp_path / "a.xmpp.jsonl"
    created = datetime.now(UTC) - timedelta(seconds=100)
    sink = FileSink(path)
    sink.start(encode_header(HEADER._replace(created=created)), pytest.fail)
    sink.write([encode(Note(t=5.0, text="before"))], 5.0)
    sink.flush()
    mark = add_mark(str(path), "now")
    latest = (datetime.now(UTC) - created).total_seconds()
    sink.write([encode(Note(t=latest, text="after"))], latest)
    sink.close()
    texts = [event.text for event in read(path) if isinstance(event, Note | Mark)]

    assert 99 < mark.t <= latest
    assert texts == ["before", "now", "after"]


def test_mark_of_an_empty_scene(tmp_path: Path) -> None:
    """A capture that is a header alone can be marked."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_bytes(encode_header(HEADER))

    assert add_mark(str(path), "nothing yet").t == 0.0


def test_control_characters_are_escaped(tmp_path: Path) -> None:
    """A mark is as safe to print as every other line."""
    path = _finished(tmp_path / "a.xmpp.jsonl")
    add_mark(str(path), "\x1b[2J")
    line = path.read_bytes().splitlines()[-1]

    assert b"\x1b" not in line
    assert json.loads(line)["text"] == "\x1b[2J"


def test_what_cannot_be_marked(tmp_path: Path) -> None:
    """No capture, a missing one, a torn one: one line each, and the file stays as it is."""
    other, torn = tmp_path / "other", tmp_path / "torn"
    other.write_bytes(b"GIF89a")
    _finished(torn).write_bytes(torn.read_bytes()[:-3])
    before = torn.read_bytes()
    for path in (other, torn, tmp_path / "missing"):
        with pytest.raises(CaptureError):
            add_mark(str(path), "x")

    assert torn.read_bytes() == before


def test_frame_can_be_marked(tmp_path: Path) -> None:
    """And its marks taken back, by another line."""
    path = _finished(tmp_path / "a.xmpp.jsonl")
    add_mark(str(path), "odd", 7)
    add_mark(str(path), "not odd", 7, removed=True)

    assert list(read(path))[1:] == [
        Mark(t=5.0, text="odd", n=7), Mark(t=5.0, text="not odd", n=7, removed=True),
    ]  # fmt: skip
