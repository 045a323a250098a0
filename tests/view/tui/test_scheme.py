import re

import pytest
from rich.color import Color

from xmppspy.view.ink import Palette
from xmppspy.view.tui.scheme import DARK, LIGHT, PLAIN, SCHEMES, Inks, Scheme


def luminance(colour: str) -> float:
    """How bright a colour is (WCAG 2.1)."""
    triplet = Color.parse(colour).get_truecolor()
    parts = [part / 255 for part in triplet]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21 (WCAG 2.1)."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)
def test_every_ink_has_a_style(scheme: Scheme) -> None:
    """On each ground."""
    inks = Inks(scheme)

    assert set(Palette._fields) <= set(scheme.inks)
    for ink in scheme.inks:
        for ground in ("ground", "raised", "chosen"):
            assert inks.style(ink, ground) is inks.style(ink, ground)


@pytest.mark.parametrize("scheme", [DARK, LIGHT], ids=lambda scheme: scheme.name)
def test_inks_are_readable(scheme: Scheme) -> None:
    """Everything has a contrast of 4:1 at least to what it stands on."""
    colours = {ink: re.findall(r"#\w{6}", style) for ink, style in scheme.inks.items()}
    poor = [
        (ink, ground)
        for ink, found in colours.items()
        for ground in (found[1:] or [scheme.ground, scheme.raised, scheme.chosen])
        if contrast(found[0], ground) < (4 if ground != scheme.chosen else 3)
    ]

    assert poor == []


def test_directions_differ_for_everybody() -> None:
    """One is warm, the other cold: also for who does not see red or green."""
    for scheme in (DARK, LIGHT):
        c2s, s2c = (re.search(r"#(\w{6})", scheme.inks[ink]) for ink in ("c2s", "s2c"))
        assert c2s is not None
        assert s2c is not None
        warm, cold = bytes.fromhex(c2s[1]), bytes.fromhex(s2c[1])

        assert warm[0] - warm[2] > 90
        assert cold[2] - cold[0] > 90


def test_plain_scheme_leaves_the_ground_alone() -> None:
    """What is raised or chosen is shown in reverse."""
    inks = Inks(PLAIN)

    assert inks.style("text").bgcolor == Color.default() if inks.style("text").bgcolor else True
    assert inks.style("text", "chosen").reverse
    assert not inks.style("text").reverse


def test_scheme_can_be_changed() -> None:
    """Whoever has the inks paints otherwise from then on."""
    inks = Inks(DARK)
    before = inks.style("text")
    inks.change(LIGHT)

    assert inks.style("text") != before
    assert inks.scheme is LIGHT
