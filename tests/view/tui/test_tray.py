from pathlib import Path

from tests.control.samples import held
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import Viewing, chat_at, played, viewing
from xmppspy.control import news

AUTH = (
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHNlc2FtZQ==</auth>"
)


def tray(view: Viewing) -> list[str]:
    """Its lines."""
    at = next((n for n, line in enumerate(view.lines) if line.startswith(" held ")), 0)
    return [line.rstrip(" ▁▂▃▄▅▆▇█") for line in view.lines[at:-1]] if at else []


@played
async def test_tray_is_there_while_something_is_held(tmp_path: Path) -> None:
    """A line for each, with the seconds that are left and what happens then."""
    puppet = Puppet()
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        before = tray(view)
        puppet.hold(7)
        puppet.hold(8, left=4.4, otherwise="drop", received="<message/>")
        await view.settle()
        shown = tray(view)
        puppet.tell(news.Decided(n=7, action="forward"))
        puppet.tell(news.Decided(n=8, action="forward"))
        await view.settle()

        assert before == []
        assert shown[0].startswith(" held 2 ")
        assert shown[1] == '▸   28 s then forward #1 C→S message chat juliet "Hist!" (5 chars)'
        assert shown[2] == '     4 s then drop    #1 C→S message chat ✎ juliet "Hist!" (5 chars)'
        assert tray(view) == []


@played
async def test_seconds_pass(tmp_path: Path) -> None:
    """Without any key."""
    async with viewing(chat_at(tmp_path), proxy=Puppet(held(7))) as view:
        acting = view.viewer.acting
        assert acting is not None
        acting.proxy.clock = lambda: 20.0
        acting.moved()
        view.viewer.base.query_one("Tray").tell()  # type: ignore[attr-defined]
        await view.settle()

        assert tray(view)[1].startswith("▸    8 s then forward")


@played
async def test_one_is_chosen_by_keys_and_looked_at(tmp_path: Path) -> None:
    """Keys go to the tray and back; Esc goes back, too."""
    async with viewing(chat_at(tmp_path), proxy=Puppet(held(7), held(9))) as view:
        acting = view.viewer.acting
        assert acting is not None
        await view.press("H", "j")
        meant = acting.proxy.queue.meant
        await view.press("enter")
        row = view.row
        await view.press("H")
        back = view.viewer.focused
        await view.press("H", "escape")

        assert meant is not None
        assert meant.n == 9
        assert row is not None
        assert view.viewer.pane.is_open
        assert back is view.viewer.rows
        assert view.viewer.focused is view.viewer.rows


@played
async def test_keys_go_back_to_the_list_when_nothing_is_held(tmp_path: Path) -> None:
    """So that none is lost."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("H")
        puppet.tell(news.Decided(n=7, action="forward"))
        await view.settle()
        await view.press("j")

        assert view.row == 1


@played
async def test_secrets_are_not_shown(tmp_path: Path) -> None:
    """They are masked as in a capture."""
    puppet = Puppet(
        held(7, kind="auth", xml=AUTH, type=None, xmlns="urn:ietf:params:xml:ns:xmpp-sasl")
    )
    async with viewing(chat_at(tmp_path), (160, 24), proxy=puppet) as view:
        assert "PLAIN" in tray(view)[1]
        assert "sesame" not in view.text
