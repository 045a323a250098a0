from collections.abc import Iterable
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.redaction.document import MAX_CARRY, MAX_DEPTH, Attribute, Document
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext


def read(*pieces: bytes, context: StreamContext = DEFAULT_CONTEXT) -> list[str]:
    """The pieces, each as `kind element bytes`."""
    document = Document(context)
    return [
        f"{piece.kind} {piece.element.local} {data[piece.start : piece.stop].decode()}".rstrip()
        for data in pieces
        for piece in document.read(data)
    ]


def attributes(*pieces: bytes) -> Iterable[dict[str, Attribute]]:
    """The attributes of every start tag."""
    document = Document(DEFAULT_CONTEXT)
    found = [piece for data in pieces for piece in document.read(data) if piece.kind == "start"]
    return [dict(piece.element.attributes) for piece in found]


def test_pieces() -> None:
    """Tags, texts, sections and asides, each in its element."""
    assert read(b"<a><b x='1'>t&amp;</b><!--c--><![CDATA[d]]><?e?></a>") == [
        "start a a", "start b b x='1'", "text b t&amp;", "end b", "aside a c", "cdata a d",
        "aside a e", "end a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("xml", "namespaces"),
    [
        (b"<a><b xmlns='urn:b'><c/></b><d/></a>",
         ["jabber:client", "urn:b", "urn:b", "jabber:client"]),
        (b"<p:a xmlns:p='urn:p'><p:b/></p:a>", ["urn:p", "urn:p"]),
        (b"<s:a/><u:a/>", ["urn:lent", None]),
    ],
)  # fmt: skip
def test_namespaces(xml: bytes, namespaces: list[str | None]) -> None:
    """Namespaces are those in scope, the stream's header included."""
    context = StreamContext(prefixes=MappingProxyType({"s": "urn:lent"}))
    pieces = Document(context).read(xml)
    found = [piece.element.namespace for piece in pieces if piece.kind == "start"]

    assert found == namespaces


def test_attribute_places() -> None:
    """An attribute is told by the place of its value, quotation marks aside."""
    found = list(attributes(b"<a x='1' p:y=\"&lt;\" x='2'/>"))

    assert found == [
        {"x": Attribute("1", 6, 7), "p:y": Attribute("<", 14, 18), "x 2": Attribute("2", 23, 24)}
    ]


@pytest.mark.parametrize(
    ("xml", "pieces"),
    [
        (b"</a>x", ["text  x"]),
        (b"<a><b></a>x", ["start a a", "start b b", "end b", "end a", "text  x"]),
        (b"<a b=c>x<d/>", ["start a a b=c", "text a x", "start d d", "end d"]),
        (b"<a b=c/>x<d/>", ["start a a b=c/", "text a x", "end a", "start d d", "end d"]),
        (b"<a", ["start a a", "end a"]),
        (b"<a b='c", ["start a a b='c", "end a"]),
        (b"< x", ["text   x"]),
        (b"<a></ a>x<", ["start a a", "text a x"]),
        (b"<a>x</", ["start a a", "text a x"]),
        (b"<!DOCTYPE a>", ["text   a>"]),
        (b"<a>x<!-- y", ["start a a", "text a x", "aside a  y"]),
        (b"\xff\0", None),
    ],
)
def test_mistakes(xml: bytes, pieces: list[str] | None) -> None:
    """What is not well-formed is read the way that finds most."""
    if pieces is None:
        assert [piece.kind for piece in Document(DEFAULT_CONTEXT).read(xml)] == ["text"]
    else:
        assert read(xml) == pieces


def test_tokens_in_two_pieces() -> None:
    """A tag that is cut is read again when the rest is there; its places are those of the rest."""
    assert read(b"<a><b x='1", b"2'>y", b"z</b", b"></a>") == [
        "start a a", "start b b x='1", "end b", "start b 2'", "text b y", "text b z", "end b",
        "end a",
    ]  # fmt: skip
    assert list(attributes(b"<b x='1", b"2'/>")) == [
        {"x": Attribute("1", 6, 7, whole=False)},
        {"x": Attribute("12", 0, 1, whole=False)},
    ]


def test_sections_in_two_pieces() -> None:
    """So is a section or a comment."""
    assert read(b"<a><![CDATA[x", b"y]", b"]>z", b"<!--u", b"v--></a>") == [
        "start a a", "cdata a x", "cdata a y]", "text a z", "aside a u", "aside a v", "end a",
    ]  # fmt: skip


def test_endless_tags() -> None:
    """Of a tag without end only the name is kept; what follows is a flood, up to its end."""
    long = b"x" * (MAX_CARRY + 1)

    assert [line[:10] for line in read(b"<a y='" + long, long, b"x'>t</a>")] == [
        "start a a ", "end a", "flood a xx", "flood a x'", "text a t", "end a",
    ]  # fmt: skip


def test_depth_is_bounded() -> None:
    """Elements that are nested without end do not fill the memory."""
    pieces = list(Document(DEFAULT_CONTEXT).read(b"<a>" * (2 * MAX_DEPTH)))

    assert len(pieces) == 2 * MAX_DEPTH
    assert max(piece.element.depth for piece in pieces) == MAX_DEPTH


_scraps = st.sampled_from(
    [b"<", b">", b"/", b"a", b"'", b"=", b" ", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>",
     b"</a>", b"<a b='c'>", b"\xc3", b"&lt;", b"<a b=c>"]
)  # fmt: skip


@given(st.lists(st.lists(_scraps, max_size=8).map(b"".join), max_size=5))
def test_places_are_inside(pieces: list[bytes]) -> None:
    """Whatever is read, every place is inside the bytes it was found in, and in order."""
    document = Document(DEFAULT_CONTEXT)
    for data in pieces:
        at = 0
        for piece in document.read(data):
            if piece.kind not in ("start", "end"):
                assert at <= piece.start < piece.stop <= len(data)
                at = piece.stop
            for attribute in piece.element.attributes.values() if piece.kind == "start" else ():
                assert 0 <= attribute.start <= attribute.stop <= len(data)
