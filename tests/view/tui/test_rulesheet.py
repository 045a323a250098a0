from pathlib import Path

from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.control import requests
from xmppspy.errors import RequestRefused


@played
async def test_rules_are_listed(tmp_path: Path) -> None:
    """Whether they are on, what for, what they do, and how often they did."""
    async with viewing(chat_at(tmp_path), proxy=Puppet()) as view:
        await view.press("R")
        lines = [line.split() for line in view.lines if line]

        assert lines[0] == ["rules", "faults.toml", "·", "1", "of", "2", "on"]
        assert lines[1] == ["●", "on", "slow", "2", "of", "3"]
        assert lines[2] == ["iq", "type:get", "→", "delay", "2", "s"]
        assert lines[3] == ["○", "off", "no", "receipts", "0", "of", "0"]
        assert lines[4] == ["everything", "→", "drop"]


@played
async def test_rules_are_switched_and_read_again(tmp_path: Path) -> None:
    """One by one, or all at once: off, while any is on."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("R", "enter")
        first = view.text
        await view.press("a", "a", "j", "j", "enter", "r", "R")

        assert "0 of 2 on" in first
        assert puppet.orders == [
            requests.Rules(do="off", rule="slow"),
            requests.Rules(do="on"),
            requests.Rules(do="off"),
            requests.Rules(do="on", rule="no receipts"),
            requests.Rules(do="reload"),
        ]
        assert len(view.viewer.screen_stack) == 1


@played
async def test_no_rules_are_said(tmp_path: Path) -> None:
    """With how to have some; there is nothing to be switched."""
    puppet = Puppet(has_rules=False)
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("R", "enter")

        assert "there are no rules; xmppspy proxy --rules FILE" in view.text
        assert puppet.orders == []


@played
async def test_refusal_is_said(tmp_path: Path) -> None:
    """A file with a mistake, for example."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("R")
        puppet.refusal = RequestRefused("faults.toml:3: no", "rules")
        await view.press("r")

        assert "faults.toml:3: no" in view.lines[-1]
