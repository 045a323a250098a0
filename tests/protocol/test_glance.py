import gc

import pytest

from tests.protocol.differential import recorded_frame, shape
from xmppspy.protocol import accelerator, glance
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.frames import Frame
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import Stanza

ARCHIVED = (
    b"<message><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>"
    b"<message xmlns='jabber:client'><body>O &lt;3</body><stream:x/></message></forwarded></result>"
    b"<body/></message>"
)


def record(data: bytes, context: StreamContext = DEFAULT_CONTEXT) -> FrameRecord:
    """A message as it is recorded."""
    return recorded_frame(Frame("message", data, 0, context))


def test_glances_at_a_plain_stanza() -> None:
    """With compiled code they tell what the tree would; without, they tell nothing."""
    namespaces = glance.namespaces(record(ARCHIVED))
    bodies = glance.bodies(record(ARCHIVED))
    if accelerator._Compiled.kind is None:
        assert (namespaces, bodies) == (None, None)
    else:
        expected = {ns.CLIENT, "urn:xmpp:mam:2", "urn:xmpp:forward:0", ns.STREAMS}

        assert {*(namespaces or ())} == expected
        assert bodies == ("O <3", "")


@pytest.mark.parametrize(
    "data",
    [
        b"<message><body>a<b/></body></message>",
        b"<message><body>&#65;</body></message>",
        b"<message><body xmlns='jabber:server'>a</body></message>",
        b"<message><body>a</body></message><presence/>",
        b"<message><body>a",
    ],
)
def test_bodies_that_take_a_tree(data: bytes) -> None:
    """Whatever could be read in two ways is left to the tree."""
    assert glance.bodies(record(data)) is None


def test_prefixes_of_other_streams_content() -> None:
    """A prefix of the header that stands for another content namespace hides bodies."""
    context = StreamContext(prefixes={"s": ns.SERVER})

    assert glance.bodies(record(b"<message><s:body>a</s:body></message>", context)) is None


SAID = (
    b"<message xml:lang='en' a='1 &amp;\n2' xmlns:p='urn:p' p:a='3'>x<body>O<b>!</b> &lt;3\r\n</body>"
    b"<p:x/>y<p:x i='2'><body xmlns=''/></p:x></message>"
)
NAMES = (
    (), ("*",), ("{*}*",), ("{*}body",), ("body",), ("{}body",), ("{urn:p}*",), ("{urn:p}x", "{*}b"),
    ("{urn:p}y",),
)  # fmt: skip


def seen(data: bytes) -> Element:
    """The element of a plain stanza; without compiled code it is lxml's own."""
    element = Stanza(record(data)).element
    assert element is not None
    return element


def test_an_element_says_what_lxml_says() -> None:
    """Names, texts, attributes and all around it, entities and line breaks resolved."""
    stanza = Stanza(record(SAID))
    assert stanza.tree is not None

    assert shape(seen(SAID)) == shape(stanza.tree)


@pytest.mark.parametrize("names", NAMES)
def test_elements_are_found_by_name(names: tuple[str, ...]) -> None:
    """Wildcards mean what they mean to lxml."""
    element, tree = seen(SAID), Stanza(record(SAID)).tree
    assert tree is not None

    assert [each.tag for each in element.iter(*names)] == [each.tag for each in tree.iter(*names)]
    inside = [each.tag for each in element.iterchildren(*names)]
    assert inside == [each.tag for each in tree.iterchildren(*names)]


def test_an_element_is_the_same_whoever_asks() -> None:
    """Two looks at one place are equal, and no others; it lives as long as anybody holds it."""
    element = seen(SAID)
    body = element[0]
    assert body == next(element.iter("{*}body"))
    assert len({body, *element, element}) == 4
    assert body != seen(SAID)[0]
    assert body.getparent() == element
    assert element[-1].get("i") == "2"
    assert element[1].get("i", "none") == "none"
    with pytest.raises(IndexError):
        element[3]
    del element
    gc.collect()

    assert (body.tag, body.text) == ("{jabber:client}body", "O")


def test_a_stanza_is_parsed_when_its_tree_is_asked_for() -> None:
    """Whoever only looks at a plain one spares the parser; others are parsed at once."""
    plain, other = Stanza(record(SAID)), Stanza(record(b"<message><!-- --></message>"))
    assert (plain.plain, other.plain) == (accelerator._Compiled.kind is not None, False)

    assert plain.well_formed
    assert other.element is not None
    assert other.element == other.tree
