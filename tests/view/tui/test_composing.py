from pathlib import Path

import pytest

from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import Viewing, chat_at, played, viewing
from xmppspy.control import requests
from xmppspy.errors import RequestRefused
from xmppspy.intervene.templates import TEMPLATES
from xmppspy.view.tui.composing import WAIT, Composing
from xmppspy.view.tui.memory import Forgetful


def composing(view: Viewing) -> Composing:
    """The screen."""
    screen = view.viewer.screen
    assert isinstance(screen, Composing)
    return screen


def sent(puppet: Puppet) -> requests.Inject:
    """What was put into a stream last."""
    order = puppet.orders[-1]
    assert isinstance(order, requests.Inject)
    return order


@played
async def test_message_is_composed(tmp_path: Path) -> None:
    """On the connection at the cursor, to the server; the cursor is where something is missing."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("s")
        title = view.lines[0]
        await view.type("romeo@montague.example")
        await view.press("ctrl+s")

        assert title.split() == [
            "to", "the", "server", "#1", "C→S", "juliet@capulet.example/balcony", "message",
        ]  # fmt: skip
        assert sent(puppet).to == "server"
        assert sent(puppet).wait == 0
        assert str(sent(puppet).xml).startswith('<message to="romeo@montague.example" type="chat"')
        assert "\n" not in str(sent(puppet).xml)
        assert composing(view).verdict == "✓ sent, id x1"


@played
async def test_answer_is_waited_for_and_shown(tmp_path: Path) -> None:
    """It is kept from the other side, which never asked; below the text where there is no room."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("s")
        while "ping" not in view.lines[0]:
            await view.press("ctrl+t")
        await view.press("ctrl+s")

        assert sent(puppet).wait == WAIT
        assert sent(puppet).private
        assert 'to="capulet.example"' in str(sent(puppet).xml)
        assert composing(view).verdict.startswith("✓ result for x1 after 2 ms")
        assert "<iq type='result' id='x1'" in view.text
        assert '<ping xmlns="urn:xmpp:ping"/>' in composing(view).area.text


@played
async def test_all_templates_come_round(tmp_path: Path) -> None:
    """Forward and back; the last one is a blank page."""
    async with viewing(chat_at(tmp_path), proxy=Puppet()) as view:
        await view.press("s")
        names = []
        for _ in range(len(TEMPLATES) + 1):
            names.append(view.lines[0].split()[-1])
            await view.press("ctrl+t")
        round_ = view.lines[0].split()[-1]
        await view.press("ctrl+b")

        assert names == [*TEMPLATES, "raw"]
        assert {"message", "presence", "iq-get", "iq-set", "disco", "ping"} < set(names)
        assert round_ == "message"
        assert composing(view).area.text == ""


@played
async def test_way_and_connection_are_changed(tmp_path: Path) -> None:
    """To a client, its server speaks; what was typed stays."""
    async with viewing(chat_at(tmp_path), proxy=Puppet()) as view:
        await view.press("s", "ctrl+g")
        turned, text = view.lines[0], composing(view).area.text
        await view.press("x", "ctrl+n")
        second = view.lines[0]
        typed = composing(view).area.text
        await view.press("ctrl+n")

        assert "to the client  #1 S→C" in turned
        assert 'to="juliet@capulet.example/balcony"' in text
        assert 'from="capulet.example"' in text
        assert "#2 S→C 127.0.0.1:40002" in second
        assert "x" in typed
        assert "#1 S→C" in view.lines[0]


@played
async def test_history_is_gone_through(tmp_path: Path) -> None:
    """What was not sent yet comes behind the latest; it is kept from one day to the next."""
    memory = Forgetful()
    memory.remember("sent", "<presence/>")
    async with viewing(chat_at(tmp_path), proxy=Puppet(), memory=memory) as view:
        await view.press("s", "ctrl+up")
        area = composing(view).area
        first = area.text
        await view.press("ctrl+up", "ctrl+s", "ctrl+down")
        latest = area.text
        await view.press("ctrl+up", "x", "ctrl+s", "ctrl+up")

        assert first == "<presence/>"
        assert latest == "<presence/>"
        assert memory.recent("sent")[0] == "<presence/>"


@played
async def test_draft_is_kept(tmp_path: Path) -> None:
    """From one time to the next, with the answers."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("s", "x", "ctrl+g", "ctrl+s", "ctrl+s", "escape", "s")

        assert "x" in composing(view).area.text
        assert "to the client" in view.lines[0]
        assert "sent on #1 S→C" in view.text


@pytest.mark.parametrize("is_forced", [False, True])
@played
async def test_refusal_is_said(tmp_path: Path, is_forced: bool) -> None:
    """And the text stays."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("s")
        if is_forced:
            await view.type("<")
            await view.press("ctrl+s")
        puppet.refusal = RequestRefused("there is no stream", "no-stream")
        await view.press("ctrl+s")

        assert composing(view).verdict == "✗ there is no stream"
        assert sent(puppet).force == is_forced
        assert composing(view).area.text
