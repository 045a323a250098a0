from hypothesis import given
from hypothesis import strategies as st

from xmppspy.view.escape import escape, unmarked
from xmppspy.view.fold import folded_mark
from xmppspy.view.marked import MARKED, lines, painted, spans


def test_painted_text_comes_apart_again() -> None:
    """Each piece with the name of its ink."""
    text = painted("error", "no") + painted("meta", " · ") + "plain"

    assert list(spans(text)) == [("error", "no"), ("meta", " · "), ("text", "plain")]


def test_escapes_and_remarks_have_inks_of_their_own() -> None:
    """What was escaped stands out also inside of another ink."""
    text = painted("value", escape("a\x07b") + folded_mark(9))

    assert list(spans(text)) == [
        ("value", "a"), ("escape", "\\x07"), ("value", "b"), ("aside", "…[9 B]"),
    ]  # fmt: skip


def test_inks_go_on_behind_line_breaks() -> None:
    """Each line has its own pieces."""
    text = painted("text", "one\n\ntwo") + painted("tag", "<a>") + "\n"

    assert list(lines(text)) == [(("text", "one"),), (), (("text", "two"), ("tag", "<a>"))]
    assert list(lines("")) == [()]


@given(st.lists(st.tuples(st.sampled_from(["tag", "kind", "text"]), st.text())))
def test_nothing_is_lost(pieces: list[tuple[str, str]]) -> None:
    """Any text that was made harmless comes out as it went in."""
    clean = [(ink, escape(text)) for ink, text in pieces]
    text = "".join(painted(ink, piece) for ink, piece in clean)

    assert "".join(piece for _, piece in spans(text)) == unmarked("".join(p for _, p in clean))
    assert MARKED.tag.on != MARKED.kind.on
