import asyncio

from textual.app import App, ComposeResult

from tests.view.tui.viewing import played
from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.scheme import DARK, Inks

INKS = Inks(DARK)


class Bars(App[None]):
    """Two of them."""

    def compose(self) -> ComposeResult:
        """One that keeps what is at its right, and one that does not."""
        yield Bar(INKS, "keeps")
        yield Bar(INKS, "yields", gives_way=True)


@played
async def test_both_ends_are_shown() -> None:
    """As far as there is room; the left is cut, or the right left out."""
    async with Bars().run_test(size=(20, 2)) as pilot:
        keeps, yields = pilot.app.query_one("#keeps", Bar), pilot.app.query_one("#yields", Bar)
        shown = []
        for left in ("left", "left that is long"):
            for bar in (keeps, yields):
                bar.show([("text", left)], [("meta", "right")])
                shown.append(bar.render_line(0).text)

        assert shown == [
            " left         right ", " left         right ", " left that is…right ", " left that is long  ",
        ]  # fmt: skip
        assert keeps.text == "left that is long  right"
        await asyncio.sleep(0)


@played
async def test_click_tells_which_span_it_was() -> None:
    """Nothing where there is none."""
    picked: list[tuple[str | None, int]] = []

    class Heard(Bars):
        def on_bar_picked(self, event: Bar.Picked) -> None:
            picked.append((event.bar.id, event.at))

    async with Heard().run_test(size=(20, 2)) as pilot:
        pilot.app.query_one("#yields", Bar).show([("key", "f "), ("meta", "filter")])
        for x in (0, 1, 4, 15):
            await pilot.click("#yields", offset=(x, 0))
        await pilot.pause()

        assert picked == [("yields", 0), ("yields", 1)]
