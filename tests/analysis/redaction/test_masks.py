from base64 import b64encode

import pytest

from xmppspy.analysis.redaction import masks as mask
from xmppspy.analysis.redaction.masks import Masks

_MASKS = Masks(b"key")
_TOKEN = b"0123456789abcdef"


def test_stars() -> None:
    """As many stars as bytes, or always as many."""
    assert _MASKS.stars(b"abc") == b"***"
    assert Masks(b"key", fixed=True).stars(b"abc") == b"********"
    assert Masks(b"key", fixed=True).stars(b"") == b""


def test_tokens() -> None:
    """The pseudonym depends on token and key, is as long, and is its own."""
    pseudonym = _MASKS.token(_TOKEN)

    assert len(pseudonym) == len(_TOKEN)
    assert pseudonym != _MASKS.token(_TOKEN[::-1]) != Masks(b"other").token(_TOKEN)
    assert _MASKS.token(pseudonym) == pseudonym
    assert _MASKS.token(_TOKEN[:-1]) == b"*" * 15


def test_nonces() -> None:
    """Another value of about the same length, also for a short one."""
    assert len(_MASKS.nonce(b"abc")) == 16
    assert len(_MASKS.nonce(b"a" * 40)) == 40
    assert _MASKS.nonce(b"abc") == _MASKS.nonce(b"abc") != _MASKS.nonce(b"abd")


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (b"Basic abc=", b"Basic ****"),
        (b"Bearer abc", b"Bearer ***"),
        (b"abc def", b"*******"),
        (b"Bearer", b"******"),
    ],
)
def test_headers(value: bytes, masked: bytes) -> None:
    """The scheme of authorization stays."""
    assert _MASKS.header(value) == masked


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        (b"YWJj", b"Kioq"),
        (b"Y W\nJj", b"K i\noq"),
        (b"=", b"="),
        (b"abc", b"***"),
        (b"YWJj!", b"*****"),
        (b"YR==", b"****"),
    ],
)
def test_base64(raw: bytes, masked: bytes) -> None:
    """What base64 holds is masked inside it; what only looks like it is masked whole."""
    assert _MASKS.base64(raw) == masked


def test_white_space_stays_when_lengths_differ() -> None:
    """Folded base64 is folded afterwards, at the same places as far as it goes."""
    assert mask.recode(b"YWJj\n ZGVm", lambda _: b"abc") == b"YWJj\n "
    assert mask.recode(b"YW\nJj", lambda _: b"abcdef") == b"YW\n" + b64encode(b"abcdef")[2:]


@pytest.mark.parametrize(
    ("raw", "literal", "masked"),
    [
        (b"a b\nc", False, b"* *\n*"),
        ("é&amp;&#65;&#x41;".encode(), False, b"****"),
        (b"&amp;", True, b"*****"),
        (b"a&foo;b", False, b"*&foo;*"),
        (b"a & b", False, b"* & *"),
        (b"a\xffb", False, b"*\xff*"),
        (b"a\x01&#1;&#x0;&#9;&#x110000;", False, b"*\x01&#1;&#x0;*&#x110000;"),
    ],
)  # fmt: skip
def test_characters(raw: bytes, literal: bool, masked: bytes) -> None:
    """Each character is a star; mistakes stay."""
    assert mask.characters(raw, literal=literal) == masked


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        (b"https://up.example:5281/a1/b.jpg?x=1#k", b"https://up.example:5281/**/*.***?*=*#*"),
        (b"cid:abc", b"cid:***"),
        (b"abc", b"***"),
    ],
)
def test_urls(raw: bytes, masked: bytes) -> None:
    """Of a URL only the host stays, and the form."""
    assert mask.url(raw) == masked
    assert mask.url(masked) == masked


@pytest.mark.parametrize("value", [b"", b"*", b"*0123abcd*******"])
def test_masks_are_recognised(value: bytes) -> None:
    """A mask is known for one, and other values are not."""
    assert mask.is_masked(value)
    assert not mask.is_masked(value + b"x")
