import pytest
from lxml import etree

from xmppspy.errors import MalformedXML
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.scripting.xml import XML, as_bytes, text_of


def _element() -> XML:
    (child,) = etree.fromstring("<a><b xmlns='jabber:client'>é</b>tail</a>")
    return child


@pytest.mark.parametrize(
    ("xml", "data"),
    [
        ("<a>é</a>", "<a>é</a>".encode()),
        (b"<a/> <b/>", b"<a/> <b/>"),
        (_element(), '<b xmlns="jabber:client">é</b>'.encode()),
    ],
)
def test_what_counts_as_xml(xml: XML, data: bytes) -> None:
    """Text, bytes and elements, the last ones without what stands behind them."""
    assert as_bytes(xml, DEFAULT_CONTEXT, check=True) == data


def test_only_what_is_checked_has_to_be_xml() -> None:
    """Faults can be made on purpose."""
    with pytest.raises(MalformedXML):
        as_bytes("<a", DEFAULT_CONTEXT, check=True)

    assert as_bytes("<a", DEFAULT_CONTEXT, check=False) == b"<a"


def test_anything_else_is_a_mistake() -> None:
    """A number is no XML."""
    with pytest.raises(TypeError, match="not int"):
        as_bytes(1, DEFAULT_CONTEXT, check=True)  # type: ignore[arg-type]


def test_texts_can_be_written() -> None:
    """Whatever it is, it becomes text that is UTF-8."""
    assert [text_of(each) for each in ("é", 1, None, "\udc00")] == ["é", "1", "None", "\\udc00"]
