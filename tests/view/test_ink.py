import pytest

from tests.view.samples import COLOURED
from xmppspy.view.escape import escape
from xmppspy.view.fold import folded_mark
from xmppspy.view.ink import Ink, Palette, wants_colour


def test_without_colours_text_is_text() -> None:
    """An empty palette adds nothing, and takes the marks away."""
    text = escape("a\x1b") + folded_mark(3)

    assert Palette().paint(Ink(), text) == r"a\x1b…[3 B]"


def test_nothing_is_painted_of_nothing() -> None:
    """An empty text leaves no codes."""
    assert COLOURED.palette.paint(COLOURED.palette.tag, "") == ""


def test_escapes_stand_out() -> None:
    """An escape is shown reversed, and the ink goes on behind it."""
    palette = COLOURED.palette
    painted = palette.paint(palette.value, escape("a\x1bb"))

    value, code = palette.value, palette.escape
    expected = f"{value.on}a{value.off}{code.on}\\x1b{code.off}{value.on}b{value.off}"
    assert painted == expected


@pytest.mark.parametrize(
    ("choice", "is_terminal", "environment", "wanted"),
    [
        ("auto", True, {"TERM": "xterm"}, True),
        ("auto", False, {"TERM": "xterm"}, False),
        ("auto", True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        ("auto", True, {"TERM": "xterm", "NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"TERM": "xterm"}, False),
    ],
)
def test_when_there_are_colours(
    choice: str, is_terminal: bool, environment: dict[str, str], wanted: bool
) -> None:
    """On terminals, unless NO_COLOR says no; an explicit choice wins."""
    assert wants_colour(choice, is_terminal, environment) is wanted
