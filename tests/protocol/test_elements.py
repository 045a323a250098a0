from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, NO_CONTEXT
from xmppspy.protocol.elements import Element


def test_start_tag_in_a_stream() -> None:
    """An element without declarations is in what its stream lends."""
    element = Element(b"stream:features", b" xml:lang='en' x='y'", DEFAULT_CONTEXT)

    assert (element.local, element.namespace) == ("features", ns.STREAMS)
    assert element.told == {"xml:lang": "en"}


def test_own_declarations_go_first() -> None:
    """What an element declares itself is in force for it and for its children."""
    region = b" xmlns='urn:d' xmlns:stream='urn:s' xmlnsx='no' xmlns:x=\"urn:&amp;\""
    element = Element(b"stream:a", region, DEFAULT_CONTEXT)
    for name, attributes in (
        (b"b", b""),
        (b"x:b", b""),
        (b"x:b", b" xmlns:x='urn:own'"),
        (b"b", b" xmlns=''"),
        (b"b", b" xmlns='urn:e' c='xmlns'"),
        (b"b", b" c='xmlns'"),
        (b"unknown:b", b""),
        (b"stream:b", b""),
    ):
        element.add_child(name, attributes)

    assert element.namespace == "urn:s"
    assert list(element.children) == ["urn:d", "urn:&", "urn:own", "urn:e", "urn:s"]


def test_undeclared_prefix_has_no_namespace() -> None:
    """A prefix that nothing declares leaves the element without a namespace."""
    element = Element(b"y:a", b"", DEFAULT_CONTEXT)

    assert (element.local, element.namespace) == ("a", None)
    assert element.resolve("xml") == ns.XML


def test_children_of_equal_tags_are_told_by_their_own_parent() -> None:
    """A start tag read before is not mistaken for one inside another element."""
    found = []
    for region in (b" xmlns:p='urn:1'", b" xmlns:p='urn:2'"):
        element = Element(b"a", region, DEFAULT_CONTEXT)
        element.add_child(b"p:x", b"")
        element.add_child(b"p:x", b" xmlns='urn:3'")
        found.append(list(element.children))

    assert found == [["urn:1"], ["urn:2"]]


def test_long_start_tags_are_read_alike() -> None:
    """The length of a child's attributes makes no difference."""
    element = Element(b"a", b"", DEFAULT_CONTEXT)
    element.add_child(b"b", b" id='" + b"x" * 1000 + b"' xmlns='urn:b'")

    assert list(element.children) == ["urn:b"]


def test_what_a_header_lends() -> None:
    """Prefixes without `xml`, the default namespace, the content's, the language."""
    region = (
        b" xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:server' "
        b"xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='fr'"
    )
    context = Element(b"stream", region, NO_CONTEXT).lends()

    assert (context.default, context.content, context.lang) == (ns.STREAMS, ns.SERVER, "fr")
    assert context.prefixes == {"c": ns.SERVER}


def test_what_a_bare_header_lends() -> None:
    """A header that declares nothing leaves its stream without a default namespace."""
    context = Element(b"stream:stream", b"", NO_CONTEXT).lends()

    assert (context.default, context.content, context.lang) == ("", ns.CLIENT, None)
