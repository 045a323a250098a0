from xmppspy.view.ink import Ink, Palette
from xmppspy.view.segments import Segment, cut_to, paint, width

RED = Ink("<", ">")
LINE: list[Segment] = [(RED, "iq "), (Ink(), "get"), (RED, "")]


def test_segments_are_painted_in_order() -> None:
    """Each with its ink; empty ones leave nothing."""
    assert paint(Palette(), LINE) == "<iq >get"


def test_the_width_is_that_of_the_text() -> None:
    """Terminal codes take no room."""
    assert width(LINE) == 6


def test_cutting_a_line() -> None:
    """What fits stays, the rest is replaced by one character."""
    cuts = [paint(Palette(), cut_to(LINE, room)) for room in (6, 5, 3, 1)]

    assert cuts == ["<iq >get", "<iq >g…", "<iq…>", "<…>"]
