from pathlib import Path

from tests.view.browse.samples import ACK, MESSAGE
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.control import requests


@played
async def test_connections_are_shown(tmp_path: Path) -> None:
    """And one of them alone, if it is chosen."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("o")
        shown = view.text
        await view.press("enter")

        assert " connections" in shown
        assert " #1  closed    juliet@capulet.example/balcony" in shown
        assert view.viewer.sieve.text == "conn:1"
        assert view.viewer.focused is view.viewer.rows


@played
async def test_connections_can_be_left(tmp_path: Path) -> None:
    """Nothing has changed then."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("o", "j", "o")

        assert view.viewer.sieve.text == ""
        assert view.row == 0


@played
async def test_journey_is_shown(tmp_path: Path) -> None:
    """And a step gone to."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("t")
        shown = view.text
        await view.press("j", "enter")

        assert " message m1" in shown
        assert "#1 C→S sent" in shown
        assert "acknowledged by the server" in shown
        assert view.row == ACK


@played
async def test_what_is_no_message_has_no_journey(tmp_path: Path) -> None:
    """That is said."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("t")

        assert "only messages" in view.status


@played
async def test_command_is_run_by_its_name(tmp_path: Path) -> None:
    """Or a place gone to."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("colon")
        await view.type("next err")
        offered = view.text
        await view.press("enter")
        row = view.row
        await view.press("ctrl+p")
        await view.type("9")
        await view.press("enter")

        assert " next error " in offered
        assert (row, view.row) == (13, MESSAGE)


@played
async def test_help_shows_what_works_here(tmp_path: Path) -> None:
    """Everything else is grey."""
    async with viewing(chat_at(tmp_path), (80, 90)) as view:
        await view.press("question_mark")
        grey = view.viewer.inks.style("meta")
        styles = {}
        for strip in view.viewer.screen._compositor.render_strips():
            segments = list(strip)
            if len(segments) > 2:
                styles[segments[1].text.strip()] = segments[1].style
        text = view.text
        await view.press("escape")

        assert "Filtering and searching" in text
        assert "the linter finds a warning" in text
        assert styles["n"] == styles["v"] == grey
        assert styles["f"] == view.viewer.inks.style("key")
        assert len(view.viewer.screen_stack) == 1


@played
async def test_connection_is_ended_or_marked_from_its_lines(tmp_path: Path) -> None:
    """Where a proxy runs."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        for key in ("K", "M"):
            await view.press("o")
            hint = view.lines[-1]
            await view.press(key)
            await view.type("close")
            await view.press("enter")

        assert "K ends it · M marks it" in hint
        assert puppet.orders == [
            requests.Kill(conn=1, how="close"), requests.Mark(text="close", conn=1),
        ]  # fmt: skip
