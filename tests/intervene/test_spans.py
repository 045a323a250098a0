from hypothesis import given
from hypothesis import strategies as st

from tests.intervene.frames import cut, record
from xmppspy.intervene.spans import AttributeSpan, element_spans, qualified
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import Stanza

XML = (
    "<message ><!-- <a> --><p:a xmlns:p='urn:p'\tid = \"1\"><b/>x<![CDATA[</b>]]></p:a ></message>"
)


def spans(frame: FrameRecord) -> list[tuple[str, str, str]]:
    """Tags with what is between them, and that alone."""
    return [
        (
            str(element.tag),
            frame.data[span.start : span.stop].decode(),
            frame.data[span.inner : span.inner_stop].decode(),
        )
        for element, span in element_spans(frame.data, Stanza(frame)).items()
    ]


def test_each_element_of_the_tree_has_its_bytes() -> None:
    """What only looks like a tag is none."""
    inner = "<b/>x<![CDATA[</b>]]>"

    assert spans(record(XML)) == [
        ("{jabber:client}message", XML, XML[10:-10]),
        ("{urn:p}a", XML[22:-10], inner),
        ("{jabber:client}b", "<b/>", ""),
    ]


def test_attributes_are_found_with_their_white_space() -> None:
    """So that one can be taken out without a trace."""
    element = list(element_spans(XML.encode(), Stanza(record(XML))).values())[1]
    declaration, identifier = element.attributes

    assert XML[element.start : element.name_stop] == "<p:a"
    assert XML[declaration.start : declaration.stop] == " xmlns:p='urn:p'"
    assert identifier == AttributeSpan("id", declaration.stop, 49, 50, 51)
    assert XML[identifier.start : identifier.stop] == '\tid = "1"'
    assert XML[identifier.value : identifier.value_stop] == "1"


def test_a_header_is_open() -> None:
    """Its element has no end yet; an empty one and a whole one do."""
    (header,) = cut(f"<stream:stream xmlns:stream='{ns.STREAMS}'>".encode())
    (open_one,) = element_spans(header.data, Stanza(header)).values()
    message, _, empty = element_spans(XML.encode(), Stanza(record(XML))).values()

    assert open_one.is_open
    assert open_one.stop == len(header.data)
    assert (message.is_open, message.is_empty) == (False, False)
    assert (empty.is_open, empty.is_empty) == (False, True)


def test_nothing_is_said_of_what_is_broken() -> None:
    """There the tree is not what the bytes are, or there is none."""
    frame = record("<message><a></a><b</message>")
    cut_short = record("<message><a>x</a></message>")

    assert element_spans(frame.data, Stanza(frame)) == {}
    assert element_spans(cut_short.data[:-10], Stanza(record("<message><b/></message>"))) == {}
    assert element_spans(b" ", Stanza(record(" "))) == {}


def test_names_are_qualified_where_they_stand() -> None:
    """By the prefixes in force; attributes without one are in no namespace."""
    tree = Stanza(record("<message xmlns:p='urn:p'><a xmlns:q='urn:q'/></message>")).tree
    assert tree is not None

    assert [qualified(tree[0], name) for name in ("p:x", "q:x", "xml:lang", "x", "no:x")] == [
        "{urn:p}x", "{urn:q}x", f"{{{ns.XML}}}lang", "x", "no:x",
    ]  # fmt: skip


@given(st.binary(max_size=60))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    """Frames are hostile."""
    frame = cut(b"<stream><message><a>%s</a></message>" % data)[-1]

    assert len(element_spans(frame.data, Stanza(frame))) <= frame.data.count(b"<")
