from pathlib import Path

from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.errors import ControlError
from xmppspy.view.tui.attaching import attach
from xmppspy.view.tui.control import Control


@played
async def test_view_without_a_proxy_does_without(tmp_path: Path) -> None:
    """Keys that are about one do nothing."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("i", "a", "s", "K")

        assert view.viewer.acting is None
        assert not view.viewer.is_asked
        assert len(view.viewer.screen_stack) == 1


@played
async def test_proxy_that_does_not_answer_is_told(tmp_path: Path) -> None:
    """The capture is shown all the same."""

    async def nobody() -> Control | None:
        raise ControlError("no xmppspy proxy answers there")

    async with viewing(chat_at(tmp_path)) as view:
        await attach(view.viewer, nobody)

        assert "no xmppspy proxy answers there" in view.status
        assert view.row == 0


@played
async def test_proxy_is_left_at_the_end(tmp_path: Path) -> None:
    """So that it need not tell anything any more."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        assert view.viewer.acting is not None
    assert puppet.closed
