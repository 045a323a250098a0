import base64
import time

import pytest

from xmppspy.view.escape import escape, unmarked
from xmppspy.view.fold import BASE64_LIMIT, PROSE_LIMIT, cut, fold, size_of, width_of, wrapped

PICTURE = base64.b64encode(bytes(range(256)) * 18).decode()


def shown(text: str) -> str:
    """The folded text as a person sees it."""
    return unmarked(fold(escape(text), len(text.encode())))


def test_short_text_stays() -> None:
    """Hashes, keys and most SASL messages are short enough to be read."""
    key = "A" * BASE64_LIMIT

    assert shown(key) == key


def test_long_base64_is_folded() -> None:
    """Its beginning stays, then comes its size."""
    assert shown(PICTURE) == PICTURE[:40] + "…[6,144 B]"


def test_base64_on_many_lines_is_one_run() -> None:
    """MIME's line breaks belong to it."""
    lines = "\n".join(PICTURE[at : at + 76] for at in range(0, len(PICTURE), 76))

    assert shown(lines) == PICTURE[:40] + f"…[{len(lines):,} B]"


def test_only_the_base64_of_a_text_is_folded() -> None:
    """A data URI keeps what tells its type."""
    assert shown(f"data:image/png;base64,{PICTURE}, and") == (
        f"data:image/png;base64,{PICTURE[:40]}…[6,144 B], and"
    )


def test_long_prose_is_folded() -> None:
    """A long text is cut after some lines; the size is that of all of it, in bytes."""
    text = "wörd " * 400

    assert shown(text) == text[:600] + "…[2,400 B]"


def test_prose_is_not_cut_inside_an_escape() -> None:
    """Of an escape all is shown or nothing."""
    text = "." * 598 + "\x1b" + "." * PROSE_LIMIT

    assert shown(text) == "." * 598 + f"…[{len(text):,} B]"


@pytest.mark.parametrize("text", [("A" * 76 + "\n") * 100_000 + "==", ("A" * 59 + " ") * 100_000])
def test_folding_is_linear(text: str) -> None:
    """Megabytes that look almost like base64 are no trap."""
    begin = time.perf_counter()
    fold(text, len(text))

    assert time.perf_counter() - begin < 5


def test_widths_are_columns() -> None:
    """East Asian characters take two, combining ones none, marks none."""
    widths = {"abc": 3, "日本": 4, "e\u0301": 1, "🌙": 2, escape("\x1b"): 4}

    assert {text: width_of(text) for text in widths} == widths


def test_cutting_keeps_to_the_room() -> None:
    """What is cut off is replaced by one character, which has room too."""
    cuts = [cut("Romeo", 5), cut("Romeo!", 5), cut("日本語", 5), cut("日本語", 4)]

    assert cuts == ["Romeo", "Rome…", "日本…", "日…"]


def test_cutting_leaves_no_half_escape() -> None:
    """An escape at the edge goes as a whole."""
    assert cut(escape("ab\x1bcd"), 5) == "ab…"


def test_wrapped_text_loses_nothing() -> None:
    """Words stay whole, and options of a command line too."""
    text = "start it with --channel-binding keep, and " + "x" * 30

    assert wrapped(text, 4, 40, "  ") == (
        "start it with --channel-binding\n  keep, and\n  " + "x" * 30
    )
    assert wrapped("short", 4, 40, "  ") == "short"


def test_sizes_have_thousands() -> None:
    """Sizes are read by people."""
    assert size_of(1234567) == "1,234,567 B"
