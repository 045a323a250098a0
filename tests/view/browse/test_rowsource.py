from pathlib import Path

from tests.view.browse.samples import MESSAGE, chat, indexed_scene
from xmppspy.capture.format import encode
from xmppspy.protocol.events import Mark
from xmppspy.view.browse.drawing import draw
from xmppspy.view.browse.messages import Drawn, Progress
from xmppspy.view.browse.records import Flag
from xmppspy.view.browse.row import Row
from xmppspy.view.browse.rowsource import RowSource


def test_rows_are_drawn_when_they_are_asked_for(tmp_path: Path) -> None:
    """As soon as what draws them is loaded, each row can be had."""
    with indexed_scene(chat(), tmp_path) as found:
        source = RowSource(found.body, found.records, found.heap)
        source.go_on(Progress(rows=15, explained=15))
        before = source.row(MESSAGE)
        source.load()

        assert before is None
        assert source.row(MESSAGE) == draw(found.browser.told(MESSAGE))


def test_first_rows_are_drawn_by_others(tmp_path: Path) -> None:
    """So they are there before anything is loaded."""
    with indexed_scene(chat(), tmp_path) as found:
        row = draw(found.browser.told(MESSAGE))
        source = RowSource(found.body, found.records, found.heap)
        source.take(Drawn(MESSAGE, (row,)))

        assert source.row(MESSAGE) == row
        assert source.row(MESSAGE + 1) is None


def test_rows_are_drawn_again_when_more_is_known(tmp_path: Path) -> None:
    """Those that are explained now, and those that were touched."""
    with indexed_scene(chat(), tmp_path) as found:
        source = RowSource(found.body, found.records, found.heap)
        source.load()
        source.go_on(Progress(rows=15, explained=0))
        unexplained = source.row(8)
        source.go_on(Progress(rows=15, explained=15))
        explained = source.row(8)
        found.add(encode(Mark(t=9, text="x", n=8)))
        stale = source.row(8)
        source.go_on(Progress(rows=16, explained=16, touched=(8,)))
        marked = source.row(8)
        rows = (unexplained, explained, stale, marked)

        assert [isinstance(row, Row) and row.latency for row in rows] == [
            "",
            "100 ms",
            "100 ms",
            "100 ms",
        ]
        assert [isinstance(row, Row) and row.flags & Flag.MARKED for row in rows] == [0, 0, 0, 128]


def test_memory_is_bounded(tmp_path: Path, monkeypatch: object) -> None:
    """Of many rows only some are kept."""
    with indexed_scene(chat(), tmp_path) as found:
        source = RowSource(found.body, found.records, found.heap)
        source.load()
        source.go_on(Progress(rows=15, explained=15))
        source._rows.update({row: source.row(0) for row in range(100, 3000)})  # type: ignore[misc]
        source.row(5)

        assert len(source._rows) == 1
