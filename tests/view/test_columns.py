from xmppspy.view.columns import Column, table
from xmppspy.view.ink import Ink, Palette

COLUMNS = (Column("n", is_number=True), Column("who", is_elastic=True), Column("why"))


def test_columns_line_up() -> None:
    """Words to the left, numbers to the right, two blanks between, none behind."""
    shown = table(COLUMNS, [("1", "romeo", "a"), ("22", "日本", "bb")], None)

    assert shown.splitlines() == [
        " n  who    why",
        " 1  romeo  a",
        "22  日本   bb",
    ]


def test_elastic_columns_are_cut() -> None:
    """The others stay whole; not below what can be read."""
    rows = [("1", "x" * 40, "because")]

    assert table(COLUMNS, rows, 30).splitlines()[1] == f"1  {'x' * 17}…  because"
    assert table(COLUMNS, rows, 5).splitlines()[1] == f"1  {'x' * 7}…  because"


def test_the_widest_is_cut_first() -> None:
    """Until all are of the same width."""
    columns = (Column("a", is_elastic=True), Column("b", is_elastic=True))

    assert table(columns, [("x" * 30, "y" * 10)], 30).splitlines()[1] == (
        f"{'x' * 17}…  {'y' * 10}"
    )


def test_empty_columns_are_left_out() -> None:
    """Nobody has to read past what says nothing."""
    assert table(COLUMNS, [("1", "romeo", "")], None) == "n  who\n1  romeo\n"


def test_texts_are_harmless() -> None:
    """What peers say does nothing to the terminal, nor to the table."""
    shown = table(COLUMNS, [("1", "a\x1b[2J\nb", "c")], None)

    assert shown.splitlines()[1] == r"1  a\x1b[2J\nb  c"


def test_titles_are_dim() -> None:
    """In colour, where there is any."""
    shown = table((Column("a"),), [("x",)], None, Palette(meta=Ink("<", ">")))

    assert shown == "<a>\nx\n"
