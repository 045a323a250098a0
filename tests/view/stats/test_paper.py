from tests.view.stats.samples import lines
from xmppspy.view.stats.paper import ROWS, more, percent, table


def test_numbers_stand_below_each_other() -> None:
    """Words at the left, numbers at the right, no lines around them."""
    made = table(("kind", "frames"), [("iq", "7"), ("message", "1,234")])

    assert lines([made]) == ["kind     frames", "iq            7", "message   1,234"]


def test_words_are_cut_numbers_are_not() -> None:
    """Where there is no room for all."""
    made = table(("address", "bytes"), [("juliet@capulet.example", "1,234,567 B")])

    assert lines([made], 24) == ["address            bytes", "juliet@cap…  1,234,567 B"]


def test_the_widest_words_give_way_first() -> None:
    """Until they are as wide as the others; the head is cut as well, never broken."""
    made = table(("to whom", "id", "n"), [("juliet", "0123456789abcdef", "7")], left=2)

    assert lines([made], 20) == ["to whom  id        n", "juliet   0123456…  7"]
    assert lines([made], 14) == ["to …  id     n", "jul…  0123…  7"]


def test_wide_characters_take_two_columns() -> None:
    """Where they are counted, and where they are cut."""
    made = table(("name", "n"), [("朱丽叶", "7"), ("ab", "8")])

    assert lines([made]) == ["name    n", "朱丽叶  7", "ab      8"]
    assert lines([made], 8) == ["name   n", "朱丽…  7", "ab     8"]


def test_what_peers_say_is_harmless() -> None:
    """Neither control characters nor rich's own markup do anything."""
    made = table(("name", "x"), [("\x1b[31m[red]a\nb", "1")])

    assert lines([made])[1] == r"\x1b[31m[red]a\nb  1"


def test_what_is_left_out_is_said() -> None:
    """Only if something is."""
    assert lines(more(ROWS)) == []
    assert lines(more(ROWS + 1234)) == ["… and 1,234 more"]


def test_shares() -> None:
    """Without digits that nobody reads."""
    assert [percent(share) for share in (0.0, 0.256, 1.0)] == ["0 %", "26 %", "100 %"]
