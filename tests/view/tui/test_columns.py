import re

import pytest

from xmppspy.view.browse.records import Flag
from xmppspy.view.browse.row import Row
from xmppspy.view.tui.columns import SIGNS, WIDE, WIDER, Columns, fitted, strip
from xmppspy.view.tui.scheme import DARK, Inks

INKS = Inks(DARK)
ANSWER = Row(
    t=1.5, conn=3, dir="s2c", kind=("kind", "iq result"), topic=(("text", "roster"),),
    source="RFC 6121", details=(("text", "2 items"),), peer="me", latency="23 ms", size=1234,
    flags=Flag.MARKED | Flag.ERROR,
)  # fmt: skip


def line(row: Row, width: int) -> str:
    """A row as text."""
    return strip(row, Columns.of(width, 12, 2), "07:40:12.345", INKS).text


def test_narrow_row() -> None:
    """Signs, time, connection, arrow, kind, summary, latency."""
    assert line(ANSWER, 80) == (
        "★✗ 07:40:12.345 #3 ← iq result    me roster 2 items                        23 ms"
    )


def test_wide_row() -> None:
    """The other side's address, and where things are specified, too."""
    assert line(ANSWER, WIDE) == (
        "★✗ 07:40:12.345 #3 S→C iq result         me                         "
        "roster RFC 6121 2 items              23 ms"
    )


def test_wider_row() -> None:
    """And the size."""
    assert line(ANSWER, WIDER).endswith("  1,234 B   23 ms")


@pytest.mark.parametrize("width", [0, 20, 40, 79, 80, 81, WIDE - 1, WIDE, WIDER, 300])
def test_rows_are_as_wide_as_they_should(width: int) -> None:
    """As soon as there is room for the columns."""
    made = strip(ANSWER, Columns.of(width, 12, 2), "07:40:12.345", INKS)

    assert made.cell_length == width
    assert len(made.text) == width or width < 50


def test_what_is_not_there_leaves_room() -> None:
    """Columns stay where they are."""
    row = Row(None, 0, None, ("event", "note"), (), "", (("event", "said"),), "", "", 0, 0)

    assert line(row, 80).startswith("   07:40:12.345      note         said  ")


def test_long_summary_is_cut() -> None:
    """Also in the middle of wide characters."""
    row = ANSWER._replace(topic=(), source="", details=(("text", "日本語" * 30),))
    text = line(row, 80)

    assert "…" in text
    assert text.endswith("  23 ms")


def test_core_goes_without_saying() -> None:
    """Only what is not in RFC 6120 is told where it is from."""
    row = ANSWER._replace(source="RFC 6120 and more", topic=())

    assert "RFC" not in line(row, WIDE)


def test_inks_are_used() -> None:
    """The direction's for the arrow, what is odd for a slow answer; the cursor's ground."""
    made = strip(ANSWER._replace(latency="5.20 s"), Columns.of(80, 12, 2), "", INKS, "chosen")
    styles = {segment.text.strip(): segment.style for segment in made}

    assert styles["←"] == INKS.style("s2c", "chosen")
    assert styles["5.20 s"] == INKS.style("change", "chosen")


def test_what_is_looked_for_stands_out() -> None:
    """In the ink for that."""
    made = strip(ANSWER, Columns.of(80, 12, 2), "", INKS, found=re.compile("ster 2"))
    standing_out = [s.text for s in made if s.style == INKS.style("found")]

    assert standing_out == ["ster", " ", "2"]


def test_signs_are_told_apart_without_colours() -> None:
    """Each is another character."""
    signs = [sign for group in SIGNS for _, _, sign in group]

    assert len(set(signs)) == len(signs)


def test_spans_are_fitted() -> None:
    """Filled, cut, or left out."""
    spans = [("a", "12345"), ("b", "678")]

    assert list(fitted(spans, 10)) == [*spans, ("text", "  ")]
    assert list(fitted(spans, 7)) == [("a", "12345"), ("b", "6…")]
    assert list(fitted(spans, 5)) == [("a", "12345")]
    assert list(fitted(spans, 0)) == []
