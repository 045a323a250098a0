from collections.abc import Iterable, Iterator

import pytest

from tests.protocol.feeding import HEADER, cut_inside, sliced
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.namespaces import COMPONENT_ACCEPT, STREAMS
from xmppspy.protocol.stanzas import is_counted, is_stanza, name_of, stanzas_in

PREFIX_FREE = StreamContext(default=STREAMS)
COMPONENT = StreamContext(default=COMPONENT_ACCEPT, content=COMPONENT_ACCEPT)


def test_name_of_a_stanza() -> None:
    """It is the same with a delay added, and another for a stanza of another id, type or kind."""
    said = [
        b"<message type='chat' id='1'/>",
        b"<message id='1' type='chat'><delay xmlns='urn:xmpp:delay'/></message>",
        b"<message type='chat' id='2'/>",
        b"<message id='1'/>",
        b"<iq type='chat' id='1'/>",
        b"<presence/>",
    ]
    names = [name_of(frame) for frame in cut_inside(b"".join(said))]

    assert names[0] == names[1]
    assert len({*names}) == 5


def in_pieces(chunks: Iterable[bytes], max_frame: int) -> Iterator[Frame]:
    """The frames of a direction as a session gets them."""
    framer = Framer(max_frame)
    for chunk in chunks:
        framer.receive_data(chunk)
        yield from iter(framer.next_frame, None)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"<message/>", 1),
        (b"<presence></presence><iq type='get'/>", 2),
        (b"<message xmlns='jabber:client'><message/></message>", 1),
        (b"<c:iq xmlns:c='jabber:client'/>", 1),
        (b" <r xmlns='urn:xmpp:sm:3'/><a/>text<!-- <iq/> --><![CDATA[<iq/>]]>", 0),
        (b"<message xmlns='urn:x'/>", 0),
        (b"<stream:message/>", 0),
        (b"<x:message/><message xmlns=''/>", 2),
        (b"<messages/>", 0),
        (b"<message/>" * 3, 3),
        (b"<message><body>a</body><x xmlns='urn:x'/></message>", 1),
        (b"<x xmlns='urn:x'><message xmlns='jabber:client'></message></x>", 0),
    ],
)
def test_what_stream_management_counts(data: bytes, count: int) -> None:
    """The three stanzas of the content namespace, at the first level; bytes or frames alike.

    What has no namespace is no namespace-well-formed stanza, but nothing else either.
    """
    assert stanzas_in(data) == count
    assert sum(map(is_stanza, cut_inside(data))) == count


@pytest.mark.parametrize(
    "data", [b"", b"<", b"<message", b"<message>", b"<message><iq/>", b"</iq>"]
)
def test_what_is_not_whole_does_not_count(data: bytes) -> None:
    """Nobody has received it."""
    assert stanzas_in(data) == 0


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"<message><body>" + b"x" * 200 + b"</body></message>", 1),
        (b"<iq id='" + b"x" * 200 + b"'/>", 1),
        (b"<message xmlns='urn:x'>" + b"x" * 200 + b"</message>", 0),
        (b"<a><message/>" + b"x" * 200 + b"</a>", 0),
        (b"<a b='<message>" + b"x" * 200 + b"'/>", 0),
        (b"<message/><presence/>", 2),
        (b"<message></presence>", 0),
        (b"text", 0),
        (b"</a>", 0),
    ],
)
@pytest.mark.parametrize("size", [1, 20, 1000])
def test_stanza_over_the_limit_is_counted_once(data: bytes, count: int, size: int) -> None:
    """With the first of its pieces, however it arrives; nothing else that looks like one is."""
    pieces = sliced(HEADER + data, [size] * (len(HEADER + data) // size))

    assert sum(map(is_counted, in_pieces(pieces, max_frame=150))) == count


@pytest.mark.parametrize(
    ("context", "data", "count"),
    [
        (DEFAULT_CONTEXT, b"<iq xmlns='jabber:component:accept'/>", 0),
        (COMPONENT, b"<iq xmlns='jabber:component:accept'/><iq/>", 2),
        (PREFIX_FREE, b"<iq/>", 0),
        (PREFIX_FREE, b"<iq xmlns='jabber:client'/><iq xmlns='jabber:server'/>", 2),
    ],
)
def test_content_is_what_the_stream_says(context: StreamContext, data: bytes, count: int) -> None:
    """Which namespace is counted depends on the header."""
    assert stanzas_in(data, context) == count
