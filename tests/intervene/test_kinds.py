import pytest

from tests.intervene.acting import load
from xmppspy.intervene.kinds import Source
from xmppspy.intervene.values import BadValueError


def test_files_are_remembered_even_where_they_cannot_be_read() -> None:
    """They may be there when the rules are read again."""
    source = Source(load)
    source.text_of("push.xml")
    for name in ("no.xml", "latin.xml"):
        with pytest.raises(BadValueError, match=name):
            source.text_of(name)

    assert source.files == ["push.xml", "no.xml", "latin.xml"]


def test_an_error_without_a_number_says_what_it_says() -> None:
    """Loaders are not all alike."""

    def refuse(_: str) -> str:
        raise OSError("it lies outside")

    with pytest.raises(BadValueError, match=r"x\.xml: it lies outside"):
        Source(refuse).text_of("x.xml")
