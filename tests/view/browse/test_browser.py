import random
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.captures import written
from tests.test_captures import CAPTURES
from tests.view.browse.samples import MESSAGE, ROSTER_RESULT, chat, indexed, indexed_scene
from xmppspy.analysis.explainer import Explainer, Explanation
from xmppspy.capture.reader import read
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import FrameRecord


def outlines(told: list[Explanation | None]) -> list[object]:
    """What is said about frames, and what of it comes from frames before."""
    return [
        each and (each.outline(), each.latency, each.doubt, each.identity, each.record)
        for each in told
    ]


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_rows_are_known_as_if_all_before_had_been_read(path: Path) -> None:
    """In any order, each row is explained as in one pass over the whole capture."""
    explainer = Explainer()
    expected = [explainer.see(event) for event in read(path)]
    order = list(range(len(expected)))
    random.Random(7).shuffle(order)  # noqa: S311 - any order will do
    with indexed(path) as found:
        told = {row: found.browser.told(row).explanation for row in order}

        assert outlines([told[row] for row in range(len(expected))]) == outlines(expected)


def test_rows_that_are_not_explained_yet_stand_for_themselves(tmp_path: Path) -> None:
    """Only what their lines say is told."""
    with indexed_scene(chat(), tmp_path) as found:
        found.browser.explained = 5
        told = found.browser.told(ROSTER_RESULT)

        assert told.explanation is not None
        assert told.explanation.latency is None
        assert told.record.flags == 0
        assert isinstance(told.event, FrameRecord)


def test_lines_come_as_they_are(tmp_path: Path) -> None:
    """Without the line feed."""
    with indexed_scene(chat(), tmp_path) as found:
        lines = written(chat()).splitlines()[1:]

        assert [found.browser.line(row) for row in range(15)] == lines


def test_broken_unknown_and_lost_lines(tmp_path: Path) -> None:
    """Each is told for what it is."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n{"dir":\n')
        told = [found.browser.told(row) for row in (15, 16)]
        found.path.write_bytes(b"")
        found.browser.forget()
        lost = found.browser.told(3).event

        assert told[0].event is None
        assert isinstance(told[1].event, CaptureError)
        assert told[1].line == b'{"dir":'
        assert isinstance(lost, CaptureError)
        assert "gone" in lost.reason


def test_huge_line_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as what cannot be read."""
    monkeypatch.setattr("xmppspy.view.browse.browser.MAX_LINE", 100)
    with indexed_scene(chat(), tmp_path) as found:
        assert isinstance(found.browser.told(MESSAGE).event, CaptureError)


def test_rows_are_found_by_their_bytes(tmp_path: Path) -> None:
    """Any byte of a line leads to its row."""
    with indexed_scene(chat(), tmp_path) as found:
        data = found.path.read_bytes()
        places = [data.index(b"Wherefore"), data.index(b'"close"'), 10_000]

        assert [found.browser.row_at(place) for place in places] == [MESSAGE, 14, 14]


def test_told_is_the_same_while_nothing_changes(tmp_path: Path) -> None:
    """So who shows it can tell whether there is anything new."""
    with indexed_scene(chat(), tmp_path) as found:
        before = found.browser.told(MESSAGE)
        found.browser.forget()

        assert found.browser.told(MESSAGE) == before
        assert found.browser.told(MESSAGE) != replace(before, row=1)
