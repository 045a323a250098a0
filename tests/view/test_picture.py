from hypothesis import given
from hypothesis import strategies as st

from xmppspy.view.picture import bar, picture


def test_amounts_are_columns() -> None:
    """The largest is full, nothing is empty, the others are in proportion."""
    assert picture([0, 1, 4, 8]) == [" ▁▄█"]


def test_pictures_may_be_higher() -> None:
    """The topmost line comes first."""
    assert picture([4, 8, 16], 2) == ["  █", "▄██"]


def test_little_is_seen() -> None:
    """What is more than nothing has a column."""
    assert picture([1, 1000000]) == ["▁█"]


def test_nothing_is_empty() -> None:
    """No amounts at all, or only zeros."""
    assert picture([]) == [""]
    assert picture([0, 0], 2) == ["  ", "  "]


@given(st.lists(st.integers(0, 10**12)), st.integers(1, 5))
def test_pictures_have_a_size(amounts: list[int], height: int) -> None:
    """As many columns as amounts, as many lines as asked for."""
    lines = picture(amounts, height)

    assert [len(line) for line in lines] == [len(amounts)] * height
    assert all((lines[-1][index] != " ") == (amount > 0) for index, amount in enumerate(amounts))


def test_bars_show_shares() -> None:
    """From nothing to all, and not more."""
    assert [bar(share, 4) for share in (0.0, 0.5, 1.0, 2.0, -1.0)] == [
        "░░░░", "██░░", "████", "████", "░░░░",
    ]  # fmt: skip
