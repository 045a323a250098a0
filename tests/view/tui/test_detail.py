import re

from textual import on
from textual.app import App, ComposeResult

from tests.view.browse.test_folding import WORDS, XML
from tests.view.tui.viewing import played
from xmppspy.view.tui.detail import Detail
from xmppspy.view.tui.scheme import DARK, Inks

INKS = Inks(DARK)


class Page(App[None]):
    """A detail alone."""

    def __init__(self) -> None:
        super().__init__()
        self.detail = Detail(INKS)
        self.resized = 0

    def compose(self) -> ComposeResult:
        """The detail."""
        yield self.detail

    @on(Detail.Resized)
    def resize(self) -> None:
        """Count it."""
        self.resized += 1

    @property
    def folded(self) -> list[str]:
        """The lines in which something is folded."""
        return [line for line in self.detail.text.splitlines() if line.startswith("▸")]


@played
async def test_keys_fold_and_unfold() -> None:
    """At the cursor, around it, and everything."""
    page = Page()
    async with page.run_test(size=(40, 12)) as pilot:
        page.detail.read([WORDS, XML])
        page.detail.focus()
        folded = []
        for keys in (
            ["j", "j", "j", "enter"],
            ["enter"],
            ["j", "left"],
            ["right"],
            ["plus"],
            ["plus"],
        ):
            await pilot.press(*keys)
            folded.append(page.folded)

        query = "▸   <query>…[2 lines]</query>"
        assert folded == [[query], [], [query], [], [query], []]


@played
async def test_same_leaf_stays_as_it_is() -> None:
    """Folded likewise, with the cursor where it was; another one begins anew."""
    page = Page()
    async with page.run_test(size=(40, 12)) as pilot:
        page.detail.read([WORDS, XML])
        page.detail.focus()
        await pilot.press("j", "j", "j", "enter")
        page.detail.read([WORDS, XML], again=True)
        again = len(page.folded), page.detail.cursor
        page.detail.read([WORDS, XML])

        assert again == (1, 3)
        assert (page.folded, page.detail.cursor) == ([], 0)


@played
async def test_cursor_is_seen_with_the_focus_only() -> None:
    """As elsewhere the keys go elsewhere."""
    page = Page()
    async with page.run_test(size=(40, 12)) as pilot:
        page.detail.read([WORDS, XML])
        page.detail.focus()
        await pilot.pause()
        focused = [segment.style for segment in page.detail.render_line(0)]
        page.screen.set_focus(None)
        await pilot.pause()
        blurred = [segment.style for segment in page.detail.render_line(0)]

        assert focused[0] == INKS.style("text", "chosen")
        assert blurred[0] == INKS.style("text")


@played
async def test_what_is_looked_for_stands_out() -> None:
    """Until it is not looked for any more."""
    page = Page()
    async with page.run_test(size=(40, 12)):
        page.detail.read([WORDS, XML])
        page.detail.highlight(re.compile("what"))
        styles = [segment.style for segment in page.detail.render_line(0)]
        page.detail.highlight(None)

        assert INKS.style("found", "ground") in styles
        assert INKS.style("found", "ground") not in [s.style for s in page.detail.render_line(0)]


@played
async def test_other_width_is_asked_for() -> None:
    """Whoever makes leaves makes one that fits."""
    page = Page()
    async with page.run_test(size=(40, 12)) as pilot:
        before = page.resized, page.detail.room
        await pilot.resize_terminal(60, 12)
        await pilot.pause()

        assert before == (1, 37)
        assert (page.resized, page.detail.room) == (2, 57)
