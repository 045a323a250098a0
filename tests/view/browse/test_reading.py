from pathlib import Path

import pytest

from tests.view.browse.samples import chat, indexed_scene
from xmppspy.capture.format import FrameLine
from xmppspy.errors import CaptureError, NotACapture
from xmppspy.protocol.events import ConnectionClosed, ConnectionOpened, FrameRecord
from xmppspy.view.browse.reading import Reading

HEADER = b'{"format":"xmppspy-capture","version":1}'


def test_rows_come_in_steps(tmp_path: Path) -> None:
    """Each once, in order, with its line and its event."""
    scene = chat()
    with indexed_scene(scene, tmp_path) as found:
        reading = Reading(found.body, found.writer)
        first = list(reading.step(4))
        rest = list(reading.step(1000))

        assert [row for row, _, _ in first + rest] == list(range(len(scene.events)))
        assert [event for _, _, event in first + rest] == scene.events
        assert all(line.startswith(b"{") for _, line, _ in first)
        assert reading.row == len(scene.events)
        assert reading.n == 13


def test_keys_are_enough_for_some(tmp_path: Path) -> None:
    """Frames come as their keys, other lines as events."""
    with indexed_scene(chat(), tmp_path) as found:
        keys = [each for _, each in Reading(found.body, found.writer).keys(1000)]

        assert [type(each) for each in keys] == [
            ConnectionOpened,
            *[FrameLine] * 13,
            ConnectionClosed,
        ]
        assert isinstance(keys[9], FrameLine)
        assert keys[9].id == "m1"


def test_broken_and_unknown_lines_are_told(tmp_path: Path) -> None:
    """They are rows as well, with an error, or with nothing."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n{"dir":\n')
        rows = list(Reading(found.body, found.writer, 14).step(99))
        keys = [each for _, each in Reading(found.body, found.writer, 15).keys(99)]

        assert [row for row, _, _ in rows] == [14, 15, 16]
        assert rows[1][2] is None
        assert isinstance(rows[2][2], CaptureError)
        assert keys == [None, None]


def test_first_line_may_be_a_header_or_not(tmp_path: Path) -> None:
    """It says whether it is; what is no capture is refused."""
    with indexed_scene(chat(), tmp_path) as found:
        header = Reading(found.body, found.writer).begin(HEADER)
        nothing = Reading(found.body, found.writer).begin(b'{"dir":"c2s","xml":"<a/>"}')

        assert header is not None
        assert nothing is None
        with pytest.raises(NotACapture):
            Reading(found.body, found.writer).begin(b'{"other":1}')


def test_streams_that_began_before_can_be_introduced(tmp_path: Path) -> None:
    """Then frames in the middle are read as what they are."""
    with indexed_scene(chat(), tmp_path) as found:
        reading = Reading(found.body, found.writer, 9)
        header = (
            b"<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        reading.introduce(1, {"c2s": header})
        (_, _, event) = next(reading.step(10))

        assert isinstance(event, FrameRecord)
        assert event.context.content == "jabber:server"
