import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.filters.samples import BORROWING, CLIENT, COMPONENT, PREFIX_FREE, cut, frame
from xmppspy.analysis import registry
from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.content import continues
from xmppspy.protocol.stanza import Stanza


def _matches(text: str, xml: str | bytes, header: bytes = CLIENT) -> bool:
    return Filter(text).match(frame(xml, header))


@pytest.mark.parametrize(
    ("value", "matching", "others"),
    [
        ("urn:xmpp:mam", ["urn:xmpp:mam", "urn:xmpp:mam:2"], ["urn:xmpp:mamfc:0", "urn:xmpp"]),
        ("http://jabber.org/protocol/muc", ["http://jabber.org/protocol/muc#user"], ["x"]),
        ("http://jabber.org", ["http://jabber.org/protocol/muc"], ["http://jabber.organ/"]),
        ("urn:xmpp:mam:", ["urn:xmpp:mam:2"], ["urn:xmpp:mam", "urn:xmpp:mamm:2"]),
        ("jabber:iq:roster", ["jabber:iq:roster"], ["jabber:iq:roster2", "Jabber:iq:roster"]),
    ],
)
def test_a_namespace_is_continued_after_a_separator(
    value: str, matching: list[str], others: list[str]
) -> None:
    """`:` `#` and `/` separate, so that a value means every version and part."""
    match = continues(value)

    assert [namespace for namespace in matching + others if match(namespace)] == matching


@pytest.mark.parametrize(
    "xml",
    [
        "<x xmlns='urn:a:1'/>",
        "<iq><x xmlns='urn:a:1'/></iq>",
        "<iq><y><z><x xmlns='urn:a:1'/></z></y></iq>",
        "<iq><y xmlns:p='urn:a:1'><p:x/></y></iq>",
        "<iq><y><x xmlns='u&#114;n:a:1'/></y></iq>",
        "<iq><y><x xmlns='urn:&#x61;:1'/></y></iq>",
    ],
)
def test_namespaces_at_any_depth(xml: str) -> None:
    """Of the element or of any element inside it, however it is written."""
    assert _matches("ns:urn:a", xml)
    assert _matches("ns=urn:a:1", xml)
    assert _matches("ns~^urn:.:1$", xml)
    assert not _matches("ns=urn:a or ns:urn:a:1:2 or ns:rn:a", xml)


def test_only_namespaces_of_elements_count() -> None:
    """Neither declarations that nothing uses, nor text that looks like one, nor attributes."""
    for xml in ("<iq xmlns:p='urn:a'/>", "<iq><x>urn:a</x></iq>", "<iq><x y='urn:a'/></iq>",
                "<iq xmlns:p='urn:a' p:b=''/>", "<iq><!-- <x xmlns='urn:a'/> --></iq>"):  # fmt: skip
        assert not _matches("ns:urn:a", xml)


def test_namespaces_that_the_header_lends() -> None:
    """The bytes of a stanza need not hold its namespaces."""
    assert _matches("ns:jabber:server:dialback", "<db:result/>", BORROWING)
    assert _matches("ns:jabber:server:dialback", "<iq><x><db:y/></x></iq>", BORROWING)
    assert _matches("ns=jabber:server", "<stream:features><x/></stream:features>", BORROWING)
    assert not _matches("ns:jabber:server:dialback", "<iq/>", BORROWING)
    assert _matches("ns:http://www.w3.org/XML/1998/namespace", "<iq><y><xml:x/></y></iq>")


@pytest.mark.parametrize("header", [CLIENT, COMPONENT, BORROWING, PREFIX_FREE])
def test_the_content_namespace_is_a_namespace(header: bytes) -> None:
    """Of a stanza, in whatever style; white space and end tags have none."""
    record = cut(header + b"<iq><x/></iq> </stream:stream>")[1:]
    namespace = "jabber:client"
    for name in (b"jabber:server", b"jabber:component:accept"):
        namespace = name.decode() if name + b"'" in header else namespace
    if header == PREFIX_FREE:
        record = cut(header + b"<iq xmlns='jabber:client'><x/></iq> </stream>")[1:]

    assert [Filter(f"ns:{namespace}").match(frame) for frame in record] == [True, False, False]
    assert [Filter(f"ns~{namespace}").match(frame) for frame in record] == [True, False, False]


