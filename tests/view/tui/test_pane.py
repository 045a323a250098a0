from pathlib import Path

import pytest

from tests.analysis.scenes import Scene
from tests.cli.captures import written
from tests.view.browse.samples import MESSAGE
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.capture.format import encode
from xmppspy.protocol.events import Mark


@played
async def test_detail_follows_the_cursor(tmp_path: Path) -> None:
    """In the form that was chosen last."""
    async with viewing(chat_at(tmp_path)) as view:
        closed = view.text
        await view.press("enter")
        opened = view.text
        await view.press("j", "x")
        raw = view.text
        await view.press("x")
        numbers = view.text
        await view.press("j", "x")

        assert "▾" not in closed
        assert " open\n" in opened
        assert "as it was sent" in raw
        assert "<stream:stream xmlns='jabber:client'" in raw
        assert "000000  3c 73 74 72" in numbers
        assert "▾ XML" in view.text


@played
async def test_heavy_row_waits_until_the_cursor_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever moves on is not kept waiting."""
    path = tmp_path / "a"
    scene = Scene()
    scene.client("<presence/>")
    scene.client(f"<message id='big'><body>{'x' * 150_000}</body></message>")
    path.write_bytes(written(scene))
    async with viewing(path) as view:
        monkeypatch.setattr("xmppspy.view.tui.pane._REST", 3600.0)
        await view.press("enter", "j")
        before = "frame 2" in view.text
        monkeypatch.setattr("xmppspy.view.tui.pane._REST", 0.001)
        await view.press("k", "j")
        while "frame 2 · message" not in view.text:
            await view.pilot.pause(0.01)

        assert not before


@played
async def test_more_is_unfolded_on_a_key(tmp_path: Path) -> None:
    """And cut short again."""
    path = tmp_path / "a"
    scene = Scene()
    scene.client(f"<message><data xmlns='urn:x'>{'QUJD' * 100}</data></message>")
    path.write_bytes(written(scene))
    async with viewing(path, (80, 40)) as view:
        await view.press("enter")
        short = view.text
        await view.press("z")
        full = view.text
        await view.press("z")

        assert "…[400 B]" in short
        assert "in full" in full
        assert "…[400 B]" not in full
        assert "…[400 B]" in view.text


@played
async def test_what_becomes_known_is_shown(tmp_path: Path) -> None:
    """While one looks at it."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("enter")
        before = "mark " in view.text
        await view.add(encode(Mark(t=9, text="look here", n=MESSAGE)))

        assert not before
        assert "mark       look here" in view.text
        assert view.lines[1].startswith("   07:40")
        assert any(line.startswith("★") for line in view.lines)
