from hypothesis import given
from hypothesis import strategies as st

from xmppspy.view.browse.paper import Line, labelled, wrapped
from xmppspy.view.fold import width_of


def text(line: Line) -> str:
    """A line without inks."""
    return "".join(piece for _, piece in line)


def test_values_stand_below_each_other() -> None:
    """Long ones go on below where they began; what has no label begins at the left."""
    rows = [
        ("from", "text", "juliet"),
        ("", "kind", "a roster"),
        ("to", "text", "one two three four five"),
    ]
    lines = [text(line) for line in labelled(rows, 27, 6)]

    assert lines == ["from   juliet", "a roster", "to     one two three four ", "       five"]


def test_line_that_fits_stays() -> None:
    """As it is."""
    line = (("tag", "<iq"), ("text", " "))

    assert list(wrapped(line, 4)) == [line]


def test_line_is_broken_at_words() -> None:
    """What follows is indented a little more than the line itself."""
    line = (
        ("text", "  "),
        ("tag", "<body>"),
        ("text", "wherefore art thou Romeo"),
        ("tag", "</body>"),
    )

    assert [text(each) for each in wrapped(line, 20)] == [
        "  <body>wherefore ", "      art thou Romeo", "      </body>",
    ]  # fmt: skip


def test_no_line_begins_with_the_space_it_was_broken_at() -> None:
    """Where a space would not fit into the line any more."""
    line = (("text", "wherefore art thou"), ("meta", " Romeo"))

    assert [text(each) for each in wrapped(line, 18, hanging=2)] == [
        "wherefore art thou",
        "  Romeo",
    ]


def test_long_word_is_broken_anywhere() -> None:
    """There is no other place."""
    assert [text(each) for each in wrapped((("text", "x" * 50),), 20)] == [
        "x" * 20, "    " + "x" * 16, "    " + "x" * 14,
    ]  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]), st.sampled_from([" ", "x", "xxxxx", "日本", "y" * 40])
        )
    ),
    st.integers(10, 50),
)
def test_nothing_is_lost_and_all_fits(line: list[tuple[str, str]], width: int) -> None:
    """Whatever the line, all of it is seen, in its inks."""
    lines = list(wrapped(tuple(line), width))
    squeezed = [text(each).replace(" ", "") for each in lines]

    assert "".join(squeezed) == text(tuple(line)).replace(" ", "")
    assert all(width_of(text(each)) <= width for each in lines)
