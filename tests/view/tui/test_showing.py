from pathlib import Path

from tests.view.tui.viewing import Viewing, chat_at, played, viewing
from xmppspy.view.tui.scheme import PLAIN


def arrangement(view: Viewing) -> tuple[bool, bool, str]:
    """Whether list and detail are seen, and which has the keys."""
    focused = "" if view.viewer.focused is None else view.viewer.focused.id or ""
    rows, pane = view.viewer.rows, view.viewer.pane
    return rows.display and rows.region.height > 0, pane.region.height > 0, focused


@played
async def test_detail_is_opened_and_closed(tmp_path: Path) -> None:
    """Enter goes there, Esc comes back, Tab goes from one to the other."""
    async with viewing(chat_at(tmp_path)) as view:
        seen = [arrangement(view)]
        for key in ("enter", "enter", "escape", "tab", "tab", "escape", "tab"):
            await view.press(key)
            seen.append(arrangement(view))

        assert seen == [
            (True, False, "rows"), (True, True, "rows"), (True, True, "detail"),
            (True, True, "rows"), (True, True, "detail"), (True, True, "rows"),
            (True, False, "rows"), (True, True, "detail"),
        ]  # fmt: skip


@played
async def test_both_share_the_screen_in_three_ways(tmp_path: Path) -> None:
    """Both, the detail alone, the list alone."""
    async with viewing(chat_at(tmp_path)) as view:
        seen = []
        for _ in range(3):
            await view.press("minus")
            seen.append(arrangement(view))
        await view.press("minus", "minus", "escape")

        assert seen == [(True, True, "rows"), (False, True, "detail"), (True, False, "rows")]
        assert arrangement(view) == (True, True, "rows")


@played
async def test_wide_screens_show_both_side_by_side(tmp_path: Path) -> None:
    """From the beginning; a screen that becomes narrow has them one above the other."""
    async with viewing(chat_at(tmp_path), (160, 30)) as view:
        rows, pane = view.viewer.rows.region, view.viewer.pane.region
        await view.pilot.resize_terminal(90, 30)
        await view.settle()
        narrow_rows, narrow_pane = view.viewer.rows.region, view.viewer.pane.region

        assert (rows.y, rows.right) == (pane.y, pane.x)
        assert narrow_rows.width == narrow_pane.width == 90
        assert narrow_rows.bottom == narrow_pane.y


@played
async def test_colours_are_changed(tmp_path: Path) -> None:
    """Dark, light, the terminal's own; everything is painted anew."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("enter")
        grounds = []
        for _ in range(4):
            style = view.viewer.rows.render_line(3)._segments[0].style
            grounds.append(None if style is None or style.bgcolor is None else style.bgcolor.name)
            await view.press("C")

        assert grounds == ["#16181d", "#fbfbfc", "default", "#16181d"]
        assert "colours: light" in view.status


@played
async def test_without_colours_reverse_tells(tmp_path: Path) -> None:
    """The cursor and the bars are seen in any terminal."""
    async with viewing(chat_at(tmp_path), scheme=PLAIN) as view:
        cursor = view.viewer.rows.render_line(0)._segments[3].style
        other = view.viewer.rows.render_line(1)._segments[3].style

        assert cursor is not None
        assert other is not None
        assert cursor.reverse
        assert not other.reverse


@played
async def test_program_ends(tmp_path: Path) -> None:
    """With a good code."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.pilot.press("q")
        await view.pilot.pause()

        assert view.viewer.return_value == 0
