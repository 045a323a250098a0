import pytest
from textual.app import App, ComposeResult

from tests.view.tui.viewing import played
from xmppspy.view.tui.scheme import DARK, Inks
from xmppspy.view.tui.xmlarea import XMLArea, pieces

TEXT = "<a xmlns='urn:x' b=\"<\">é<!-- c --><d\n e='1'/></a>"


class Page(App[None]):
    """One area."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.area = XMLArea(Inks(DARK), text)

    def compose(self) -> ComposeResult:
        """All of it."""
        yield self.area


@pytest.mark.parametrize("text", [TEXT, "no <XML", "<a b=>", "", "<![CDATA[x]]>", "\ud800<a/>"])
def test_pieces_are_all_of_a_text(text: str) -> None:
    """Whatever it is."""
    assert "".join(piece for _, piece in pieces(text)) == text


def test_pieces_have_inks() -> None:
    """Names, attributes, values and what is between are told apart."""
    assert [*pieces(TEXT)][:9] == [
        ("tag", "<a "),
        ("attribute", "xmlns="),
        ("namespace", "'urn:x'"),
        ("tag", " "),
        ("attribute", "b="),
        ("value", '"<"'),
        ("tag", ">"),
        ("text", "é"),
        ("comment", "<!-- c -->"),
    ]


@played
async def test_text_is_shown_in_colours() -> None:
    """As it is typed, on all of its lines; where it is wrong, that stands out."""
    async with Page(TEXT).run_test(size=(40, 6)) as pilot:
        area = pilot.app.query_one(XMLArea)
        inks = Inks(DARK)
        first = area.get_line(0)
        second = area.get_line(1)
        await pilot.press("x")
        typed = area.get_line(0)
        area.point_at(len("x" + TEXT) - 1)
        wrong = area.get_line(1)

        assert first.spans[0].style == inks.style("tag")
        assert [str(second[span.start : span.end]) for span in second.spans] == [
            " ", "e=", "'1'", "/>", "</a>",
        ]  # fmt: skip
        assert typed.spans[0].style == inks.style("text")
        assert wrong.spans[-1].style == inks.style("escape")
        assert str(wrong[wrong.spans[-1].start :]) == ">"
