from xmppspy.view.contrast import MOST_LINES, Contrast
from xmppspy.view.ink import Ink, Palette
from xmppspy.view.look import Look

PLAIN = Contrast(Look())


def test_what_is_the_same_surrounds_what_is_not() -> None:
    """Three lines of context; what is further away is left out."""
    before = ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    after = ["1", "2", "3", "4", "x", "6", "7", "8", "9"]

    assert PLAIN(before, after).splitlines() == [
        *("  …", "  2", "  3", "  4", "- 5", "+ x", "  6", "  7", "  8", "  …"),
    ]


def test_what_is_alone_is_shown_whole() -> None:
    """Everything is gone, or everything is new."""
    assert PLAIN(["a", "b"], []) == "- a\n- b\n"
    assert PLAIN([], ["a", "b"]) == "+ a\n+ b\n"


def test_lines_may_be_more_on_one_side() -> None:
    """Those without a counterpart follow those with one."""
    assert PLAIN(["a", "b", "z"], ["c", "z"]).splitlines() == ["- a", "- b", "+ c", "  z"]


def test_the_differing_part_stands_out() -> None:
    """In a changed line, what is the same on both sides is not coloured."""
    palette = Palette(error=Ink("<", ">"), value=Ink("{", "}"))
    shown = Contrast(Look(palette=palette))(['  <a b="1"/>'], ['  <a b="22"/>'])

    assert shown == '<- >  <a b="<1>"/>\n{+ }  <a b="{22}"/>\n'


def test_long_lines_are_folded_around_the_difference() -> None:
    """What differs is seen, also at the end of a long text."""
    same = "x" * 3000
    first, second = PLAIN([f"<a>{same}1</a>"], [f"<a>{same}2</a>"]).splitlines()

    assert len(first) < 200
    assert (first[-5:], second[-5:]) == ("1</a>", "2</a>")
    assert "…[3,003 B]" in first


def test_full_folds_nothing() -> None:
    """Neither in a line nor in their number."""
    lines = ["x" * 1000] * (MOST_LINES + 10)

    assert Contrast(Look(full=True))(lines, []) == "".join(f"- {line}\n" for line in lines)


def test_many_lines_are_counted() -> None:
    """So that a large roster does not fill the screen."""
    shown = PLAIN([str(number) for number in range(MOST_LINES + 10)], []).splitlines()

    assert len(shown) == MOST_LINES + 1
    assert shown[-1] == "  … 10 more lines (--full shows them)"


def test_traffic_does_not_reach_the_terminal() -> None:
    """Escapes are text."""
    assert PLAIN(["\x1b[31m"], ["\u202e"]) == "- \\x1b[31m\n+ \\u202e\n"