_names = st.sampled_from(["a", "p:b", "db:c", "stream:d", "xml:e"])
_namespaces = st.sampled_from(
    ["urn:a", "urn:a:1", "urn:a&#58;1", "urn&#x3A;b", "jabber:client", "jabber:server", "urn:é", "",
     "urn:x&amp;y", "http://etherx.jabber.org/streams"]
)  # fmt: skip


@st.composite
def _elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(_names)
    declared = {"p": draw(_namespaces.filter(bool)), "": draw(st.none() | _namespaces)}
    attributes = "".join(
        f" xmlns{':' if prefix else ''}{prefix}='{namespace}'"
        for prefix, namespace in declared.items()
        if namespace is not None
    )
    inner = draw(st.lists(_elements(depth + 1), max_size=2)) if depth < 3 else []
    return f"<{name}{attributes}>{''.join(inner)}</{name}>"


@given(
    _elements(),
    st.sampled_from([CLIENT, COMPONENT, BORROWING, PREFIX_FREE]),
    st.sampled_from(["urn:a", "urn:a:1", "urn", "jabber", "jabber:server", "urn:é", "urn:x&y",
                     "http://etherx.jabber.org/streams", "http", "jabber:server:dialback"]),
    st.sampled_from(":=~"),
)  # fmt: skip
def test_looking_before_parsing_never_errs(
    xml: str, header: bytes, value: str, operator: str
) -> None:
    """Keys and bytes that spare the tree say what the tree would have said."""
    record = frame(xml, header)
    found = Stanza(record).namespaces
    matches = {
        ":": continues(value),
        "=": lambda namespace: namespace == value,
        "~": lambda namespace: value in namespace,
    }[operator]

    assert Filter(f"ns{operator}{value}").match(record) == any(map(matches, found))


@pytest.mark.parametrize(
    "xml",
    [
        "<x xmlns='urn:xmpp:mam:2'/>", "<iq><x xmlns='urn:xmpp:mam:1'/></iq>",
        "<iq><y><x xmlns='urn:xmpp:mam:7'/></y></iq>", "<iq><y><x xmlns='urn:xmpp:mam:2#x'/></y></iq>",
        "<iq><y xmlns:p='urn:xmpp:mam:2'><p:x/></y></iq>",
        "<iq><y><x xmlns='urn:xmpp:m&#97;m:2'/></y></iq>",
        "<iq><y><x xmlns='http://www.xmpp.org/extensions/xep-0313.html#ns'/></y></iq>",
    ],
)  # fmt: skip
def test_specifications_of_namespaces_at_any_depth(xml: str) -> None:
    """Of any version and part of the namespace, however it is written."""
    assert _matches("xep:0313 xep:313 xep:XEP-0313 xep=0313 xep~^03", xml)
    assert not _matches("xep:0312 or xep=0060 or xep~^1", xml)


def test_rfcs_count_as_well() -> None:
    """Stanzas are in a namespace of RFC 6120, rosters in one of RFC 6121."""
    xml = "<iq><query xmlns='jabber:iq:roster'/></iq>"

    assert _matches("xep:RFC6121 xep:rfc-6121 xep:'rfc 6121' xep=RFC6121 xep:rfc6120", xml)
    assert not _matches("xep:6121 or xep:RFC6121", "<iq><x xmlns='google:roster'/></iq>")


def test_what_has_no_number_draws_an_answer() -> None:
    """Neither a name nor a number too long; what is known to match nothing draws a hint."""
    for value in ("mam", "03130", "''"):
        with pytest.raises(FilterError, match="is no number of a XEP"):
            Filter(f"xep:{value}")
    assert Filter("xep:9999").hints == ("no namespace of XEP-9999 is known",)
    assert Filter("xep=313").hints == ("xep=313 matches nothing, xep=0313 does",)
    assert Filter("xep=0313 xep:198 xep~x").hints == ()


