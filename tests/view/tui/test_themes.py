from xmppspy.view.tui.scheme import DARK, LIGHT, PLAIN
from xmppspy.view.tui.themes import theme


def test_theme_has_the_colours_of_its_scheme() -> None:
    """Dark on light, or light on dark."""
    found = [theme(scheme) for scheme in (DARK, LIGHT)]

    assert [each.name for each in found] == [DARK.name, LIGHT.name]
    assert [each.background for each in found] == [DARK.ground, LIGHT.ground]
    assert [each.dark for each in found] == [True, False]


def test_plain_theme_leaves_the_colours_to_the_terminal() -> None:
    """Textual paints nothing of its own behind it."""
    found = theme(PLAIN)

    assert (found.name, found.background) == (PLAIN.name, "ansi_default")
