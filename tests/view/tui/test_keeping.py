from pathlib import Path

import pytest
import zstandard

from tests.cli.captures import written
from tests.view.browse.samples import CLOSE, MESSAGE, chat
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.capture.reader import read
from xmppspy.protocol.events import Mark


@played
async def test_frames_are_marked_and_no_longer(tmp_path: Path) -> None:
    """The marks are in the capture."""
    path = chat_at(tmp_path)
    async with viewing(path) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("m")
        view.index.go_on()
        await view.settle()
        marked = view.lines[MESSAGE + 1][:2], view.lines[0]
        await view.press("m")
        view.index.go_on()
        await view.settle()
        unmarked = view.lines[MESSAGE + 1][:2]
        view.viewer.show_row(CLOSE)
        await view.press("m")

        assert marked == (
            "★ ",
            " chat.xmpp.jsonl  16 lines · 1 connection · 1 error · 4 findings · 1 mark",
        )
        assert unmarked == "  "
        assert "only frames can be marked" in view.status
        marks = [event for event in read(path) if isinstance(event, Mark)]
        assert [(mark.n, mark.removed) for mark in marks] == [(9, None), (9, True)]


@played
async def test_note_is_written_about_a_frame(tmp_path: Path) -> None:
    """It is seen in the detail, and the frame is marked."""
    path = chat_at(tmp_path)
    async with viewing(path) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("enter", "semicolon")
        await view.type("the balcony scene")
        await view.press("enter")
        view.index.go_on()
        await view.settle()
        noted = view.text
        await view.press("semicolon", "enter")
        view.viewer.show_row(0)
        await view.press("semicolon")

        assert "mark       the balcony scene" in noted
        assert "only frames can have notes" in view.status
        assert [e.text for e in read(path) if isinstance(e, Mark)] == ["the balcony scene"]


@played
async def test_compressed_capture_is_not_marked(tmp_path: Path) -> None:
    """Why is said; nor is one that cannot be written."""
    path = tmp_path / "a.zst"
    path.write_bytes(zstandard.compress(written(chat())))
    async with viewing(path) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("m")

        assert "plain capture files only" in view.status


@played
async def test_gone_capture_is_not_marked(tmp_path: Path) -> None:
    """The error is shown, and nothing else happens."""
    path = chat_at(tmp_path)
    async with viewing(path) as view:
        view.viewer.show_row(MESSAGE)
        path.unlink()
        await view.press("m")

        assert "cannot be read" in view.status


@played
async def test_xml_is_copied(tmp_path: Path) -> None:
    """As it was sent; or the line of the capture."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("y")
        xml, said = view.viewer.clipboard, view.status
        await view.press("Y")
        line = view.viewer.clipboard
        view.viewer.show_row(0)
        await view.press("y")

        assert xml == chat().events[MESSAGE].data.decode()  # type: ignore[union-attr]
        assert "copied the XML of frame 9, 106 B" in said
        assert line.startswith('{"n":9,')
        assert view.viewer.clipboard.endswith('"transport":"tcp"}')


@played
async def test_what_is_shown_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a capture of its own; nothing is overwritten."""
    path = chat_at(tmp_path)
    monkeypatch.chdir(tmp_path)
    async with viewing(path) as view:
        await view.press("f")
        await view.type("iq")
        await view.press("enter", "w")
        await view.type("new")
        await view.press("enter")
        saved = view.status
        await view.press("w")
        await view.type("new")
        await view.press("enter")
        refused = view.status
        await view.press("w", "enter")

        assert "saved 4 lines in " in saved
        assert "exists already" in refused
        assert len(list(read("new"))) == 4
