from dataclasses import replace
from pathlib import Path

import pytest

from tests.analysis.scenes import Scene
from tests.view.browse.samples import (
    ACK,
    BOUNCE,
    CLOSE,
    MESSAGE,
    REQUEST,
    ROSTER_GET,
    ROSTER_RESULT,
    SPACE,
    Indexed,
    chat,
    indexed_scene,
)
from xmppspy.capture.format import encode
from xmppspy.protocol.events import Event, FateDecided, Fault, Mark, Note
from xmppspy.view.browse.facts import Facts
from xmppspy.view.browse.records import Flag


def flags(found: Indexed, row: int) -> int:
    """What is to be seen of a row; what the linter adds is left out."""
    return found.browser.records.get(row).flags & ~(Flag.BAD | Flag.DOUBTFUL | Flag.REMARKED)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (0, Flag.EVENT),
        (1, 0),
        (MESSAGE, 0),
        (REQUEST, Flag.QUIET),
        (ACK, Flag.QUIET),
        (SPACE, Flag.QUIET),
        (BOUNCE, Flag.ERROR),
        (CLOSE, Flag.EVENT),
    ],
)
def test_kinds_of_lines_are_told_apart(tmp_path: Path, row: int, expected: int) -> None:
    """What is quiet, what is an error, what is no frame."""
    with indexed_scene(chat(), tmp_path) as found:
        assert flags(found, row) == expected


def test_requests_and_answers_know_each_other(tmp_path: Path) -> None:
    """The answer has its latency; acknowledged is what an `h` counts."""
    with indexed_scene(chat(), tmp_path) as found:
        records = found.browser.records
        request, answer = records.get(ROSTER_GET), records.get(ROSTER_RESULT)

        assert (request.partner - 1, answer.partner - 1) == (ROSTER_RESULT, ROSTER_GET)
        assert answer.latency == 0.1
        assert records.get(MESSAGE).acked - 1 == ACK
        assert records.get(ROSTER_GET).acked - 1 == ACK


def test_odd_answers_are_told(tmp_path: Path) -> None:
    """A second answer points at the request, which keeps its own answer."""
    scene = Scene()
    scene.logs_in()
    scene.client("<iq type='get' id='a'><query xmlns='jabber:iq:roster'/></iq>")
    scene.server("<iq type='result' id='a'/>")
    scene.server("<iq type='result' id='a'/>")
    scene.server("<iq type='result' id='never'/>")
    with indexed_scene(scene, tmp_path) as found:
        records = found.browser.records

        assert records.get(5).partner - 1 == 6
        assert records.get(7).partner - 1 == 5
        assert flags(found, 7) == flags(found, 8) == Flag.ODD
        assert records.get(8).partner == 0


def test_later_events_are_kept_at_their_frames(tmp_path: Path) -> None:
    """Fates, errors, notes and marks are seen where the frame is, and it is said which changed."""
    later: tuple[Event, ...] = (
        FateDecided(t=9, conn=1, n=9, action="replace", sent=b"<a/>", held=1.0),
        Fault(t=9, conn=1, error="x", n=9),
        Note(t=9, text="y", n=9),
        Mark(t=9, text="z", n=9),
    )
    with indexed_scene(chat(), tmp_path) as found:
        found.indexer.facts.touched.clear()
        found.add(b"".join(map(encode, later)))
        told = found.browser.told(MESSAGE)

        assert told.remarks == later
        assert flags(found, MESSAGE) == Flag.CHANGED | Flag.HELD | Flag.ERROR | Flag.MARKED
        assert MESSAGE in found.indexer.facts.touched
        assert flags(found, 18) == Flag.EVENT | Flag.ATTACHED


def test_frame_that_waits_is_seen_at_once(tmp_path: Path) -> None:
    """Before anything becomes of it."""
    with indexed_scene(chat(), tmp_path) as found:
        scene = Scene()
        waiting = scene.client("<message/>", waits=True)
        found.add(encode(replace(waiting, n=99)))

        assert flags(found, found.browser.rows - 1) == Flag.HELD


def test_marks_can_be_taken_back(tmp_path: Path) -> None:
    """And set again; they are counted as they are now."""
    mark, gone = Mark(t=9, text="a", n=9), Mark(t=9, text="b", n=9, removed=True)
    with indexed_scene(chat(), tmp_path) as found:
        counts = []
        for event in (mark, mark, gone, gone, mark):
            found.add(encode(event))
            counts.append((found.indexer.facts.marks, bool(flags(found, MESSAGE) & Flag.MARKED)))

        assert counts == [(1, True), (1, True), (0, False), (0, False), (1, True)]
        assert found.browser.told(MESSAGE).remarks == (mark,)


def test_mark_of_a_moment_stands_for_itself(tmp_path: Path) -> None:
    """So does one of a frame that is not there."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(encode(Mark(t=9, text="now")) + encode(Mark(t=9, text="?", n=99)))

        assert flags(found, CLOSE + 1) == flags(found, CLOSE + 2) == Flag.EVENT | Flag.MARKED
        assert found.indexer.facts.marks == 2


def test_errors_are_counted(tmp_path: Path) -> None:
    """Those that the filter language calls so."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(encode(Fault(t=9, error="x")) + b'{"dir":\n')

        assert found.indexer.facts.errors == 2
        assert flags(found, CLOSE + 2) == Flag.EVENT | Flag.BROKEN | Flag.ERROR


def test_settings_change_only_when_something_is_learnt(tmp_path: Path) -> None:
    """Rows between two changes share what is known."""
    with indexed_scene(chat(), tmp_path) as found:
        settings = [found.browser.records.get(row).setting for row in range(15)]

        assert settings[0] == 0
        assert settings[4] != settings[3]
        assert len(set(settings[4:])) == 1


def test_nothing_is_known_of_lines_without_events(tmp_path: Path) -> None:
    """A line of a kind that is not known is passed over."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n')
        record = found.browser.records.get(CLOSE + 1)

        assert (record.flags, record.conn, record.n) == (Flag.EVENT, 0, 13)
        assert isinstance(found.indexer.facts, Facts)
