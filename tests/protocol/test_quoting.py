from xml.sax import saxutils

from hypothesis import given
from hypothesis import strategies as st

from xmppspy.protocol.quoting import escape, quoteattr

TEXTS = st.text(st.sampled_from("ab&<>\"'\n\r\té") | st.characters(), max_size=20)


@given(TEXTS)
def test_text_is_quoted_as_the_standard_library_does(text: str) -> None:
    """Character data and values are those that `xml.sax.saxutils` makes."""
    assert escape(text) == saxutils.escape(text)
    assert quoteattr(text) == saxutils.quoteattr(text)
