import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analysis.scenes import Scene
from tests.capture.samples import HEADER, wait_for
from xmppspy.capture import rotation
from xmppspy.capture.format import encode, encode_header
from xmppspy.capture.reader import Reader, read
from xmppspy.capture.rotation import RotatingSink, Rotation
from xmppspy.capture.source import Source
from xmppspy.capture.writer import Writer
from xmppspy.errors import CaptureExists, UsageError
from xmppspy.protocol.events import ConnectionOpened, Event, FrameRecord, Note


@pytest.mark.parametrize(
    ("limits", "size", "seconds"),
    [
        (["100M"], 100e6, float("inf")),
        (["2KB", "1GB"], 2e3, float("inf")),
        (["90s"], float("inf"), 90),
        (["1d", "30m", "2h", "5G"], 5e9, 1800),
    ],
)
def test_limits(limits: list[str], size: float, seconds: float) -> None:
    """A size and a time; of several the smallest."""
    assert Rotation.parse(limits, 3) == Rotation(size, seconds, 3)


@pytest.mark.parametrize("limit", ["", "100", "0M", "1w", "-1h", "1.5G", "100m5", "M"])
def test_what_is_no_limit(limit: str) -> None:
    """The error says how one is written."""
    with pytest.raises(UsageError, match="100M or 1h"):
        Rotation.parse([limit], 0)


def test_without_limits() -> None:
    """There is one file, and nothing to keep."""
    assert Rotation.parse([], 0) is None
    with pytest.raises(UsageError, match="--rotate"):
        Rotation.parse([], 3)


def _scene() -> Scene:
    """A connection that is there all the time, and one that is closed soon."""
    scene = Scene()
    scene.begins()
    scene.begins(2)
    scene.client("<presence/>", 2)
    scene.closes(2)
    for number in range(40):
        scene.client(f"<message id='m{number}'><body>{'x' * 60}</body></message>")
    return scene


def _written(path: Path, events: list[Event], rotation: Rotation) -> list[str]:
    """Events written in parts, one after the other; what was reported."""
    told: list[str] = []
    sink = RotatingSink(path, rotation)
    sink.start(encode_header(HEADER), told.append)
    for event in events:
        sink.write([encode(event)], event.t)
        sink.flush()
    sink.close()
    return told


def _frames(source: Source) -> list[tuple[int, bool]]:
    return [(e.n, e.repeated) for e in read(source) if isinstance(e, FrameRecord)]


def test_each_part_is_a_capture_by_itself(tmp_path: Path) -> None:
    """It has a header, its connections are open, and what it holds reads as in the whole."""
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()
    assert _written(path, scene.events, Rotation(size=1500)) == []
    parts = [*sorted(tmp_path.glob("x.0*.zst")), path]
    assert len(parts) > 3
    assert [part.name for part in parts[:2]] == ["x.0001.xmpp.jsonl.zst", "x.0002.xmpp.jsonl.zst"]
    whole = {event.n: event for event in scene.events if isinstance(event, FrameRecord)}
    seen: list[int] = []
    for number, part in enumerate(parts, 1):
        with Reader(part) as reader:
            assert reader.header is not None
            assert (reader.header.created, reader.header.part) == (HEADER.created, number)
            events = list(reader)
        assert any(isinstance(event, ConnectionOpened) for event in events)
        frames = [event for event in events if isinstance(event, FrameRecord)]
        assert [frame.data for frame in frames] == [whole[frame.n].data for frame in frames]
        assert all(frame.context.content == "jabber:client" for frame in frames)
        assert [frame.t for frame in frames] == sorted(frame.t for frame in frames)
        seen += [frame.n for frame in frames if not frame.repeated]
        repeated = {frame.n for frame in frames if frame.repeated}
        assert repeated == (set() if number == 1 else {1, 2})

    assert seen == list(whole)


