from textual.app import App, ComposeResult

from tests.view.tui.viewing import played
from xmppspy.view.tui.scheme import DARK, Inks
from xmppspy.view.tui.screens import Sheet

LINES = [(("text", name),) for name in ("heading", "one", "two", "nothing")]


class Page(App[None]):
    """Shows sheets, and keeps how they end."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[int | None] = []

    def compose(self) -> ComposeResult:
        """Nothing."""
        yield from ()

    def open(self) -> Sheet:
        """Show one."""
        sheet = Sheet(Inks(DARK), "title", "hint", keys=["o"])
        self.push_screen(sheet, self.ended.append)
        return sheet


@played
async def test_line_stands_for_something() -> None:
    """Choosing it ends the sheet with that; at first the cursor is at one that does."""
    page = Page()
    async with page.run_test(size=(40, 8)) as pilot:
        sheet = page.open()
        await pilot.pause()
        sheet.show(LINES, [None, 1, 2, None])
        at = sheet.lines.cursor
        await pilot.press("G", "enter")
        await pilot.pause()
        stays = list(page.ended)
        await pilot.press("k", "enter")
        await pilot.pause()

        assert at == 1
        assert stays == []
        assert page.ended == [2]


@played
async def test_sheet_can_be_left() -> None:
    """By Esc, by q, by Ctrl-C, and by the key that opened it."""
    page = Page()
    async with page.run_test(size=(40, 8)) as pilot:
        for key in ("escape", "q", "o", "ctrl+c"):
            page.open()
            await pilot.pause()
            await pilot.press(key)
            await pilot.pause()

        assert page.ended == [None] * 4


@played
async def test_sheet_says_what_it_is() -> None:
    """At the top; at the bottom what keys do. New lines leave the cursor where it is."""
    page = Page()
    async with page.run_test(size=(40, 8)) as pilot:
        sheet = page.open()
        await pilot.pause()
        sheet.show(LINES, [None, 1, 2, None])
        await pilot.press("j")
        sheet.show(LINES, [None, 1, 2, None])
        sheet.entitle("other title", [("meta", "right")])
        await pilot.pause()
        strips = page.screen._compositor.render_strips()
        lines = ["".join(segment.text for segment in strip).rstrip() for strip in strips]

        assert sheet.lines.cursor == 2
        assert sheet.room == 40
        assert lines[0] == " other title                      right"
        assert lines[1:5] == [" heading", " one", " two", " nothing"]
        assert lines[7] == " hint"
