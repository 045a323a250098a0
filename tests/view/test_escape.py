import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from xmppspy.view.escape import (
    ASIDE,
    END,
    ESCAPE,
    decode,
    escape,
    escape_line,
    in_comment,
    unmarked,
)


def test_ordinary_text_stays() -> None:
    """Letters of any script, emoji and white space are harmless."""
    text = "Grüße, 日本語, שלום, می\u200cخواهم, 🌙👩\u200d🚀❤\ufe0f\n\tnext"

    assert escape(text) == text


def test_controls_are_shown() -> None:
    """C0, DEL, C1, bidirectional controls and invisible characters become their codes."""
    shown = {
        "\x1b[31m": r"\x1b[31m",
        "\x07": r"\x07",
        "\r": r"\x0d",
        "\x7f": r"\x7f",
        "\x9b": r"\x9b",
        "\u202e": r"\u202e",
        "\u2066": r"\u2066",
        "\u2028": r"\u2028",
        "\ufeff": r"\ufeff",
        "\u200b": r"\u200b",
        "\u2063": r"\u2063",
        "\xad": r"\xad",
        "\u3164": r"\u3164",
        "\U000e0041": r"\U000e0041",
        "\U000e0100": r"\U000e0100",
        "\ud800": r"\ud800",
    }

    assert {text: unmarked(escape(text)) for text in shown} == shown


def test_an_escape_stands_between_marks() -> None:
    """The painter can tell an escape from a backslash that was sent."""
    assert escape("\\x1b\x1b\x1b") == f"\\x1b{ESCAPE}\\x1b\\x1b{END}"


def test_a_line_holds_no_line_breaks() -> None:
    """Where one line is wanted, line breaks and tabs are shown as well, and what is not seen."""
    assert unmarked(escape_line("a\u3164\u200bb")) == r"a\u3164\u200bb"
    assert unmarked(escape_line("a\r\n\tb")) == r"a\r\n\tb"


def test_bytes_that_are_not_utf8_are_shown() -> None:
    """What cannot be decoded is not lost."""
    assert decode(b"caf\xe9 \xc3\xa9") == r"caf\xe9 é"


def test_comments_do_not_end_early() -> None:
    """No two hyphens in a row are left."""
    assert in_comment("a--b---c - d") == "a- -b- - -c - d"


@given(st.text())
def test_nothing_that_acts_is_left(text: str) -> None:
    """Whatever the text, no control or format character of it reaches the terminal."""
    clean = unmarked(escape_line(text))

    acting = [char for char in clean if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")]
    assert not acting


@given(st.text(alphabet=st.sampled_from(["a", ESCAPE, ASIDE, END])))
def test_marks_cannot_be_sent(text: str) -> None:
    """Marks in the traffic are escaped, so that nobody can paint with them."""
    clean = escape(text)

    assert clean.count(ESCAPE) == clean.count(END)
    assert ASIDE not in clean
