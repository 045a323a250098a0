"""Frames and events to ask filters about, cut by the framer out of streams as they are met."""

from dataclasses import replace

from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Gap,
    Mark,
    Note,
    Side,
    Skipped,
    TLSEstablished,
)
from xmppspy.protocol.framing import Framer

CLIENT = b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
COMPONENT = CLIENT.replace(b"jabber:client", b"jabber:component:accept")
PREFIX_FREE = b"<stream xmlns='http://etherx.jabber.org/streams'>"
BORROWING = (
    b"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xml:lang='it' version='1.0'"
    b" xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback'>"
)


def cut(data: bytes, dir_: Direction = "c2s", n: int = 1, conn: int = 1) -> list[FrameRecord]:
    """The frames of a stream, a tenth of a second apart."""
    framer = Framer()
    framer.receive_data(data)
    frames = list(iter(framer.next_frame, None))
    if rest := framer.end():
        frames.append(rest)
    return [
        FrameRecord(
            n=n + i, t=round((n + i) / 10, 6), conn=conn, dir=dir_, kind=frame.kind,
            data=frame.data, xmlns=frame.xmlns, type=frame.type, id=frame.id, from_=frame.from_,
            to=frame.to, ns=frame.ns, context=frame.context,
        )
        for i, frame in enumerate(frames)
    ]  # fmt: skip


def frame(xml: str | bytes, header: bytes = CLIENT, dir_: Direction = "c2s") -> FrameRecord:
    """The first frame of `xml`, as it stands in the stream that `header` begins."""
    data = xml.encode() if isinstance(xml, str) else xml
    return cut(header + data, dir_)[1]


_CLIENT_SAYS = (
    CLIENT.replace(b">", b" to='example.org' version='1.0'>")
    + b"""\
<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\
<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism='ANONYMOUS'/>\
<iq type="get" id="r1"><query xmlns="jabber:iq:roster"/></iq>\
<iq type='set' id='m1' to='Juliet@EXAMPLE.org'>\
<query xmlns='urn:xmpp:mam:2' queryid='7'><x xmlns='jabber:x:data' type='submit'/></query></iq>
<message to='romeo@example.net' type='chat' id='c1'><body>Wherefore art thou?</body></message>\
<message to='romeo@example.net/orchard' id='c2'><body>Tom &amp; J&#101;rry</body>\
<active xmlns='http://jabber.org/protocol/chatstates'/></message>\
<message to='room@muc.example.org' type='groupchat'><body><![CDATA[a < b]]></body></message>\
<presence to='example.org'/><presence type='unavailable'/><a xmlns='urn:xmpp:sm:3' h='2'/>\
<r xmlns='urn:xmpp:sm:3'/></stream:stream>"""
)

_SERVER_SAYS = (
    CLIENT.replace(b">", b" from='example.org' id='s1' xml:lang='en'>")
    + b"""\
<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>\
<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>\
</stream:features><proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\
<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>\
<failed xmlns='urn:xmpp:sm:3'><item-not-found \
xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>\
<iq type='result' id='r1' to='juliet@example.org/balcony'>\
<query xmlns='jabber:iq:roster'><item jid='romeo@example.net'/></query></iq>\
<message from='juliet@example.org' to='juliet@example.org/balcony'>\
<result xmlns='urn:xmpp:mam:2' id='9'><forwarded xmlns='urn:xmpp:forward:0'>\
<message xmlns='jabber:client' from='romeo@example.net/x'><body>With love</body></message>\
</forwarded></result></message>\
<iq type='error' id='v1' from='shakespeare.example.com'><error type='cancel'>\
<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>\
<message><!-- no --><body>Ro<!-- -->meo</body><body xmlns='urn:other'>elsewhere</body></message>\
<message from='romeo@example.net/orchard'><body>Der \xc3\x9cbel gr\xc3\xb6\xc3\x9fte</body></message>\
<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>\
</stream:stream>"""
)

_COMPONENT_SAYS = (
    COMPONENT
    + b"""<handshake/><message from='echo.example.org'>\
<body>Hello</body><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>\
<body>Inner</body></message></forwarded></message>"""
)

_PREFIX_FREE_SAYS = (
    PREFIX_FREE
    + b"""<features/><message xmlns='jabber:client'>\
<body>Free</body></message><iq xmlns='jabber:client' type='get'>\
<ping xmlns='urn:xmpp:ping'/></iq>"""
)

_BORROWING_SAYS = (
    BORROWING
    + b"""<db:result to='example.org'>key</db:result>\
<message><body>Ciao</body><db:odd/></message>"""
)

EVENTS: tuple[Event, ...] = (
    ConnectionOpened(t=0.0, conn=1, client="127.0.0.1:51234", server="127.0.0.1:5222"),
    TLSEstablished(t=0.3, conn=1, leg=Side.CLIENT, version="TLSv1.3", cipher="X"),
    Fault(t=0.4, conn=1, error="not-well-formed", dir="c2s", n=3),
    FateDecided(t=0.5, conn=1, n=4, action="drop"),
    Note(t=0.6, text="half a stanza for 5 s", conn=2, n=5),
    Mark(t=0.7, text="here"),
    Gap(t=0.8, lost=3),
    Skipped(t=0.9, lost=4),
    ConnectionClosed(t=1.0, conn=1, by="client", reason="end of stream"),
)

OPAQUE = replace(cut(b"\x16\x03\x01\x00\xff")[0], n=60, conn=3)

SPOKEN: tuple[FrameRecord, ...] = (
    *cut(_CLIENT_SAYS, "c2s", 1),
    *cut(_SERVER_SAYS, "s2c", 20),
    *cut(_COMPONENT_SAYS, "c2s", 40, 2),
    *cut(_PREFIX_FREE_SAYS, "s2c", 45, 2),
    *cut(_BORROWING_SAYS, "s2c", 50, 3),
    OPAQUE,
)

CAPTURE: tuple[Event, ...] = (*EVENTS, *SPOKEN)
