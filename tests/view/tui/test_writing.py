from pathlib import Path

from tests.control.samples import held
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.control import requests
from xmppspy.view.tui.writing import Writing, shown


@played
async def test_text_is_checked_as_it_is_typed(tmp_path: Path) -> None:
    """The place that is wrong is told; once more, and it is sent all the same."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e")
        screen = view.viewer.screen
        assert isinstance(screen, Writing)
        good = screen.verdict
        await view.press("ctrl+end")
        await view.type("</x>")
        bad = screen.verdict
        await view.press("ctrl+s")
        asked = screen.verdict
        nothing = puppet.orders
        await view.press("ctrl+s")
        (order,) = puppet.orders

        assert good == "✓ well-formed, 89 B"
        assert bad.startswith("✗ line 3, column 11: </x> closes nothing")
        assert "Ctrl-S once more" in asked
        assert nothing == []
        assert isinstance(order, requests.Edit)
        assert order.force
        assert str(order.xml).endswith("</message></x>")


@played
async def test_another_letter_takes_insisting_back(tmp_path: Path) -> None:
    """For it may be another mistake."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e")
        await view.type("<")
        await view.press("ctrl+s", "x", "ctrl+s")

        assert puppet.orders == []


@played
async def test_nothing_is_not_sent(tmp_path: Path) -> None:
    """It would be dropping."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e", "ctrl+a", "ctrl+k")
        screen = view.viewer.screen
        assert isinstance(screen, Writing)
        screen.area.text = " "
        await view.press("ctrl+s", "ctrl+s")

        assert screen.verdict == "there is nothing to be sent"
        assert puppet.orders == []


def test_long_lines_are_wrapped() -> None:
    """So that nothing is cut off."""
    lines = shown(f"<a><b>{'word ' * 20}</b></a>", 40)

    assert max(sum(len(text) for _, text in line) for line in lines) <= 40
    assert sum("word" in text for line in lines for _, text in line) >= 3