_listed = st.sampled_from([cells[0] for cells in registry.rows()])


@given(
    _listed,
    st.sampled_from(["", ":7", "#x", "+notify", "-x"]),
    st.sampled_from(["0313", "0384", "0045", "0234", "RFC6120", "RFC6963", "9999"]),
    st.sampled_from([CLIENT, BORROWING]),
)
def test_looking_for_specifications_before_parsing_never_errs(
    namespace: str, suffix: str, wanted: str, header: bytes
) -> None:
    """Keys and bytes that spare the tree say what the tree would have said."""
    record = frame(f"<iq><y xmlns='urn:y'><x xmlns='{namespace}{suffix}'/></y></iq>", header)
    known = [registry.lookup(each) for each in Stanza(record).namespaces]
    found = {each.id for each in known if each is not None}

    assert Filter(f"xep:{wanted}").match(record) == (registry.identifier(wanted) in found)


def test_names_of_elements_inside() -> None:
    """Local names, at any depth, in any namespace; not the element's own."""
    xml = "<iq><query xmlns='urn:q'><p:item xmlns:p='urn:p'>text</p:item></query></iq>"

    assert _matches("name:query name:item name=item name~^it", xml)
    assert not _matches("name:iq or name:Item or name:ite or name:p:item or name:text", xml)
    assert _matches("name:é", "<iq><é/></iq>")


def test_bodies_contain_in_any_case() -> None:
    """References and sections are resolved; only bodies of messages count."""
    xml = "<message><subject>Hi</subject><body>Tom &amp; <![CDATA[J&]]>&#101;rry</body></message>"

    assert _matches("body:'TOM & J&ERRY' body='Tom & J&erry' body~J&e", xml)
    assert not _matches("body:Hi or body:amp or body~JERRY or body='Tom & J&ERRY'", xml)
    assert not _matches("body:''", "<message/>")


def test_forwarded_bodies_are_found() -> None:
    """In carbons and archives, and on a component's link too."""
    xml = (
        "<message><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        "<message xmlns='jabber:client'><body>Wherefore</body></message></forwarded></sent>"
        "</message>"
    )

    assert _matches("body:wherefore", xml)
    assert _matches("body:wherefore", xml, COMPONENT)


def test_text_is_all_character_data() -> None:
    """Across elements, without names, attributes and comments."""
    xml = "<iq a='attr'><x>Where</x><y>fore &lt;art&gt;</y><!-- note --></iq>"

    assert _matches("text:'wherefore <ART>' text='Wherefore <art>' text~^W", xml)
    assert not _matches("text:attr or text:iq or text:note or text~^w", xml)
    assert not _matches("text:''", " ")


def test_raw_is_the_bytes() -> None:
    """As they came: names, marks, references, comments."""
    xml = '<iq  a="Ü"><!-- Note -->&lt;</iq>'

    assert _matches("raw:'<IQ  A=' raw:ü raw:note raw:&LT; raw~[\"]Ü raw~^<iq", xml)
    assert not _matches("raw:'<iq a' or raw~NOTE or raw=iq", xml)
    assert _matches("raw='<iq/>'", "<iq/>")


def test_raw_finds_things_in_bytes_that_are_no_text() -> None:
    """TLS records, and text that is not UTF-8, around what can be read."""
    record = cut(b"\x16\x03\xff example.ORG \xc3\xbc")[0]

    assert Filter("raw:example.org raw~^\\x16\\x03 raw:Ü").match(record)
    assert not Filter("raw:ÿ").match(record)


def test_what_is_not_well_formed_can_still_be_found() -> None:
    """A broken stanza is often the one that is looked for."""
    xml = "<message><u:x/><body>Hi \x01 there</body><y xmlns='urn:y'/></message>"

    assert _matches("body:there name:y name:x ns:urn:y text:hi xpath:c:body", xml)
