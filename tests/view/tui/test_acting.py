from pathlib import Path

import pytest

from tests.control.samples import HIST, held
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.control import requests
from xmppspy.view.tui.composing import Composing
from xmppspy.view.tui.editing import Editing
from xmppspy.view.tui.rulesheet import RuleSheet


@played
async def test_breakpoint_is_set_and_switched(tmp_path: Path) -> None:
    """By a filter that is completed as it is typed; the title says what is held."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("i")
        await view.type("mess")
        await view.press("tab", "enter")
        title, said = view.lines[0], view.status
        await view.press("I")
        off = view.status
        await view.press("I", "i", *["backspace"] * 8, "enter")

        assert "holding message" in title
        assert "holding message" in said
        assert "nothing is held from now on" in off
        assert puppet.orders == [
            requests.Hold(filter="message", on=True),
            requests.Hold(on=False),
            requests.Hold(on=True),
            requests.Hold(on=False),
        ]


@played
async def test_without_a_filter_the_switch_asks_for_one(tmp_path: Path) -> None:
    """For there is nothing to be switched on."""
    async with viewing(chat_at(tmp_path), proxy=Puppet()) as view:
        await view.press("I")

        assert view.viewer.is_asked


@pytest.mark.parametrize(
    ("key", "order", "said"),
    [
        ("a", requests.Release(n=7), "frame 7: forwarded"),
        ("d", requests.Drop(n=7), "frame 7 was dropped"),
        ("D", requests.Duplicate(n=7), "frame 7: forwarded twice"),
        ("A", requests.Release(n="all"), "2 forwarded"),
    ],
)
@played
async def test_keys_decide(tmp_path: Path, key: str, order: requests.Request, said: str) -> None:
    """About the oldest frame that is held, where none is chosen."""
    puppet = Puppet(held(7), held(9))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press(key)

        assert puppet.orders == [order]
        assert said.partition(" was")[0] in view.status


@played
async def test_frame_at_the_cursor_is_meant(tmp_path: Path) -> None:
    """If it is held."""
    puppet = Puppet(held(1), held(9))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("number_sign", "9", "enter", "d")

        assert puppet.orders == [requests.Drop(n=9)]


@played
async def test_frame_waits_for_longer(tmp_path: Path) -> None:
    """Thirty seconds more than it would anyway."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("W")

        assert puppet.asked[-1] == requests.Extend(n=7, seconds=58.0)


@played
async def test_refusal_is_said(tmp_path: Path) -> None:
    """In the proxy's words."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        del puppet.frames[7]
        await view.press("d")

        assert "frame 7 is not held" in view.status


@played
async def test_screens_are_opened_and_left(tmp_path: Path) -> None:
    """Keys are for the list again then."""
    async with viewing(chat_at(tmp_path), proxy=Puppet(held(7))) as view:
        for key, screen in (("e", Editing), ("s", Composing), ("R", RuleSheet)):
            await view.press(key)
            assert isinstance(view.viewer.screen, screen)
            await view.press("escape")

            assert view.viewer.focused is view.viewer.rows


@played
async def test_bytes_cannot_be_edited(tmp_path: Path) -> None:
    """That is said."""
    puppet = Puppet(held(7, xml=None, b64=b"\xff"))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e")

        assert "no text" in view.status


@played
async def test_frame_is_sent_again(tmp_path: Path) -> None:
    """In the same direction, on the same connection."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("r")
        said = view.status
        await view.press("number_sign", "9", "enter", "r", "ctrl+s", "escape")
        (order,) = puppet.orders

        assert "only frames that are text" in said
        assert isinstance(order, requests.Inject)
        assert (order.conn, order.to) == (1, "server")
        assert order.xml is not None
        assert "<body>" in order.xml


@pytest.mark.parametrize(("typed", "how"), [("c", "close"), ("reset", "reset")])
@played
async def test_connection_is_ended(tmp_path: Path, typed: str, how: str) -> None:
    """The one at the cursor, in one of two ways."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("K")
        await view.type(typed)
        await view.press("enter")

        assert [(each.conn, each.how) for each in puppet.orders] == [(1, how)]  # type: ignore[union-attr]
        assert "connection 1 is being ended" in view.status


@played
async def test_connection_is_marked(tmp_path: Path) -> None:
    """With some words."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("M")
        await view.type("here")
        await view.press("enter")

        assert puppet.orders == [requests.Mark(text="here", conn=1)]
        assert "connection 1: here" in view.status


@played
async def test_quitting_asks_only_if_something_is_held(tmp_path: Path) -> None:
    """And does what was answered about it."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("q")
        asked = view.viewer.is_asked
        await view.press("escape")
        stayed = view.viewer._exit
        await view.press("q")
        await view.type("for")
        await view.press("enter")

        assert asked
        assert not stayed
        assert view.viewer._exit
        assert puppet.orders == [requests.Release(n="all")]


@played
async def test_quitting_may_leave_what_is_held(tmp_path: Path) -> None:
    """Until its time is up."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("q", "l", "enter")

        assert view.viewer._exit
        assert puppet.orders == []


@played
async def test_lost_proxy_is_said_and_survived(tmp_path: Path) -> None:
    """What it has written can still be looked at; nothing is asked at the end."""
    puppet = Puppet(held(7, xml=HIST))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        puppet.lose()
        await view.settle()
        title, said = view.lines[0], view.status
        await view.press("d", "i", "j", "q")

        assert "proxy gone" in title
        assert "what it has written stays here" in said
        assert puppet.orders == []
        assert view.viewer._exit
