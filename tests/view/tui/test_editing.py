from pathlib import Path

from tests.control.samples import HIST, held
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import Viewing, chat_at, played, viewing
from xmppspy.control import news, requests
from xmppspy.view.tui.editing import Editing

LAID_OUT = HIST.replace("<body>", "\n  <body>").replace("</message>", "\n</message>")


def editing(view: Viewing) -> Editing:
    """The screen."""
    screen = view.viewer.screen
    assert isinstance(screen, Editing)
    return screen


@played
async def test_frame_is_edited_and_goes_on(tmp_path: Path) -> None:
    """Laid out for reading; the white space for that is not sent."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e")
        text = editing(view).area.text
        await view.press("down", *["right"] * 8)
        await view.type("O ")
        await view.press("ctrl+s")

        assert text == LAID_OUT
        assert puppet.orders == [requests.Edit(n=7, xml=HIST.replace("Hist", "O Hist"))]
        assert len(view.viewer.screen_stack) == 1


@played
async def test_what_was_not_changed_goes_on_as_it_is(tmp_path: Path) -> None:
    """It is not edited."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e", "ctrl+s")

        assert puppet.orders == [requests.Release(n=7)]


@played
async def test_white_space_that_was_sent_stays(tmp_path: Path) -> None:
    """Where laying out could not be undone, nothing is laid out."""
    xml = "<message>\n <body>x</body></message>"
    puppet = Puppet(held(7, xml=xml))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e")
        text = editing(view).area.text
        await view.press("ctrl+end", "space", "ctrl+s")

        assert text == xml
        assert puppet.orders == [requests.Edit(n=7, xml=xml + " ")]


@played
async def test_original_is_one_key_away(tmp_path: Path) -> None:
    """And can be put back, which can be undone."""
    async with viewing(chat_at(tmp_path), proxy=Puppet(held(7))) as view:
        await view.press("e", "x")
        screen = editing(view)
        before = screen.other.is_on_screen
        await view.press("ctrl+o")
        there, text = screen.other.is_on_screen, screen.other.text
        await view.press("ctrl+o", "ctrl+r")
        back = screen.area.text
        await view.press("ctrl+z")

        assert not before
        assert there
        assert "<body>Hist!</body>" in text
        assert back == LAID_OUT
        assert screen.area.text == "x" + LAID_OUT


@played
async def test_wide_screens_have_both(tmp_path: Path) -> None:
    """Side by side."""
    async with viewing(chat_at(tmp_path), (160, 24), proxy=Puppet(held(7))) as view:
        await view.press("e")

        assert sum("<body>Hist!</body>" in line for line in view.lines) >= 1
        assert max(line.count("<body>") for line in view.lines) >= 1
        assert "the original" in view.text


@played
async def test_draft_is_kept(tmp_path: Path) -> None:
    """When the frame is left held; the tray says so."""
    async with viewing(chat_at(tmp_path), proxy=Puppet(held(7))) as view:
        await view.press("e", "x", "escape")
        tray = view.text
        await view.press("e")
        text = editing(view).area.text
        await view.press("ctrl+r", "escape")

        assert "forward ✎ #1" in tray
        assert text == "x" + LAID_OUT
        assert "✎" not in view.text


@played
async def test_frame_waits_for_its_editor(tmp_path: Path) -> None:
    """As long as somebody is at it."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e")

        assert puppet.asked[-1] == requests.Extend(n="all", seconds=30.0)
        assert "28 s" in view.lines[0]


@played
async def test_work_is_not_lost_with_the_frame(tmp_path: Path) -> None:
    """What was written stays on the screen when it cannot be sent."""
    puppet = Puppet(held(7))
    async with viewing(chat_at(tmp_path), proxy=puppet) as view:
        await view.press("e", "ctrl+end")
        await view.type("<r/>")
        del puppet.frames[7]
        puppet.tell(news.Released(n=7, conn=1, action="forward", held=30.0))
        editing(view).tell()
        await view.settle()
        title = view.lines[0]
        await view.press("ctrl+s")

        assert "not held any more" in title
        assert "frame 7 is not held" in editing(view).verdict
        assert editing(view).area.text.endswith("<r/>")
