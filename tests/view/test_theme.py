import re

import pytest
from rich.color import Color

from xmppspy.view.ink import Palette
from xmppspy.view.theme import FEW_COLOURS, STYLES, coloured, has_many


def test_every_ink_has_its_style() -> None:
    """The themes and the palette name the same inks."""
    assert tuple(STYLES) == tuple(FEW_COLOURS) == Palette._fields


def test_as_many_colours_as_the_terminal_has() -> None:
    """256 where TERM or COLORTERM say so, or say nothing; else eight."""
    many = [{"TERM": "xterm-256color"}, {"TERM": "xterm", "COLORTERM": "truecolor"}, {}]

    assert all("38;5;" in coloured(environment).tag.on for environment in many)
    assert coloured({"TERM": "linux"}).tag.on == "\x1b[36m"


def test_the_directions_differ() -> None:
    """One sees at a glance which way a stanza goes, in any number of colours."""
    for term in ("xterm-256color", "linux"):
        palette = coloured({"TERM": term})

        assert palette.c2s.on != palette.s2c.on


@pytest.mark.parametrize("style", [text for text in STYLES.values() if "color(" in text])
def test_colours_read_on_any_background(style: str) -> None:
    """Each has a contrast of at least 3.5 to white and to black (WCAG's formula)."""
    number = re.search(r"color\((\d+)\)", style)
    assert number is not None
    red, green, blue = Color.from_ansi(int(number[1])).get_truecolor()
    light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)

    assert min(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= 3.5


def linear(channel: int) -> float:
    """The light of a channel of sRGB."""
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(
    ("environment", "many"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux"}, False),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, True),
        ({}, True),
    ],
)
def test_terminals_say_how_many_colours_they_have(environment: dict[str, str], many: bool) -> None:
    """256, or eight."""
    assert has_many(environment) is many
