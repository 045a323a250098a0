import pytest

from xmppspy.analysis.words import (
    MASK,
    address,
    chars,
    counted,
    decoded_size,
    duration,
    harmless,
    joined,
    listed,
    moment,
    named,
    quoted,
    size,
    size_said,
    whole_number,
    word,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Soft! 👋🏽 ❤️", "Soft! 👋🏽 ❤️"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("c1 \x9b31m", r"c1 \x9b31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("half \ud83d", r"half \ud83d"),
        ("ju\u200bliet\u3164", r"ju\u200bliet\u3164"),
    ],
)
def test_text_is_harmless(text: str, shown: str) -> None:
    """Nothing acts on a terminal, and nothing is lost; emoji stay whole."""
    assert harmless(text) == shown


def test_words_are_folded_in_their_middle() -> None:
    """Both ends tell one long id from another."""
    folded = word("a" * 100 + "0123456789ab")

    assert folded == "a" * 47 + "…0123456789ab"
    assert len(folded) == 60


@pytest.mark.parametrize(
    ("text", "shown"), [(None, ""), ("", ""), (" m1\n", "m1"), ("a\x00", r"a\x00")]
)
def test_words(text: str | None, shown: str) -> None:
    """What is not there is empty; white space around is no part of it."""
    assert word(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi", '"Hi"'),
        ("", '""'),
        ("1\n  2\r\n\r\n3", '"1↵2↵3"'),
        ("0123456789x", '"0123456789…"'),
        ("\x1b]0;x\x07", r'"\x1b]0;x\x07"'),
    ],
)
def test_quotations(text: str, shown: str) -> None:
    """What a person wrote, on one line and not too long."""
    assert quoted(text, 10) == shown


def test_keys_of_files_are_masked_in_quotations() -> None:
    """The fragment of an aesgcm address is the file's key (XEP-0454)."""
    shown = quoted("see aesgcm://example.org/a.jpg#0123456789abcdef or not", 100)

    assert shown == f'"see aesgcm://example.org/a.jpg#{MASK} or not"'
    assert quoted("aesgcm://a aesgcm://b#k", 100) == f'"aesgcm://a aesgcm://b#{MASK}"'
    assert quoted("aesgcm://" * 100_000, 20) == '"aesgcm://aesgcm://ae…"'


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (9_999, "9,999 B"),
        (10_000, "10 kB"),
        (23_456, "23 kB"),
        (999_999, "1,000 kB"),
        (1_500_000, "1.5 MB"),
        (88_000_000, "88 MB"),
        (3_000_000_000, "3.0 GB"),
        (10**20, "100,000,000 TB"),
    ],
)
def test_sizes(count: int, shown: str) -> None:
    """Exact as long as people read them exactly."""
    assert size(count) == shown


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 12\n", 12),
        (None, None),
        ("", None),
        ("-1", None),
        ("²", None),
        ("1" * 30, None),
    ],
)
def test_numbers_of_peers(text: str | None, number: int | None) -> None:
    """What is no whole number is none."""
    assert whole_number(text) == number


def test_sizes_of_peers() -> None:
    """A size that is none is not told."""
    assert [size_said("4096"), size_said("big"), size_said(None)] == ["4,096 B", "", ""]


@pytest.mark.parametrize(
    ("base64", "length"), [("", 0), ("QQ==", 1), ("QUI=", 2), ("QUJD\n QUJD", 6)]
)
def test_decoded_sizes(base64: str, length: int) -> None:
    """The size of what base64 stands for."""
    assert decoded_size(base64) == length


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        ("300", "300s"),
        ("600", "10min"),
        ("7500", "2h 5min"),
        ("90061", "1d 1h"),
        ("never", "never"),
        (None, ""),
    ],
)
def test_durations(seconds: str | None, shown: str) -> None:
    """Short ones in seconds, as protocols count them."""
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://up.example.org/ab12/cat.jpg?token=x#k", "up.example.org/…/cat.jpg"),
        ("https://user:pw@example.org:443/", "example.org"),
        ("aesgcm://example.org/a.bin#secret", "example.org/…/a.bin"),
        ("cid:sha1+1234@bob.xmpp.org", f"cid:{MASK}"),
        ("cat.jpg", "cat.jpg"),
        ("http://[", MASK),
        ("", ""),
        (None, ""),
    ],
)
def test_addresses(url: str | None, shown: str) -> None:
    """Host and file tell one from another; what may be secret is left out."""
    assert address(url) == shown


def test_moments() -> None:
    """Fractions of seconds are not read."""
    assert moment("2026-11-22T07:40:12.345678Z") == "2026-11-22T07:40:12Z"


def test_counts() -> None:
    """One is singular."""
    counts = [counted(1, "item"), counted(0, "item"), counted(2, "identity", "identities")]

    assert counts == ["1 item", "0 items", "2 identities"]


def test_lengths() -> None:
    """Beside a text that may have been folded."""
    assert [chars("Hi"), chars("x")] == ["(2 chars)", "(1 char)"]


def test_lists() -> None:
    """The first few, and how many more."""
    assert [listed(["a", "b"]), listed(["a", "b", "c", "d", "e"], 2)] == ["a, b", "a, b +3"]


def test_empty_words_are_left_out() -> None:
    """No separator stands beside nothing."""
    assert joined(["a", "", "b"], ", ") == "a, b"


def test_values_with_names() -> None:
    """Those that there are; a name may be a word of Python with an underline."""
    assert named(from_="a", stanza_id="1\x1b", to=None) == r"from=a stanza-id=1\x1b"