def test_parts_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Joined they are the whole: nothing is told twice."""
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()
    _written(path, scene.events, Rotation(size=1500))
    joined = tmp_path / "joined.jsonl"
    parts = [*sorted(tmp_path.glob("x.0*.zst")), path]
    lines = [line for part in parts for _, line in Reader(part).lines()]
    joined.write_bytes(b"".join(lines))
    told = [encode(event) for event in read(joined)]

    draft = tmp_path / "x.0007.xmpp.jsonl.zst.part"
    draft.write_bytes(b"(")
    (tmp_path / "x.0001.xmpp.jsonl").write_bytes(b"is being compressed")

    assert told == [encode(event) for event in scene.events]
    assert [encode(event) for event in read(str(tmp_path / "x.*"))] == told


def test_a_part_that_is_missing_is_told(tmp_path: Path) -> None:
    """And what still stands of it is taken from the next one."""
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()
    _written(path, scene.events, Rotation(size=1500))
    (tmp_path / "x.0002.xmpp.jsonl.zst").unlink()
    (tmp_path / "x.0001.xmpp.jsonl.zst").unlink()
    (tmp_path / "x.0004.xmpp.jsonl.zst").unlink()
    events = list(read(str(tmp_path / "x.*")))
    notes = [event.text for event in events if isinstance(event, Note)]
    headers = [e for e in events if isinstance(e, FrameRecord) and e.kind == "stream"]

    assert notes == ["part 4 of the capture is missing here"]
    assert [(header.n, header.repeated) for header in headers] == [(1, True), (2, True)]


def test_other_captures_are_not_joined(tmp_path: Path) -> None:
    """Parts of another capture, or in another order, are none."""
    one, scene = tmp_path / "x.xmpp.jsonl", _scene()
    _written(one, scene.events, Rotation(size=1500))
    first, second = sorted(tmp_path.glob("x.0*.zst"))[:2]
    wrong = tmp_path / "wrong.zst"
    wrong.write_bytes(second.read_bytes() + first.read_bytes())

    with pytest.raises(UsageError, match="a second header"):
        list(read(wrong))


def test_the_oldest_parts_go(tmp_path: Path) -> None:
    """No more full ones are kept than were asked for; others' files are left alone."""
    other = tmp_path / "x.0099.xmpp.jsonl"
    other.touch()
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()
    _written(path, scene.events, Rotation(size=700, keep=2))
    names = sorted(each.name for each in tmp_path.iterdir())

    assert len(names) == 4
    assert names[2:] == ["x.0099.xmpp.jsonl", "x.xmpp.jsonl"]


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    """Full ones, compressed ones, and the one that is being written."""
    previous = os.umask(0)
    try:
        _written(tmp_path / "x.xmpp.jsonl", _scene().events, Rotation(size=1500))
    finally:
        os.umask(previous)

    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}


def test_a_compressed_capture_has_compressed_parts(tmp_path: Path) -> None:
    """They are named and readable likewise."""
    path, scene = tmp_path / "x.xmpp.jsonl.zst", _scene()
    _written(path, scene.events, Rotation(size=1500))
    names = sorted(each.name for each in tmp_path.iterdir())

    assert names[0] == "x.0001.xmpp.jsonl.zst"
    assert [encode(e) for e in read(str(tmp_path / "x.*"))] == [encode(e) for e in scene.events]


def test_old_parts_are_in_the_way(tmp_path: Path) -> None:
    """Those of another capture are neither overwritten nor mixed with new ones."""
    (tmp_path / "x.0001.xmpp.jsonl.zst").touch()

    with pytest.raises(CaptureExists, match=r"x\.0001"):
        RotatingSink(tmp_path / "x.xmpp.jsonl", Rotation(size=10))


def test_a_part_that_cannot_begin(tmp_path: Path) -> None:
    """That is said, the one before grows on, and nothing is lost."""
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()

    def obstruct(number: int) -> None:
        if number == 1:
            (tmp_path / "x.0001.xmpp.jsonl").mkdir()

    told = _obstructed(path, scene.events, obstruct)

    assert "cannot begin another part" in told[0]
    assert [n for n, _ in _frames(path)] == [
        e.n for e in scene.events if isinstance(e, FrameRecord)
    ]


def _obstructed(path: Path, events: list[Event], obstruct: Callable[[int], None]) -> list[str]:
    told: list[str] = []
    sink = RotatingSink(path, Rotation(size=1500))
    sink.start(encode_header(HEADER), told.append)
    for number, event in enumerate(events):
        obstruct(number)
        sink.write([encode(event)], event.t)
        sink.flush()
    sink.close()
    return told


def test_a_part_that_was_deleted_is_followed_by_another(tmp_path: Path) -> None:
    """What comes is recorded again with the next part."""
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()
    _obstructed(path, scene.events, lambda number: path.unlink() if number == 3 else None)

    assert _frames(path)[-1][0] == 45


def test_time_makes_a_part_full_too(tmp_path: Path) -> None:
    """Also when nothing is said any more."""
    path, scene = tmp_path / "x.xmpp.jsonl", _scene()
    full = tmp_path / "x.0001.xmpp.jsonl.zst"
    with Writer(HEADER, [RotatingSink(path, Rotation(seconds=0.1))], pytest.fail) as writer:
        for event in scene.events:
            writer.write(event)
        wait_for(full.exists)

    assert [encode(e) for e in read(str(tmp_path / "x.*"))] == [encode(e) for e in scene.events]


def test_the_end_does_not_wait_for_what_is_compressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last full part stays as it is then, and reads all the same."""
    ended = threading.Event()

    def slow(path: str, is_given_up: Callable[[], bool]) -> str:
        wait_for(is_given_up)
        ended.set()
        return path

    monkeypatch.setattr(rotation, "pack", slow)
    monkeypatch.setattr(rotation, "_CLOSING", 0.0)
    scene = _scene()
    told = _written(tmp_path / "x.xmpp.jsonl", scene.events, Rotation(size=5000))

    assert (told, ended.is_set()) == ([], True)
    assert (tmp_path / "x.0001.xmpp.jsonl").exists()
    assert [encode(e) for e in read(str(tmp_path / "x.*"))] == [encode(e) for e in scene.events]
