from dataclasses import replace

import pytest

from tests.filters.samples import BORROWING, CLIENT, COMPONENT, PREFIX_FREE, SPOKEN, cut, frame
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza, character_data, read

DELAY = "urn:xmpp:delay"


def test_a_stanza_is_read_in_its_streams_context() -> None:
    """An element without declarations of its own is in the namespace that the header declares."""
    stanza = Stanza(frame("<message><body>Hi</body></message>"))

    assert stanza.tree is not None
    assert stanza.tree.tag == "{jabber:client}message"
    assert stanza.tree.getroottree().getroot() is stanza.tree
    assert stanza.well_formed


def test_prefixes_of_the_header_are_in_force() -> None:
    """What dialback and stream elements borrow from the header is resolved."""
    result = Stanza(frame("<db:result><db:x/><stream:y/></db:result>", BORROWING))

    assert result.namespaces == {"jabber:server:dialback", "http://etherx.jabber.org/streams"}
    assert result.names == {"x", "y"}
    assert result.well_formed


def test_what_the_element_declares_itself_stands() -> None:
    """A declaration of the header never replaces one on the start tag."""
    own = "<db:x xmlns:db='urn:mine' xmlns='urn:other'><y/></db:x>"

    assert Stanza(frame(own, BORROWING)).namespaces == {"urn:mine", "urn:other"}


def test_a_namespace_may_hold_any_character() -> None:
    """Marks and white space in a header's namespace are carried over as they are."""
    context = StreamContext(default="urn:a'\"<&>\n\t b", content="urn:a'\"<&>\n\t b")
    stanza = Stanza(Frame("message", b"<message/>", context=context))

    assert stanza.namespaces == {"urn:a'\"<&>\n\t b"}
    assert not stanza.well_formed  # only because that is no URI


@pytest.mark.parametrize("prefix", ["1a", "a b", "a:b", "", "é\ud800"])
def test_an_impossible_prefix_of_a_header_does_no_harm(prefix: str) -> None:
    """A header that no parser would accept does not make its stanzas unreadable."""
    context = StreamContext(prefixes={prefix: "urn:x"})
    data = f"<message>{prefix}:</message>".encode(errors="replace")
    stanza = Stanza(Frame("message", data, context=context))

    assert stanza.well_formed
    assert stanza.namespaces == {"jabber:client"}


def test_a_header_is_read_as_an_element_without_content() -> None:
    """A stream header has a tree although its end tag is hours away."""
    header = Stanza(cut(BORROWING)[0])

    assert header.tree is not None
    assert header.tree.tag == "{http://etherx.jabber.org/streams}stream"
    assert header.tree.get("version") == "1.0"
    assert header.well_formed
    assert header.lang == "it"


def test_a_header_that_closes_itself_is_read_too() -> None:
    """`<stream:stream …/>` is a header and an end in one."""
    closed = CLIENT.replace(b">", b"/>")

    assert Stanza(cut(closed)[0]).well_formed


@pytest.mark.parametrize("xml", ["\n", "</stream:stream>", "<!-- c -->", "<?pi x?>", "stray", "<"])
def test_what_has_no_start_tag_has_no_tree(xml: str) -> None:
    """White space, end tags, comments, instructions and stray text are no elements."""
    stanza = Stanza(frame(xml))

    assert stanza.tree is None
    assert not stanza.well_formed
    assert not stanza.names | stanza.namespaces
    assert (stanza.bodies, stanza.text) == ((), "")
    assert stanza.content == "jabber:client"


def test_what_is_not_well_formed_is_recovered() -> None:
    """An undeclared prefix, a bad character or an unknown entity leaves the rest to be seen."""
    for fault in ("<u:x/>", "\x01", "&nope;", "<x a='1' a='2'/>"):
        stanza = Stanza(frame(f"<message>{fault}<body>Hi</body></message>"))

        assert stanza.bodies == ("Hi",)
        assert not stanza.well_formed
    assert "x" in Stanza(frame("<message><u:x/></message>")).names


def test_an_unfinished_stanza_is_recovered() -> None:
    """Of a stanza that was cut off, what had arrived can be seen."""
    [_, partial] = cut(CLIENT + b"<message><body>Half a sen")
    stanza = Stanza(partial)

    assert partial.kind == "partial"
    assert stanza.bodies == ("Half a sen",)
    assert not stanza.well_formed


def test_bytes_that_are_no_xml_have_no_tree() -> None:
    """TLS records and other unframed bytes do no harm."""
    for data in (b"\x16\x03\x01\x00\xff", b"<a b=c>", b"", b"\xff\xfe<\x00a\x00/\x00>\x00"):
        assert Stanza(Frame("opaque", data)).tree is None


def test_nothing_is_expanded_or_fetched() -> None:
    """Entities, external ones too, and document types have no effect."""
    declared = b"<!DOCTYPE x [<!ENTITY e 'boom'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    for kind in ("iq", "stream", "partial", "opaque"):
        stanza = Stanza(Frame(kind, declared + b"<x>&e;&f;</x>"))

        assert "boom" not in stanza.text
        assert "root:" not in stanza.text


