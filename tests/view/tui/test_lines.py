from textual import on
from textual.app import App, ComposeResult

from tests.view.tui.viewing import played
from xmppspy.view.tui.lines import Lines
from xmppspy.view.tui.scheme import DARK, Inks

INKS = Inks(DARK)
TEXT = [(("text", f"line {at}"), ("meta", " …" * 30)) for at in range(30)]


class Page(App[None]):
    """Some lines, and which one was chosen."""

    def __init__(self, *, has_cursor: bool) -> None:
        super().__init__()
        self.lines = Lines(INKS, "lines", has_cursor=has_cursor)
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        """The lines alone."""
        yield self.lines

    @on(Lines.Chosen)
    def choose(self, event: Lines.Chosen) -> None:
        """Keep it."""
        assert event.control is self.lines
        self.chosen.append(event.at)


@played
async def test_cursor_moves_and_chooses() -> None:
    """What is at the cursor is in sight."""
    page = Page(has_cursor=True)
    async with page.run_test(size=(40, 10)) as pilot:
        page.lines.show(TEXT, cursor=3)
        page.lines.focus()
        at = [page.lines.cursor]
        for key in ("j", "down", "k", "up", "pagedown", "pageup", "G", "k", "g", "end", "home"):
            await pilot.press(key)
            at.append(page.lines.cursor)
        await pilot.press("j", "enter")
        await pilot.click("#lines", offset=(3, 4))
        await pilot.pause()

        assert at == [3, 4, 5, 4, 3, 12, 3, 29, 28, 0, 29, 0]
        assert page.chosen == [1, 4]
        assert page.lines.cursor == 4


@played
async def test_without_cursor_lines_scroll() -> None:
    """And nothing can be chosen."""
    page = Page(has_cursor=False)
    async with page.run_test(size=(40, 10)) as pilot:
        page.lines.show(TEXT)
        page.lines.focus()
        await pilot.press("j", "j", "enter")
        await pilot.pause()
        first = page.lines.render_line(0).text
        await pilot.press("G")
        await pilot.pause()

        assert first.startswith("line 2 …")
        assert page.lines.render_line(9).text.startswith("line 29")
        assert page.chosen == []


@played
async def test_lines_are_cut_to_the_width() -> None:
    """Others are filled."""
    page = Page(has_cursor=True)
    async with page.run_test(size=(40, 10)):
        page.lines.show([(("text", "short"),), *TEXT[:1]])

        assert page.lines.count == 2
        assert [page.lines.render_line(y).cell_length for y in range(3)] == [
            page.lines.size.width
        ] * 3
        assert page.lines.text.startswith("short\nline 0 …")
