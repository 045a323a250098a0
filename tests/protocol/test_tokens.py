import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.streams import spoilt, streams
from xmppspy.protocol.tokens import (
    Token,
    attribute_spans,
    attribute_value,
    attributes,
    character_data,
    children,
    start_tag,
    tokens,
)

KINDS = {"text", "start", "end", "empty", "comment", "cdata", "pi", "rest"}


def kinds(data: bytes) -> list[str]:
    """The kinds of the tokens in `data`."""
    return [token.kind for token in tokens(data)]


@given(st.one_of(spoilt(), st.binary(max_size=60), streams().map(b"".join)))
@settings(max_examples=40)
def test_tokens_cover_whatever_they_are_given(data: bytes) -> None:
    """No input fails; the tokens stand one behind the other, from the first byte to the last."""
    found = list(tokens(data))

    assert b"".join(data[token.start : token.stop] for token in found) == data
    assert [token.start for token in found[1:]] == [token.stop for token in found[:-1]]
    assert {token.kind for token in found} <= KINDS


@given(streams().map(b"".join))
@settings(max_examples=40)
def test_well_formed_xml_leaves_no_rest(data: bytes) -> None:
    """Every well-formed piece of markup is known."""
    assert "rest" not in kinds(data)


def test_tokens_of_each_kind() -> None:
    """Tags carry their names, prefix included."""
    data = b"<?x y?><a:b c='>'>t<d/><!-- > --><![CDATA[<e>]]></a:b >"

    assert [(token.kind, token.name) for token in tokens(data)] == [
        ("pi", b""),
        ("start", b"a:b"),
        ("text", b""),
        ("empty", b"d"),
        ("comment", b""),
        ("cdata", b""),
        ("end", b"a:b"),
    ]


@pytest.mark.parametrize("rest", [b"<b", b"<b c='>", b"<!-- -- >", b"<b c=d>x", b"<", b"<!x>"])
def test_what_is_no_whole_token_is_rest(rest: bytes) -> None:
    """Behind the last whole token, all the rest is one token."""
    assert list(tokens(b"<a>" + rest)) == [
        Token("start", 0, 3, b"a"),
        Token("rest", 3, 3 + len(rest)),
    ]


def test_nothing_has_no_tokens() -> None:
    """Empty input gives none, text alone gives one."""
    assert kinds(b"") == []
    assert kinds(b"x > y") == ["text"]


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"<a/>", b"a"), (b"<?xml version='1.0'?> <b><c/></b>", b"b"), (b"x <!-- <c> -->", None)],
)
def test_start_tag(data: bytes, name: bytes | None) -> None:
    """The first start tag is found behind whatever stands in front of it."""
    token = start_tag(data)

    assert (token.name if token else None) == name


def test_attributes() -> None:
    """Names and values in order; duplicates, white space and both quotes are as written."""
    region = b" a = '1'\n\tb:c=\"it's\" a='' \xc3\xa9='\xc3\xa9' d='x=\"y\"'"

    assert list(attributes(region)) == [
        ("a", "1"), ("b:c", "it's"), ("a", ""), ("é", "é"), ("d", 'x="y"'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"a&amp;&lt;&gt;&quot;&apos;b", "a&<>\"'b"),
        (b"&#65;&#x42;&#X43;&#x1F600;", "AB&#X43;😀"),
        (b"&#00000000065;&#x0000000041;", "AA"),
        (b"a\tb\nc\r\nd\re", "a b c d e"),
        (b"a&#10;&#9;b", "a\n\tb"),
        (b"&amp;lt;", "&lt;"),
        (b"&nbsp; & &; &#; &#x;", "&nbsp; & &; &#; &#x;"),
        (b"&#xD800;&#x110000;&#9999999;&#0;", "&#xD800;&#x110000;&#9999999;&#0;"),
        (b"\xff\xc3\xa9", "\ufffdé"),
    ],
)
def test_attribute_value(raw: bytes, value: str) -> None:
    """References are resolved once, white space is normalised, the impossible stays."""
    assert attribute_value(raw) == value


def test_character_data() -> None:
    """In text, references are resolved and white space stays."""
    assert character_data(b"a\n&lt;b&#x26;\xff") == "a\n<b&\ufffd"
    assert character_data(b"a\tb") == "a\tb"


def test_attribute_spans() -> None:
    """Where a value stands is told without its quotes, in the whole of the bytes."""
    data = b"<a b='c' d = \"e>\" f=''>"

    assert [(name, data[start:stop]) for name, start, stop in attribute_spans(data, 2, 23)] == [
        ("b", b"c"),
        ("d", b"e>"),
        ("f", b""),
    ]


def test_children() -> None:
    """Each child element with its span, its name, and its tag's attributes."""
    first, second, third = b"<b c='>'><b/></b>", b"<d\n/>", b"<x:e></x:e>"
    data = (
        b"<?p?><a z='1'>t" + first + b"<!--<n/>-->" + second + b"<![CDATA[<n>]]>" + third + b"</a>"
    )
    found = children(data)

    assert [data[child.start : child.stop] for child in found] == [first, second, third]
    assert [child.name for child in found] == [b"b", b"d", b"x:e"]
    assert list(attributes(found[0].attributes)) == [("c", ">")]


@pytest.mark.parametrize("data", [b"", b"text", b"<a/>", b"<a></a>", b"<a>t</a>", b"<a><b>"])
def test_elements_without_children(data: bytes) -> None:
    """An element without children, or cut off inside its first one, has none."""
    assert children(data) == []


@given(st.one_of(spoilt(), st.binary(max_size=60)))
@settings(max_examples=40)
def test_children_of_whatever_is_given(data: bytes) -> None:
    """No input fails; the children stand in order and do not overlap."""
    edges = [edge for child in children(data) for edge in (child.start, child.stop)]

    assert edges == sorted(edges)