def test_deep_and_large_stanzas_are_read_or_refused() -> None:
    """Neither thousands of levels nor megabytes of text do any harm."""
    deep = Stanza(Frame("iq", b"<iq>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</iq>"))
    large = Stanza(Frame("iq", b"<iq>" + b"x" * 11_000_000 + b"</iq>"))

    assert not deep.well_formed
    assert len(large.text) == 11_000_000


def test_names_are_those_inside() -> None:
    """The element's own name is its kind; comments and instructions have none."""
    xml = "<iq><query xmlns='jabber:iq:roster'><item/><!-- c --><?p i?></query></iq>"

    assert Stanza(frame(xml)).names == {"query", "item"}


def test_namespaces_are_of_all_elements() -> None:
    """The element's own namespace counts, those of attributes do not, nor does none at all."""
    xml = f"<iq><a xmlns='urn:a' xml:lang='en'><b xmlns=''/></a><p:c xmlns:p='{DELAY}'/></iq>"

    assert Stanza(frame(xml)).namespaces == {"jabber:client", "urn:a", DELAY}


def test_text_is_all_character_data() -> None:
    """References and sections are resolved; comments are no text, white space is."""
    xml = "<message><body>a&lt;&#98;<![CDATA[&c]]></body> <!-- no --><x>d</x></message>"

    assert Stanza(frame(xml)).text == "a<b&c d"


def test_every_body_of_the_content_namespace_counts() -> None:
    """Bodies in several languages, and none of another namespace."""
    xml = (
        "<message><body>one</body><body xml:lang='de'>e<i>in</i>s</body><body xmlns='urn:x'>no"
        "</body><html xmlns='urn:h'><body>no</body></html></message>"
    )

    assert Stanza(frame(xml)).bodies == ("one", "eins")


@pytest.mark.parametrize("header", [CLIENT, COMPONENT, CLIENT.replace(b"jabber:client", b"urn:x")])
def test_the_content_namespace_is_the_streams(header: bytes) -> None:
    """On a component's link, or in any other, stanzas have bodies as they have in a client's."""
    stanza = Stanza(frame("<message><body>Hi</body></message>", header))

    assert stanza.bodies == ("Hi",)
    assert {stanza.content} == stanza.namespaces


def test_forwarded_bodies_count() -> None:
    """In `<forwarded/>` a body of any content namespace counts; elsewhere not."""
    inner = "<message xmlns='jabber:client'><body>Inner</body></message>"
    forwarded = f"<message><forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded></message>"

    assert Stanza(frame(forwarded)).bodies == ("Inner",)
    assert Stanza(frame(forwarded, COMPONENT)).bodies == ("Inner",)
    assert Stanza(frame(f"<message><x>{inner}</x></message>", COMPONENT)).bodies == ()


def test_a_stanza_without_a_namespace_of_its_own_is_in_the_forwarding_one() -> None:
    """A forwarded message that forgot its xmlns, a frequent bug, has no body."""
    xml = (
        "<message><forwarded xmlns='urn:xmpp:forward:0'><message><body>Lost</body></message>"
        "</forwarded></message>"
    )

    assert Stanza(frame(xml)).bodies == ()


def test_the_prefix_free_style_declares_on_each_element() -> None:
    """Where the header's default is the stream's, the stanza's own namespace is the content's."""
    for namespace in ("jabber:client", "jabber:server"):
        stanza = Stanza(
            frame(f"<message xmlns='{namespace}'><body>x</body></message>", PREFIX_FREE)
        )

        assert stanza.content == namespace
        assert stanza.bodies == ("x",)
    assert Stanza(frame("<features/>", PREFIX_FREE)).content == "jabber:client"


def test_language_is_inherited_and_stands_on_no_element() -> None:
    """The header's xml:lang is known, and XPath does not see it on the stanza."""
    plain = Stanza(frame("<message/>", BORROWING))
    own = Stanza(frame("<message xml:lang='de'/>", BORROWING))

    assert (plain.lang, own.lang, Stanza(frame("<message/>")).lang) == ("it", "de", None)
    assert plain.tree is not None
    assert not plain.tree.attrib


def test_white_space_around_a_hand_written_stanza_is_passed_over() -> None:
    """A person may write a line's xml on its own lines."""
    padded = replace(SPOKEN[3], data=b"\n  " + SPOKEN[3].data + b"\n")

    assert Stanza(padded).namespaces == {"jabber:client", "jabber:iq:roster"}
    assert Stanza(padded).well_formed


def test_a_frame_is_parsed_once_for_all_who_ask_in_a_row() -> None:
    """The same record gives the same stanza; an equal one is another record and another tree."""
    first, twin = SPOKEN[3], replace(SPOKEN[3])
    stanza = read(first)

    assert read(first) is stanza
    assert read(twin) is not stanza
    assert read(first) is not stanza
    assert read(first).namespaces == stanza.namespaces == Stanza(first).namespaces


def test_character_data_is_all_text_and_nothing_else() -> None:
    """Of an element and what is in it, without comments, also where there are very many."""
    inner = "a<b>b<![CDATA[<c>]]></b><!-- no --><?no no?>&amp;d" + "<!---->" * 200_000
    tree = Stanza(frame(f"<message>{inner}</message>")).tree
    assert tree is not None

    assert character_data(tree) == "ab<c>&d"
