from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from tests.view.tui.viewing import played
from xmppspy.view.tui.direct import Direct
from xmppspy.view.tui.scheme import DARK, PLAIN, Inks, Scheme


class Digits(Direct):
    """Each line is full of its number."""

    def __init__(self, scheme: Scheme) -> None:
        super().__init__()
        self.inks = Inks(scheme)

    def render_line(self, y: int) -> Strip:
        """One line."""
        return Strip([Segment(str(y) * 10)])


class Page(App[None]):
    """Two of them, one above the other."""

    CSS = "Digits { height: 3; width: 10; }"

    def compose(self) -> ComposeResult:
        """One in its own colours, and one in the terminal's."""
        yield Digits(DARK)
        yield Digits(PLAIN)


@played
async def test_lines_are_shown_as_they_are() -> None:
    """All of them, or a part of some."""
    async with Page().run_test(size=(20, 6)) as pilot:
        for widget in pilot.app.query(Digits):
            whole = widget.render_lines(Region(0, 0, 10, 3))
            part = widget.render_lines(Region(2, 1, 4, 2))

            assert [strip.text for strip in whole] == ["0" * 10, "1" * 10, "2" * 10]
            assert [strip.text for strip in part] == ["1111", "2222"]
