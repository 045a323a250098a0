from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.queries import masked, tail_of

_MASKS = Masks(b"key")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (b"xmpp:a?join;password=bc", b"xmpp:a?join;password=**"),
        (b"xmpp:a?preauth=bc;ibr=y", b"xmpp:a?preauth=**;ibr=y"),
        (b"https://a/?b=c&amp;token=d%2Fe&amp;f=g", b"https://a/?b=c&amp;token=*****&amp;f=g"),
        (b"https://a/#token=b%26c", b"https://a/#token=*%26c"),
        (b"https://a/%3Fpreauth%3Dbc%3Bd", b"https://a/%3Fpreauth%3D**%3Bd"),
        (b"?token=a&#65;b c", b"?token=******* c"),
        (b"token=a", b"token=*"),
        (b"atoken=a, a token=b", b"atoken=a, a token=b"),
        (b"?token=", b"?token="),
    ],
)
def test_parameters(text: bytes, left: bytes) -> None:
    """The value of a secret parameter is masked up to its end, however the URI is written."""
    assert masked(text, _MASKS) == left
    assert masked(left, _MASKS) == left


def test_long_tokens_get_pseudonyms() -> None:
    """Of a token it can be seen whether it is the same; of a password it cannot."""
    token = masked(b"?token=0123456789abcdef", _MASKS)
    password = masked(b"?password=0123456789abcdef", _MASKS)

    assert token.startswith(b"?token=*")
    assert token.strip(b"*") != b"?token="
    assert password == b"?password=" + b"*" * 16


@given(
    st.lists(
        st.sampled_from([b"?", b";", b"password=", b"password", b"%3D", b"=", b"a", b" ", b"&"])
    ),
    st.lists(st.integers(0, 40), max_size=8),
)
def test_texts_in_pieces(parts: list[bytes], cuts: list[int]) -> None:
    """A text that comes in pieces is masked as if it came at once."""
    text = b"".join(parts)
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    tail, result = b"", b""
    for start, stop in pairwise(places):
        piece = text[start:stop]
        result += masked(piece, _MASKS, tail)
        tail = tail_of(piece, tail)

    assert len(result) == len(text)
    assert [at for at, byte in enumerate(masked(text, _MASKS)) if byte != text[at]] == [
        at for at, byte in enumerate(result) if byte != text[at]
    ]
