import os
from pathlib import Path

from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.capture.locking import tell_writing

NOTE = b'{"event":"note","text":"more"}\n'


@played
async def test_keys_move_the_cursor(tmp_path: Path) -> None:
    """By rows, by pages, to both ends; what is seen follows."""
    path = chat_at(tmp_path)
    with path.open("ab") as file:
        file.write(NOTE * 100)
    async with viewing(path) as view:
        rows = []
        for key in ("j", "down", "k", "up", "pagedown", "space", "ctrl+f", "pageup", "ctrl+b",
                    "G", "g", "end", "home"):  # fmt: skip
            await view.press(key)
            rows.append(view.row)

        assert rows == [1, 2, 1, 0, 21, 42, 63, 42, 21, 114, 0, 114, 0]


@played
async def test_rows_are_where_they_belong(tmp_path: Path) -> None:
    """Each on its line, the one at the cursor in sight."""
    async with viewing(chat_at(tmp_path), (80, 10)) as view:
        top = view.lines[1:9]
        await view.press("G")
        bottom = view.lines[1:9]

        assert "open" in top[0]
        assert "iq get" in top[7]
        assert "roster 0 items" in bottom[1]
        assert "close" in bottom[7]
        assert view.viewer.rows.follows


@played
async def test_mouse_puts_the_cursor(tmp_path: Path) -> None:
    """A click chooses a row, a second one looks closely."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.pilot.click("#rows", offset=(20, 7))
        await view.settle()
        clicked = view.row, view.viewer.pane.is_open
        await view.pilot.click("#rows", offset=(20, 20))
        await view.settle()
        outside = view.row
        await view.pilot.double_click("#rows", offset=(20, 9))
        await view.settle()

        assert clicked == (7, False)
        assert outside == 7
        assert (view.row, view.viewer.pane.is_open) == (9, True)


@played
async def test_cursor_comes_along_when_the_wheel_scrolls(tmp_path: Path) -> None:
    """It is always seen; whoever scrolls away from the end follows no longer."""
    path = chat_at(tmp_path)
    with path.open("ab") as file:
        file.write(NOTE * 100)
    async with viewing(path) as view:
        rows, seen = view.viewer.rows, []
        for top in (50, 20):
            rows.scroll_to(y=top, animate=False)
            await view.settle()
            seen.append(view.row)
        await view.press("G")
        rows.scroll_to(y=60, animate=False)
        await view.settle()

        assert seen == [50, 41]
        assert (view.row, rows.follows) == (81, False)


@played
async def test_end_is_followed_or_not(tmp_path: Path) -> None:
    """Whoever is at the end stays there; else what has come is counted."""
    path = chat_at(tmp_path)
    writer = os.open(path, os.O_WRONLY | os.O_APPEND)
    tell_writing(writer)
    async with viewing(path) as view:
        at_start = view.viewer.rows.follows, view.row
        await view.add(NOTE)
        following = view.row, view.status
        await view.press("k")
        await view.add(NOTE * 3)
        left = view.row, view.status
        await view.press("F")
        again = view.row, view.status
        await view.press("F")
        await view.add(NOTE)
        os.close(writer)

        assert at_start == (True, 14)
        assert following[0] == 15
        assert "▼ following  16/16" in following[1]
        assert left[0] == 14
        assert "+3 new  15/19" in left[1]
        assert again[0] == 18
        assert "following" in again[1]
        assert view.row == 18
        assert "+1 new" in view.status


@played
async def test_numbers_of_connections_have_room(tmp_path: Path) -> None:
    """As much as they need."""
    path = tmp_path / "a"
    path.write_bytes(
        b'{"dir":"c2s","xml":"<presence/>"}\n{"dir":"c2s","conn":12345,"xml":"<presence/>"}\n'
    )
    async with viewing(path, relative=True) as view:
        assert view.lines[1].startswith("          0.000 #1     → presence")
        assert view.lines[2].startswith("          0.000 #12345 → presence")


@played
async def test_empty_list_says_why(tmp_path: Path) -> None:
    """A capture that is begun, a filter that nothing matches."""
    path = tmp_path / "a"
    path.write_bytes(b'{"format":"xmppspy-capture","version":1}\n')
    writer = os.open(path, os.O_WRONLY | os.O_APPEND)
    tell_writing(writer)
    async with viewing(path) as view:
        begun = view.lines[2]
        await view.press("j", "G", "enter", "p")
        await view.add(NOTE)
        os.close(writer)

        assert begun == "   nothing yet: lines appear as they are written"
        assert "more" in view.lines[1]


@played
async def test_times_are_told_in_forms(tmp_path: Path) -> None:
    """One after the other, by a key."""
    async with viewing(chat_at(tmp_path)) as view:
        told = [view.lines[2][3:15]]
        for _ in range(3):
            await view.press("T")
            told.append(view.lines[2][3:15])

        assert told == ["07:40:12.200", "       0.200", "      +0.100", "07:40:12.200"]
