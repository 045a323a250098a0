from tests.view.samples import COLOURED
from xmppspy.view.look import Look


def test_by_default_nothing_is_wrapped_or_coloured() -> None:
    """What goes to a file is plain."""
    look = Look()

    assert (look.columns(), look.palette.tag.on, look.full) == (None, "", False)


def test_directions() -> None:
    """Arrows that read from left to right, each in its own ink."""
    assert COLOURED.direction("c2s") == (COLOURED.palette.c2s, "C→S")
    assert COLOURED.direction("s2c") == (COLOURED.palette.s2c, "S→C")
