import pytest

from tests.authority import client_context
from tests.conversation import (
    ANSWER,
    DOMAIN,
    HEADER,
    MECHANISMS,
    OFFER,
    PROCEED,
    STARTTLS,
    Conversation,
    options,
)
from tests.protocol.judging import ByKind
from xmppspy.protocol import accelerator
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    FateDecided,
    Fault,
    Side,
    TLSEstablished,
)
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.line import BACKLOG
from xmppspy.protocol.requests import (
    CloseRequested,
    ConnectRequested,
    EndRequested,
    HoldsChanged,
    LeafRequested,
    ResetRequested,
    UpstreamTLSRequested,
    WakeRequested,
)
from xmppspy.protocol.tls import TLSPipe
from xmppspy.protocol.toxics import Bandwidth, Latency, LimitData, ResetPeer, Slicer, Timeout
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Hold, Judgement, Undecided, Verdict

PRESENCE = b"<presence/>"
MESSAGE = b"<message to='romeo@montague.example'><body>Wherefore art thou?</body></message>"


def test_clear_streams_pass_byte_for_byte() -> None:
    """Without TLS, each side gets exactly what the other said."""
    talk = Conversation()
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER + MECHANISMS)
    talk.client_sends(b" \n" + MESSAGE)

    assert talk.server_gets() == HEADER + b" \n" + MESSAGE
    assert talk.client_gets() == ANSWER + MECHANISMS
    assert talk.kinds("c2s") == ["stream", "space", "message"]
    assert talk.kinds("s2c") == ["stream", "features"]


def test_first_event_is_open_and_domain_is_asked_for() -> None:
    """A connection opens in the capture, and the header's `to` says whom to connect to."""
    talk = Conversation()
    talk.client_sends(HEADER)

    assert isinstance(talk.events[0], ConnectionOpened)
    assert talk.seen(ConnectRequested) == [ConnectRequested("capulet.example")]


def test_missing_to_is_passed_on() -> None:
    """A header without `to` reaches the server; the name of UPSTREAM stands in."""
    header = (
        b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    )
    talk = Conversation()
    talk.client_sends(header)

    assert talk.seen(ConnectRequested) == [ConnectRequested(None)]
    assert talk.server_gets() == header


def test_starttls_on_both_legs() -> None:
    """`<proceed/>` leaves only after TLS with the server; then everything passes inside TLS."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    assert talk.server_gets() == STARTTLS
    talk.server_sends(PROCEED)
    assert talk.client_gets() == b""
    talk.starts_tls(Side.SERVER)
    assert talk.client_gets() == PROCEED
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER + MECHANISMS)

    assert talk.server_gets() == HEADER
    assert talk.client_gets() == ANSWER + MECHANISMS
    assert [event.leg for event in talk.seen(TLSEstablished)] == [Side.SERVER, Side.CLIENT]
    assert talk.seen(TLSEstablished)[0].verified is True
    assert talk.received_from("c2s") == talk.sent_on("c2s") == HEADER + STARTTLS + HEADER
    assert talk.faults() == []


def test_leaf_copies_the_servers_certificate() -> None:
    """The leaf is asked for with the stream's domain and the server's certificate."""
    talk = Conversation()
    talk.reach_tls()
    request = talk.seen(LeafRequested)[0]
    digest = talk.seen(TLSEstablished)[0].peer_sha256

    assert request.names == ("capulet.example",)
    assert request.peer_der is not None
    assert digest is not None
    assert len(digest) == 64


def test_eager_client_hello_behind_starttls() -> None:
    """White space and a ClientHello sent before `<proceed/>` are no injection."""
    talk = Conversation()
    talk.reach_features()
    eager = TLSPipe(client_context(trusts_proxy=True), server_side=False, server_hostname=DOMAIN)
    talk.client_sends(STARTTLS + b"\n" + eager.data_to_send())
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    answer = talk.client_gets()
    assert answer.startswith(PROCEED)
    talk.client.tls = eager
    talk.client.receive(answer.removeprefix(PROCEED))
    talk.client_sends(HEADER)

    assert talk.faults() == []
    assert talk.server_gets() == STARTTLS + HEADER
    assert [(f.kind, f.sent) for f in talk.frames("c2s")][2] == ("space", None)


@pytest.mark.parametrize("cut", [0, 1, 5])
def test_injection_behind_starttls(cut: int) -> None:
    """What stands in the clear behind `<starttls/>` is recorded, never passed on, and fatal."""
    talk = Conversation()
    talk.reach_features()
    data = STARTTLS + MESSAGE
    talk.client_sends(data[: len(STARTTLS) + cut])
    talk.client_sends(data[len(STARTTLS) + cut :])
    opaque = [frame for frame in talk.frames("c2s") if frame.kind == "opaque"]

    assert talk.faults() == ["starttls-injection"]
    assert opaque
    assert all(frame.sent is None for frame in opaque)
    assert b"message" not in talk.server_gets()
    assert talk.session.closed


def test_injection_behind_proceed() -> None:
    """Anything in the clear behind `<proceed/>` is fatal, white space included."""
    for extra in (b" ", MESSAGE):
        talk = Conversation()
        talk.reach_features()
        talk.client_sends(STARTTLS)
        talk.server_sends(PROCEED + extra)

        assert talk.faults() == ["starttls-injection"]
        assert talk.client_gets() == b""
        assert talk.session.closed


def test_refused_starttls_passes() -> None:
    """The server's own `<failure/>` reaches the client."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    failure = b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"
    talk.server_sends(failure)

    assert talk.client_gets() == failure


def test_certificate_for_another_name() -> None:
    """The client's STARTTLS fails politely when the server's certificate is not the domain's."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER, name="montague.example")
    answer = talk.client_gets()

    assert talk.faults() == ["certificate-invalid"]
    assert answer == b'<failure xmlns="urn:ietf:params:xml:ns:xmpp-tls"/></stream:stream>'
    assert talk.kinds("s2c") == ["stream", "features", "proceed", "+failure", "+/stream"]
    assert [fate.action for fate in talk.seen(FateDecided)] == ["drop"]
    assert talk.session.closed


def test_client_that_does_not_trust_the_ca() -> None:
    """The client's alert is explained, with the command that helps."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    talk.starts_tls(Side.CLIENT, distrusts=True)

    assert talk.faults() == ["client-refused-certificate"]
    assert talk.session.closed


@pytest.mark.parametrize("way", ["end", "reset"])
def test_client_that_leaves_its_handshake(way: str) -> None:
    """Clients that go without an alert, as asyncio's do, are told of at once."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    if way == "end":
        talk.ends(Side.CLIENT)
    else:
        talk.resets(Side.CLIENT)

    assert talk.faults() == ["tls-failed"]
    assert talk.session.closed


def test_client_that_says_nothing() -> None:
    """A connection that ends before its first byte is over."""
    talk = Conversation()
    talk.ends(Side.CLIENT)

    assert talk.session.closed
    assert talk.seen(ConnectRequested) == []


def test_client_that_leaves_before_proceed() -> None:
    """A client that goes while its STARTTLS is under way ends the connection."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.ends(Side.CLIENT)
    closed = talk.seen(ConnectionClosed)[0]

    assert (closed.by, closed.reason) == ("client", "ended the connection before it was set up")
    assert talk.faults() == []


def test_direct_tls_on_both_legs() -> None:
    """A client that begins with TLS is asked for by its SNI; the server is secured first."""
    talk = Conversation(upstream="direct")
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER)

    assert talk.seen(ConnectRequested) == [ConnectRequested("capulet.example")]
    assert [event.leg for event in talk.seen(TLSEstablished)] == [Side.SERVER, Side.CLIENT]
    assert talk.seen(TLSEstablished)[1].sni == "capulet.example"
    assert talk.server_gets() == HEADER
    assert talk.client_gets() == ANSWER


def test_direct_tls_with_a_header_for_another_name() -> None:
    """When `to` names a domain that the server's certificate does not, nothing goes on."""
    talk = Conversation(upstream="direct")
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER.replace(b"capulet", b"verona"))

    assert talk.faults() == ["certificate-invalid"]
    assert talk.server_gets() == b""
    assert b"remote-connection-failed" in talk.client_gets()
    assert talk.session.closed


def test_direct_tls_with_a_bad_certificate() -> None:
    """A direct-TLS client gets an alert when the server's certificate is not good."""
    talk = Conversation(upstream="direct", certificate="montague.example")
    talk.starts_tls(Side.CLIENT)

    assert talk.faults() == ["certificate-invalid"]
    assert talk.client.error is not None
    assert talk.session.closed


def test_starttls_client_in_front_of_direct_tls() -> None:
    """STARTTLS is offered to the client; the server sees one stream, the client two."""
    talk = Conversation(upstream="direct")
    talk.client_sends(HEADER)
    assert talk.server_gets() == HEADER
    talk.server_sends(ANSWER + MECHANISMS)
    first = talk.client_gets()
    assert b"xmpp-tls" in first
    talk.client_sends(STARTTLS)
    assert b"proceed" in talk.client_gets()
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER)

    assert talk.client_gets() == ANSWER + MECHANISMS
    assert talk.server_gets() == b""
    talk.client_sends(MESSAGE)
    assert talk.server_gets() == MESSAGE
    assert talk.sent_on("c2s") == HEADER + MESSAGE
    assert talk.received_from("s2c") == ANSWER + MECHANISMS
    assert talk.received_from("c2s") == HEADER + STARTTLS + HEADER + MESSAGE


def test_clear_client_in_front_of_direct_tls() -> None:
    """A client that ignores the offer goes on in the clear."""
    talk = Conversation(upstream="direct")
    talk.reach_features(MECHANISMS)
    talk.client_sends(MESSAGE)
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER + MECHANISMS)

    assert talk.server_gets() == MESSAGE + HEADER
    assert talk.client_gets() == ANSWER + MECHANISMS


def test_direct_tls_client_in_front_of_starttls() -> None:
    """Our own stream asks the server for STARTTLS; then the client's header goes on."""
    talk = Conversation()
    talk.starts_tls(Side.CLIENT)
    assert b'to="capulet.example"' in talk.server_gets()
    talk.server_sends(ANSWER + OFFER)
    assert b"starttls" in talk.server_gets()
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER)

    assert talk.server_gets() == HEADER
    assert talk.client_gets() == ANSWER
    assert talk.kinds("c2s") == ["+stream", "+starttls", "stream"]
    assert talk.sent_on("s2c") == ANSWER


def test_direct_tls_client_in_front_of_a_clear_server() -> None:
    """Where that is allowed, the client's header is answered with the server's, from here."""
    talk = Conversation(options=options(allow_clear_upstream=True))
    talk.starts_tls(Side.CLIENT)
    talk.server_gets()
    talk.server_sends(ANSWER + MECHANISMS)
    talk.client_sends(HEADER)
    talk.client_sends(MESSAGE)

    assert talk.client_gets() == ANSWER + MECHANISMS
    assert talk.server_gets() == MESSAGE
    assert any("offers no TLS" in text for text in talk.notes())


def test_direct_tls_client_is_not_downgraded() -> None:
    """Otherwise the client gets no connection to a server without TLS."""
    talk = Conversation()
    talk.starts_tls(Side.CLIENT)
    talk.server_sends(ANSWER + MECHANISMS)

    assert talk.faults() == ["no-starttls"]
    assert talk.session.closed


def test_unreachable_upstream() -> None:
    """The client gets a header and a stream error; what it said is marked as never sent."""
    talk = Conversation(upstream="unreachable")
    talk.client_sends(HEADER)
    answer = talk.client_gets()

    assert talk.faults() == ["upstream-unreachable"]
    assert talk.kinds("s2c") == ["+stream", "+error", "+/stream"]
    assert b"remote-connection-failed" in answer
    assert b"nobody listens" in answer
    assert [fate.action for fate in talk.seen(FateDecided)] == ["drop"]
    assert talk.seen(CloseRequested)


def test_unreachable_upstream_of_a_direct_tls_client() -> None:
    """Inside TLS the client gets the same stream error."""
    talk = Conversation(upstream="unreachable")
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER)

    assert b"remote-connection-failed" in talk.client_gets()
    assert talk.session.closed


def test_compression_is_taken_out() -> None:
    """The client does not see the compression feature; a note says so."""
    compression = b"<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"
    features = MECHANISMS.replace(b"<stream:features>", b"<stream:features>" + compression)
    talk = Conversation()
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER + features)

    assert talk.client_gets() == ANSWER + MECHANISMS
    assert talk.received_from("s2c") == ANSWER + features
    assert any("compression" in text for text in talk.notes())


def test_kept_compression_is_opaque() -> None:
    """With --keep-compression both directions are opaque behind `<compressed/>`."""
    compressed = b"<compressed xmlns='http://jabber.org/protocol/compress'/>"
    talk = Conversation(options=options(keep_compression=True))
    talk.reach_features()
    talk.server_sends(compressed + b"\x78\x9c<")
    talk.client_sends(b"\x78\x9c\x00")

    assert talk.client_gets() == compressed + b"\x78\x9c<"
    assert talk.server_gets() == b"\x78\x9c\x00"
    assert talk.kinds("s2c")[-2:] == ["compressed", "opaque"]
    assert talk.kinds("c2s")[-1] == "opaque"


def test_half_close_is_passed_on() -> None:
    """A FIN from one side is a FIN to the other; the way back stays open."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(b"</stream:stream>")
    talk.ends(Side.CLIENT)
    assert talk.seen(EndRequested) == [EndRequested(Side.SERVER)]
    talk.server_sends(b"</stream:stream>")
    assert talk.client_gets() == b"</stream:stream>"
    assert not talk.session.closed
    talk.ends(Side.SERVER)
    closed = talk.seen(ConnectionClosed)[0]

    assert (closed.by, closed.reason) == ("client", "end of stream")


def test_no_end_tag_is_invented() -> None:
    """When the client is cut off, the server gets FIN and no byte."""
    talk = Conversation()
    talk.reach_tls()
    talk.client_sends(HEADER + b"<message><body>O Rom")
    talk.server_gets()
    talk.ends(Side.CLIENT)

    assert talk.server_gets() == b""
    assert talk.server.tls is not None
    assert not talk.server.tls.ended
    assert talk.kinds("c2s")[-1] == "partial"
    assert talk.seen(EndRequested) == [EndRequested(Side.SERVER)]


def test_close_notify_is_passed_on() -> None:
    """close_notify arrives as close_notify; what the other side still says is delivered."""
    talk = Conversation()
    talk.reach_tls()
    talk.ends(Side.CLIENT, notify=True)
    assert talk.server.tls is not None
    assert talk.server.tls.ended
    talk.server_sends(ANSWER)

    assert talk.client_gets() == ANSWER


def test_what_never_left_is_not_called_sent() -> None:
    """Frames that waited for a server which never came are marked as dropped."""
    for leave in (Conversation.ends, Conversation.resets):
        talk = Conversation(upstream="pending")
        talk.client_sends(b" \n" + HEADER)
        leave(talk, Side.CLIENT)
        talk.session.stop("enough", 0.0)
        talk.settle()

        assert talk.kinds("c2s") == ["space", "stream"]
        assert [fate.n for fate in talk.seen(FateDecided)] == [1, 2]


def test_client_that_leaves_a_half_done_upgrade() -> None:
    """The handshake that a client owes after our own `<proceed/>` has its time."""
    talk = Conversation(upstream="direct")
    talk.reach_features(MECHANISMS)
    talk.client_sends(STARTTLS)
    talk.passes(31)

    assert talk.faults() == ["timeout"]
    assert talk.session.closed


def test_reset_is_passed_on() -> None:
    """A reset from one side resets the other."""
    talk = Conversation()
    talk.reach_features()
    talk.resets(Side.SERVER)

    assert talk.seen(ResetRequested) == [ResetRequested(Side.CLIENT)]
    assert talk.seen(ConnectionClosed)[0].reason == "reset"


def test_cut_through() -> None:
    """The bytes of an unfinished stanza go on at once, and are recorded once it is whole."""
    talk = Conversation()
    talk.reach_features()
    for byte in MESSAGE[:-1]:
        talk.client_sends(bytes([byte]))
    assert talk.server_gets() == MESSAGE[:-1]
    assert talk.kinds("c2s") == ["stream"]
    talk.client_sends(MESSAGE[-1:])

    assert talk.server_gets() == MESSAGE[-1:]
    assert talk.frames("c2s")[-1].data == MESSAGE


def test_unfinished_frame_is_noticed() -> None:
    """A frame that stays unfinished for 5 s draws one note."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(MESSAGE[:40])
    talk.passes(4)
    assert talk.notes() == []
    talk.passes(1.5)
    talk.passes(60)

    assert len(talk.notes()) == 1
    assert "<message>" in talk.notes()[0]


def test_pipelined_header_behind_auth() -> None:
    """A client that sends its next header before it has read success is framed right."""
    talk = Conversation()
    talk.reach_features(MECHANISMS)
    auth = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"
    talk.client_sends(auth + HEADER + MESSAGE)

    assert talk.kinds("c2s")[-3:] == ["auth", "stream", "message"]
    assert talk.server_gets() == auth + HEADER + MESSAGE


def test_bad_xml_is_forwarded_and_reported() -> None:
    """Wrong but decidable XML passes with an error beside it; framing goes on."""
    talk = Conversation()
    talk.reach_features()
    data = b"<message><!-- x --></message><a:b/><message>\xff</message>" + MESSAGE
    talk.client_sends(data)

    assert talk.server_gets() == data
    assert talk.faults() == ["restricted-xml", "undeclared-prefix", "invalid-utf8"]
    assert talk.kinds("c2s")[1:] == ["message", "b", "message", "message"]


def test_lost_boundaries_make_a_direction_opaque() -> None:
    """After a broken tag the direction passes unframed; the other one goes on."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(b"<message></presence>" + MESSAGE)
    talk.server_sends(MESSAGE)

    assert talk.server_gets() == b"<message></presence>" + MESSAGE
    assert talk.faults() == ["not-well-formed"]
    assert talk.kinds("c2s")[1:] == ["opaque"]
    assert talk.kinds("s2c")[-1] == "message"


def test_something_else_than_xml_passes() -> None:
    """Bytes that are no XML reach the server all the same."""
    talk = Conversation()
    talk.client_sends(b"GET / HTTP/1.0\r\n\r\n")

    assert talk.server_gets() == b"GET / HTTP/1.0\r\n\r\n"
    assert talk.faults() == ["not-well-formed"]


def test_stanza_over_the_limit() -> None:
    """It is forwarded as it comes and recorded in pieces; framing resumes at its end."""
    talk = Conversation(options=options(max_frame=1000))
    talk.reach_features()
    big = b"<message><body>" + b"x" * 5000 + b"</body></message>"
    for at in range(0, len(big), 700):
        talk.client_sends(big[at : at + 700])
    talk.client_sends(MESSAGE)

    assert talk.server_gets() == big + MESSAGE
    assert talk.faults() == ["stanza-too-big"]
    assert talk.received_from("c2s") == HEADER + big + MESSAGE
    assert set(talk.kinds("c2s")[1:-1]) == {"opaque"}
    assert talk.kinds("c2s")[-1] == "message"


def test_alert_after_a_cut_off_is_no_fault() -> None:
    """A server that answers the client's missing close_notify by an alert has done no wrong."""
    talk = Conversation()
    talk.reach_tls()
    talk.ends(Side.CLIENT)
    talk.session.receive_data(Side.SERVER, b"\x15\x03\x03\x00\x02\x02\x32", 0.0)
    talk.settle()

    assert talk.faults() == []
    assert [(event.by, event.reason) for event in talk.seen(ConnectionClosed)] == [
        ("client", "cut off without close_notify")
    ]


def test_client_without_sni_is_known_by_its_header() -> None:
    """Where a direct-TLS client names nobody, its header's `to` is what the server must be."""
    talk = Conversation(upstream="direct", options=options(upstream_name="127.0.0.1"))
    talk.starts_tls(Side.CLIENT, sni=False)
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER)

    assert talk.seen(ConnectRequested) == [ConnectRequested(None)]
    assert talk.server_gets() == HEADER
    assert talk.client_gets() == ANSWER
    assert talk.faults() == []


@pytest.mark.parametrize("to", [b"verona.example", b""])
def test_client_without_sni_reaches_no_other_server(to: bytes) -> None:
    """Its header for a name that the certificate does not carry, or for none, goes nowhere."""
    talk = Conversation(upstream="direct", options=options(upstream_name="127.0.0.1"))
    talk.starts_tls(Side.CLIENT, sni=False)
    talk.client_sends(HEADER.replace(b"capulet.example", to))

    assert talk.faults() == ["certificate-invalid"]
    assert talk.server_gets() == b""
    assert b"remote-connection-failed" in talk.client_gets()


def test_client_without_sni_in_front_of_starttls() -> None:
    """A server known by its address only is asked for STARTTLS once the header has named it."""
    talk = Conversation(options=options(upstream_name="127.0.0.1"))
    talk.starts_tls(Side.CLIENT, sni=False)
    assert talk.server_gets() == b""
    talk.client_sends(HEADER)
    assert b'to="capulet.example"' in talk.server_gets()
    talk.server_sends(ANSWER + OFFER)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)

    assert talk.server_gets().endswith(HEADER)
    assert talk.kinds("c2s") == ["stream", "+stream", "+starttls", "+stream"]
    assert talk.received_from("c2s") == HEADER
    assert talk.sent_on("c2s").endswith(HEADER)
    assert talk.faults() == []


def test_client_without_sni_in_front_of_a_clear_server() -> None:
    """The same where the server offers no TLS: the client is greeted with what it has said."""
    changed = options(upstream_name="127.0.0.1", allow_clear_upstream=True)
    talk = Conversation(options=changed)
    talk.starts_tls(Side.CLIENT, sni=False)
    talk.client_sends(HEADER)
    talk.server_gets()
    talk.server_sends(ANSWER + MECHANISMS)
    assert talk.client_gets() == ANSWER + MECHANISMS
    talk.client_sends(MESSAGE)

    assert talk.server_gets() == MESSAGE
    assert talk.received_from("c2s") == HEADER + MESSAGE
    assert HEADER not in talk.sent_on("c2s")


def test_reading_stops_while_data_has_nowhere_to_go() -> None:
    """A client is read from until its name is known, and again when the server is there."""
    talk = Conversation(upstream="pending")
    wanted = [talk.session.wants_data(Side.CLIENT)]
    talk.client_sends(HEADER)
    wanted.append(talk.session.wants_data(Side.CLIENT))
    talk.session.upstream_connected(0.0, direct_tls=False)
    wanted.append(talk.session.wants_data(Side.CLIENT))

    assert wanted == [True, False, True]


def test_reading_during_starttls() -> None:
    """The client's ClientHello is read, the rest waits; the server is read for its handshake."""
    talk = Conversation()
    talk.reach_features()
    eager = TLSPipe(client_context(trusts_proxy=True), server_side=False, server_hostname=DOMAIN)
    talk.client_sends(STARTTLS)
    wanted = [talk.session.wants_data(Side.CLIENT)]
    talk.client_sends(eager.data_to_send())
    wanted.append(talk.session.wants_data(Side.CLIENT))
    talk.server_sends(PROCEED)
    wanted.append(talk.session.wants_data(Side.SERVER))

    assert wanted == [True, False, True]


@pytest.mark.parametrize("sni", [True, False])
def test_reading_during_direct_tls(sni: bool) -> None:
    """A client in TLS is read from as far as its name is still needed."""
    talk = Conversation(options=options(upstream_name="127.0.0.1"))
    talk.starts_tls(Side.CLIENT, sni=sni)

    assert talk.session.wants_data(Side.CLIENT) is not sni


def test_how_the_server_was_reached_is_noted() -> None:
    """What there is to say about the way to the server is in the capture."""
    talk = Conversation(upstream="pending")
    talk.client_sends(HEADER)
    talk.session.upstream_connected(0.0, direct_tls=False, note="the second of two targets")
    talk.settle()

    assert talk.notes() == ["the second of two targets"]


def test_context_that_cannot_be_had() -> None:
    """When no leaf can be made, that is the error with which the connection ends, once."""
    talk = Conversation(upstream="pending")
    talk.starts_tls(Side.CLIENT)
    talk.session.context_failed(Side.CLIENT, "the CA's key is gone", 0.0)
    talk.session.context_failed(Side.CLIENT, "twice", 0.0)
    talk.settle()

    assert [fault.detail for fault in talk.seen(Fault)] == [
        "TLS with the client failed: the CA's key is gone"
    ]
    assert talk.session.closed


def test_what_comes_too_late_is_ignored() -> None:
    """Answers and wake-ups for a session that is over, or was never asked, change nothing."""
    talk = Conversation(upstream="pending")
    talk.session.upstream_connected(0.0, direct_tls=True)
    talk.session.upstream_failed("late", 0.0)
    talk.client_sends(HEADER)
    talk.session.stop("enough", 0.0)
    talk.session.provide_context(Side.SERVER, client_context(), 0.0)
    talk.session.wake(100.0)
    talk.settle()

    assert talk.seen(UpstreamTLSRequested) == []
    assert talk.faults() == []
    assert isinstance(talk.events[-1], ConnectionClosed)
    assert not talk.session.decide(1, FORWARD, 0.0)
    assert not talk.session.inject(Side.CLIENT, b"<a/>", 0.0)


def test_white_space_for_ever() -> None:
    """A client that never gets to its header is connected without a name in the end."""
    talk = Conversation()
    for _ in range(100):
        talk.client_sends(b" ")

    assert talk.seen(ConnectRequested) == [ConnectRequested(None)]
    assert talk.server_gets() == b" " * 100


def test_header_behind_a_byte_order_mark() -> None:
    """Loose things in front of the header do not hide whom the client wants."""
    talk = Conversation()
    talk.client_sends(b"\xef\xbb\xbf<!-- hello -->" + HEADER)

    assert talk.seen(ConnectRequested) == [ConnectRequested("capulet.example")]
    assert talk.server_gets() == b"\xef\xbb\xbf<!-- hello -->" + HEADER


def test_header_for_a_name_that_cannot_be() -> None:
    """A domain that no certificate can have is told as what it is."""
    talk = Conversation()
    talk.client_sends(HEADER.replace(b"capulet.example", b"a..b"))
    talk.server_sends(ANSWER + OFFER)
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    fault = talk.seen(Fault)[0]

    assert fault.detail == "TLS with the server failed: 'a..b' cannot be the name of a host"
    assert talk.session.closed


def test_half_a_stanza_in_front_of_compression() -> None:
    """What the client had begun when compression began leaves as it came."""
    talk = Conversation(options=options(keep_compression=True))
    talk.reach_features()
    talk.client_sends(b"<mess")
    talk.server_sends(b"<compressed xmlns='http://jabber.org/protocol/compress'/>")

    assert talk.server_gets() == b"<mess"
    assert talk.kinds("c2s")[-1] == "opaque"


def test_hello_of_direct_tls_in_pieces() -> None:
    """The server is asked for when the ClientHello is whole; what comes behind it waits."""
    talk = Conversation(upstream="pending")
    pipe = TLSPipe(client_context(trusts_proxy=True), server_side=False, server_hostname=DOMAIN)
    hello = pipe.data_to_send()
    asked = []
    for piece in (hello[:3], hello[3:-1], hello[-1:], b"\x14\x03\x03\x00\x01\x01"):
        talk.client_sends(piece)
        asked.append(len(talk.seen(ConnectRequested)))

    assert asked == [0, 0, 1, 1]
    assert talk.seen(ConnectRequested) == [ConnectRequested("capulet.example")]


def test_white_space_in_front_of_a_late_header() -> None:
    """A client in TLS that names nobody may begin with white space, too."""
    talk = Conversation(options=options(upstream_name="127.0.0.1"))
    talk.starts_tls(Side.CLIENT, sni=False)
    talk.client_sends(b" ")
    talk.client_sends(b"\n" + HEADER)

    assert b'to="capulet.example"' in talk.server_gets()
    assert talk.received_from("c2s") == b" \n" + HEADER


def test_both_sides_are_read_while_relaying() -> None:
    """A session that relays wants whatever comes."""
    talk = Conversation()
    talk.reach_features()

    assert [talk.session.wants_data(side) for side in Side] == [True, True]


# --- verdicts


def meddling(**verdicts: Verdict | Undecided) -> Conversation:
    """A conversation with features in the clear, and those verdicts for kinds of frames."""
    talk = Conversation(interceptor=ByKind(**verdicts))
    talk.reach_features()
    return talk


def test_person_decides() -> None:
    """A held frame leaves when it was decided on, and the session goes on."""
    talk = meddling(message=Verdict(hold=Hold()))
    talk.client_sends(MESSAGE + PRESENCE)
    held = (talk.server_gets(), talk.session.held()[0].n)
    decided = [talk.session.decide(n, FORWARD, 1.0) for n in (held[1] + 1, held[1], held[1])]
    talk.settle()

    assert held[0] == b""
    assert decided == [False, True, False]
    assert talk.server_gets() == MESSAGE + PRESENCE


def test_person_needs_more_time() -> None:
    """A held frame waits for longer when told so; then it leaves by itself."""
    talk = meddling(message=Verdict(hold=Hold(5.0)))
    talk.client_sends(MESSAGE)
    (held,) = talk.session.held()
    done = [talk.session.extend(n, 8.0, 0.0) for n in (held.n, held.n + 1)]
    talk.passes(7.9)
    before = talk.server_gets()
    talk.passes(0.1)

    assert done == [True, False]
    assert (before, talk.server_gets()) == (b"", MESSAGE)


def test_frames_of_both_directions_are_held() -> None:
    """They are told of in the order of their numbers, and whoever decides is told of changes."""
    talk = meddling(message=Verdict(hold=Hold(5.0)))
    talk.server_sends(MESSAGE)
    talk.client_sends(MESSAGE)
    talk.server_sends(MESSAGE)
    held = [(each.n, each.direction) for each in talk.session.held()]
    changes = [len(talk.seen(HoldsChanged))]
    talk.session.decide(held[0][0], FORWARD, 0.0)
    changes.append(len(talk.seen(HoldsChanged)))
    talk.settle()
    changes.append(len(talk.seen(HoldsChanged)))
    talk.passes(5.0)

    assert held == [(4, "s2c"), (5, "c2s"), (6, "s2c")]
    assert changes == [3, 3, 4]
    assert talk.client_gets() == MESSAGE * 2
    assert talk.server_gets() == MESSAGE
    assert len(talk.seen(HoldsChanged)) > 4
    assert talk.session.held() == []


def test_session_outlives_an_absent_person() -> None:
    """After its time a held frame goes on by itself; the session asks to be woken for that."""
    talk = meddling(message=Verdict(hold=Hold(5.0)))
    talk.client_sends(MESSAGE)
    alarms = talk.seen(WakeRequested)
    talk.passes(4.9)
    early = talk.server_gets()
    talk.passes(0.1)

    assert [alarm.at for alarm in alarms] == [5.0]
    assert early == b""
    assert talk.server_gets() == MESSAGE


def test_what_is_held_goes_on_before_the_end() -> None:
    """When xmppspy ends the session, each side gets what it would have got in the end."""
    talk = meddling(message=Verdict(hold=Hold(5.0)), iq=Verdict(hold=Hold(drops=True)))
    talk.client_sends(MESSAGE + b"<iq/>" + PRESENCE)
    talk.server_sends(MESSAGE)
    talk.session.stop("enough", 0.0)
    talk.settle()

    assert talk.server_gets() == MESSAGE + PRESENCE
    assert talk.client_gets() == MESSAGE
    assert isinstance(talk.events[-1], ConnectionClosed)


def test_question_is_answered() -> None:
    """By its ticket, once; or time answers it."""
    talk = meddling(message=Undecided(7, 5.0))
    talk.client_sends(MESSAGE)
    settled = [talk.session.settle(ticket, DROP, 0.0) for ticket in (8, 7, 7)]
    talk.settle()
    talk.client_sends(PRESENCE + MESSAGE)
    talk.passes(5.0)

    assert settled == [False, True, False]
    assert talk.server_gets() == PRESENCE + MESSAGE


def test_answer_in_the_place_of_the_other_side() -> None:
    """What is answered here does not go on; what is behind it does."""
    talk = meddling(iq=Verdict(data=None, back=b"<iq type='result'/>"))
    talk.client_sends(b"<iq type='get'/>" + MESSAGE)

    assert talk.client_gets() == b"<iq type='result'/>"
    assert talk.server_gets() == MESSAGE
    assert talk.kinds("s2c")[-1] == "+iq"


@pytest.mark.parametrize(
    ("end", "reason"), [(End.CLOSE, "closed by a rule"), (End.RESET, "reset by a rule")]
)
@pytest.mark.parametrize(("data", "sent"), [(UNCHANGED, MESSAGE), (None, b"")])
def test_verdict_ends_the_connection(end: End, reason: str, data: None, sent: bytes) -> None:
    """The answer leaves before that; what stands behind the frame stays here."""
    talk = meddling(message=Verdict(data=data, back=b"<answer/>", end=end))
    talk.client_sends(MESSAGE + PRESENCE + b"<iq")
    closed = talk.seen(ConnectionClosed)

    assert talk.server_gets() == sent
    assert talk.client_gets() == b"<answer/>"
    assert [(each.by, each.reason) for each in closed] == [("proxy", reason)]
    assert talk.events[-1] == closed[0]
    assert [(frame.kind, frame.sent) for frame in talk.frames("c2s")[2:]] == [
        ("presence", None), ("partial", None),
    ]  # fmt: skip
    assert len(talk.seen(ResetRequested)) == 2 * (end is End.RESET)


def test_decision_ends_the_connection() -> None:
    """A person can do that as well as a rule."""
    talk = meddling(message=Verdict(hold=Hold()))
    talk.client_sends(MESSAGE + PRESENCE)
    talk.session.decide(talk.session.held()[0].n, Verdict(end=End.CLOSE), 1.0)
    talk.settle()

    assert talk.server_gets() == MESSAGE
    assert [fate.action for fate in talk.seen(FateDecided)] == ["forward", "drop"]
    assert talk.session.closed


@pytest.mark.parametrize("end", End)
def test_end_from_outside(end: End) -> None:
    """In order means close_notify before FIN, a reset does not; twice is once."""
    talk = Conversation()
    talk.reach_tls()
    for _ in range(2):
        talk.session.end(end, "killed", 1.0)
    talk.settle()
    notified = [peer.tls is not None and peer.tls.ended for peer in (talk.client, talk.server)]

    assert notified == [end is End.CLOSE] * 2
    assert [each.side for each in talk.seen(ResetRequested)] == [*Side] * (end is End.RESET)
    assert [each.reason for each in talk.seen(ConnectionClosed)] == ["killed"]


def test_delays_do_not_add_up() -> None:
    """Each frame is late from its own arrival on, whatever stands between."""
    talk = meddling(message=Verdict(delay=2.0))
    talk.client_sends((MESSAGE + b"<r xmlns='urn:xmpp:sm:3'/><c/> ") * 3)
    talk.passes(2.0)

    assert talk.server_gets() == (MESSAGE + b"<r xmlns='urn:xmpp:sm:3'/><c/> ") * 3


@pytest.mark.parametrize(
    "verdict",
    [Verdict(delay=1.0), Verdict(delay=1.0, overtaken=True), Verdict(hold=Hold(1.0))],
)
def test_nobody_is_woken_for_nothing(verdict: Verdict) -> None:
    """Also where a frame may not leave in its time, because TLS is being set up."""
    talk = Conversation(upstream="direct", interceptor=ByKind(message=verdict))
    talk.reach_features(MECHANISMS)
    talk.server_sends(MESSAGE)
    talk.client_sends(STARTTLS)
    talk.client_gets()
    talk.passes(1.0)
    talk.passes(0.5)
    alarms = [alarm.at for alarm in talk.seen(WakeRequested)]
    early = talk.client_gets()
    talk.starts_tls(Side.CLIENT)
    talk.passes(1.5)

    assert early == b""
    assert [at for at in alarms if 1.0 < at <= 1.5] == []
    assert talk.client_gets() == MESSAGE


def test_interceptor_wakes_up_and_dozes_off() -> None:
    """What waits when it wants no more still waits; a frame is not judged in its middle."""
    rule = ByKind(message=Verdict(hold=Hold()))
    talk = Conversation(interceptor=rule)
    rule.idle = True
    talk.reach_features()
    talk.client_sends(MESSAGE[:50])
    rule.idle = False
    talk.client_sends(MESSAGE[50:] + MESSAGE)
    rule.idle = True
    talk.client_sends(PRESENCE)
    held = talk.server_gets()
    talk.session.decide(talk.session.held()[0].n, DROP, 0.0)
    talk.settle()

    assert held == MESSAGE
    assert talk.server_gets() == PRESENCE


# --- what is put in


def test_nothing_is_put_in_behind_an_end() -> None:
    """Who has ended its stream cannot be made to say more; the other one can."""
    talk = Conversation()
    talk.reach_features()
    talk.ends(Side.CLIENT)
    taken = [talk.session.inject(side, b"<a/>", 0.0) for side in Side]
    talk.settle()

    assert taken == [True, False]
    assert (talk.client_gets(), talk.server_gets()) == (b"<a/>", b"")


def test_nothing_is_put_in_until_the_stream_begins_anew() -> None:
    """After TLS and after SASL each side waits for a header (RFC 6120 §4.3.3)."""

    def taken() -> list[bool]:
        return [talk.session.inject(side, b"<a/>", 0.0) for side in Side]

    talk = Conversation()
    before = taken()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    talk.starts_tls(Side.CLIENT)
    in_tls = taken()
    talk.client_sends(HEADER)
    half = taken()
    talk.server_sends(ANSWER + MECHANISMS)
    in_stream = taken()
    talk.server_sends(b"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
    after_sasl = taken()
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER)

    assert [before, in_tls, after_sasl] == [[False, False]] * 3
    assert half == [False, True]
    assert in_stream == taken() == [True, True]


def test_who_causes_answers_without_end_is_not_read() -> None:
    """As long as they cannot leave, because the other side has not finished its stanza."""
    answer = b"<answer>" + b"x" * (BACKLOG // 4) + b"</answer>"
    talk = meddling(iq=Verdict(data=None, back=answer))
    talk.server_sends(b"<message>")
    talk.client_sends(b"<iq/>" * 3)
    wanted = [talk.session.wants_data(Side.CLIENT)]
    talk.client_sends(b"<iq/>")
    wanted.append(talk.session.wants_data(Side.CLIENT))
    talk.server_sends(b"</message>")

    assert wanted == [True, False]
    assert talk.session.wants_data(Side.CLIENT)
    assert talk.client_gets() == b"<message></message>" + answer * 4


def test_who_causes_answers_for_a_slow_line_is_not_read() -> None:
    """Its own line fills, and not because of what the other side says."""
    answer = b"<answer>" + b"x" * BACKLOG + b"</answer>"
    talk = meddling(iq=Verdict(data=None, back=answer))
    talk.session.set_toxics("s2c", [Latency(1.0)], 0.0)
    wanted = []
    for _ in range(2):
        talk.client_sends(b"<iq/>")
        wanted.append([talk.session.wants_data(side) for side in Side])
    talk.passes(1.0)

    assert wanted == [[True, False], [False, False]]
    assert [talk.session.wants_data(side) for side in Side] == [True, True]
    assert talk.client_gets() == answer * 2


# --- toxics


def test_toxics_of_a_direction() -> None:
    """They work where its bytes leave, and nowhere else; an empty set takes them away."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("c2s", [Latency(1.0)], 0.0)
    talk.client_sends(MESSAGE)
    talk.server_sends(MESSAGE)
    early = (talk.server_gets(), talk.client_gets())
    talk.session.set_toxics("c2s", [], 0.5)
    talk.passes(1.0)
    talk.client_sends(PRESENCE[:15])

    assert early == (b"", MESSAGE)
    assert talk.server_gets() == MESSAGE + PRESENCE[:15]


def test_new_toxics_take_the_place_of_the_old_ones() -> None:
    """Those that are not named again are gone."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("s2c", [Latency(1.0), Slicer(30)], 0.0)
    talk.session.set_toxics("s2c", [Slicer(20)], 0.0)
    talk.arrivals[Side.CLIENT].clear()
    talk.server_sends(MESSAGE[:50] + b"</body></message>")
    pieces = talk.arrivals[Side.CLIENT]

    assert b"".join(pieces) == MESSAGE[:50] + b"</body></message>"
    assert {len(piece) for piece in pieces[:-1]} == {20}


def test_toxic_of_a_verdict() -> None:
    """It begins to work behind the frame."""
    talk = meddling(message=Verdict(toxics=(Latency(1.0),)))
    talk.client_sends(PRESENCE + MESSAGE + PRESENCE)
    early = talk.server_gets()
    talk.passes(1.0)

    assert early == PRESENCE + MESSAGE
    assert talk.server_gets() == PRESENCE


def test_latency_of_a_whole_connection() -> None:
    """It is there before the first byte, and through TLS."""
    talk = Conversation()
    for direction in ("c2s", "s2c"):
        talk.session.set_toxics(direction, [Latency(0.1)], 0.0)
    for side, data in ((Side.CLIENT, HEADER), (Side.SERVER, ANSWER + OFFER)):
        talk.peers[side].send(data)
        talk.settle()
        talk.passes(0.1)
    talk.client_sends(STARTTLS)
    talk.passes(0.1)
    talk.server_sends(PROCEED)
    for side in (Side.SERVER, Side.CLIENT):
        talk.passes(0.1)
        talk.starts_tls(side)
        talk.passes(0.1)
        talk.passes(0.1)
    talk.client_gets()
    talk.server_gets()
    talk.client_sends(HEADER)
    early = talk.server_gets()
    talk.passes(0.1)

    assert early == b""
    assert talk.server_gets() == HEADER
    assert talk.faults() == []


@pytest.mark.parametrize(
    ("toxic", "at", "reason"),
    [
        (Timeout(0.1), 0.8, "timeout: 0.1 s"),
        (ResetPeer(0.1), 0.8, "reset_peer: 0.1 s"),
        (LimitData(0), 0.7, "limit_data: 0 bytes"),
    ],
)
def test_broken_line_ends_the_connection(
    toxic: Timeout | ResetPeer | LimitData, at: float, reason: str
) -> None:
    """In its time, once; neither side is told in the name of the other."""
    talk = Conversation()
    talk.reach_tls()
    talk.passes(0.7)
    talk.session.set_toxics("c2s", [toxic], talk.now)
    talk.settle()
    alarms = [alarm.at for alarm in talk.seen(WakeRequested)]
    while not talk.session.closed:
        talk.now = alarms[-1]
        talk.session.wake(talk.now)
        talk.settle()

    assert [(round(each.t, 6), each.reason) for each in talk.seen(ConnectionClosed)] == [
        (at, reason)
    ]
    assert all(peer.tls is not None and not peer.tls.ended for peer in talk.peers.values())
    assert len(talk.seen(ResetRequested)) == 2 * isinstance(toxic, ResetPeer)


@pytest.mark.parametrize(("toxic", "left"), [(Timeout(), 0), (LimitData(20), 20)])
def test_first_header_on_a_broken_line(toxic: Timeout | LimitData, left: int) -> None:
    """It was recorded before there was a line; then it is told what has left of it."""
    talk = Conversation(upstream="pending")
    talk.session.set_toxics("c2s", [toxic], 0.0)
    talk.client_sends(HEADER)
    talk.connected = True
    talk.session.upstream_connected(0.0, direct_tls=False)
    talk.settle()

    assert talk.server_gets() == talk.left_for("c2s") == HEADER[:left]
    assert [fate.sent for fate in talk.seen(FateDecided)] == [HEADER[:left] or None]


def test_line_that_swallows_everything() -> None:
    """What has left says the capture; the other direction does not suffer."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("c2s", [Timeout()], 0.0)
    talk.client_sends(MESSAGE)
    talk.session.inject(Side.SERVER, PRESENCE, 0.0)
    talk.server_sends(MESSAGE)

    assert (talk.server_gets(), talk.client_gets()) == (b"", MESSAGE)
    assert [frame.sent for frame in talk.frames("c2s")[1:]] == [None, None]


def test_slow_line_stops_the_reading() -> None:
    """From the one who fills it; reading goes on when the line has room."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("c2s", [Bandwidth(BACKLOG)], 0.0)
    talk.client_sends(b"<message>" + b"x" * BACKLOG + b"</message>")
    wanted = [talk.session.wants_data(side) for side in Side]
    talk.passes(0.1)

    assert wanted == [False, True]
    assert talk.session.wants_data(Side.CLIENT)


def test_ends_arrive_behind_what_is_late() -> None:
    """FIN does not overtake bytes that are on their way, nor does close_notify."""
    talk = Conversation()
    talk.reach_tls()
    talk.session.set_toxics("c2s", [Latency(1.0)], 0.0)
    talk.client_sends(MESSAGE)
    talk.ends(Side.CLIENT, notify=True)
    early = (talk.server_gets(), talk.seen(EndRequested))
    talk.passes(1.0)
    server = talk.server.tls

    assert early == (b"", [])
    assert talk.server_gets() == MESSAGE
    assert server is not None
    assert server.ended
    assert talk.seen(EndRequested) == [EndRequested(Side.SERVER)]
    assert not talk.session.closed


def test_connection_is_open_while_something_is_on_its_way() -> None:
    """Although both sides have ended."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("c2s", [Latency(1.0)], 0.0)
    talk.session.set_toxics("s2c", [Latency(2.0)], 0.0)
    for side in Side:
        talk.peers[side].send(MESSAGE)
        talk.settle()
        talk.ends(side)
    seen = []
    for _ in range(3):
        seen.append((len(talk.seen(EndRequested)), talk.session.closed))
        talk.passes(1.0)

    assert seen == [(0, False), (1, False), (2, True)]
    assert (talk.server_gets(), talk.client_gets()) == (MESSAGE, MESSAGE)
    assert talk.seen(ConnectionClosed)[0].by == "client"


def test_nothing_is_late_when_the_session_is_stopped() -> None:
    """What is on its way arrives at once: nobody will be woken any more."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("c2s", [Latency(9.0)], 0.0)
    talk.client_sends(MESSAGE + PRESENCE[:5])
    talk.session.stop("enough", 0.0)
    talk.settle()

    assert talk.server_gets() == MESSAGE + PRESENCE[:5]


def test_chance_is_repeatable() -> None:
    """The seed decides how lines break, for each connection and direction otherwise."""

    def pieces(seed: int) -> list[list[int]]:
        talk = Conversation(options=options(seed=seed))
        talk.reach_features()
        talk.session.set_toxics("c2s", [Slicer(20, 15)], 0.0)
        talk.session.set_toxics("s2c", [Slicer(20, 15)], 0.0)
        for each in talk.arrivals.values():
            each.clear()
        talk.client_sends(MESSAGE * 4)
        talk.server_sends(MESSAGE * 4)
        return [[len(piece) for piece in each] for each in talk.arrivals.values()]

    first, again, other = pieces(1), pieces(1), pieces(2)

    assert first == again
    assert first[0] != first[1]
    assert first != other


class _Asking:
    """An interceptor that asks somebody else about every message; tickets count from 1."""

    idle = False

    def __init__(self) -> None:
        self.asked = 0

    def wants(self, direction: Direction, head: Frame) -> bool:
        return head.kind == "message"

    def judge(self, direction: Direction, frame: Frame, now: float) -> Judgement:
        if frame.kind != "message":
            return FORWARD
        self.asked += 1
        return Undecided(self.asked, 5.0)


def test_several_answers_at_once() -> None:
    """Frames go on in their order, of both directions; answers that come too late are lost."""
    talk = Conversation(interceptor=_Asking())
    talk.reach_features()
    talk.client_gets()
    talk.server_gets()
    one, two, three = (MESSAGE.replace(b"art", word) for word in (b"one", b"two", b"three"))
    talk.client_sends(one + two + three)
    talk.server_sends(one)
    answers = [(2, FORWARD), (1, Verdict(data=two)), (4, DROP), (9, DROP)]
    talk.session.settle_all(answers, talk.now)
    talk.settle()
    assert talk.server_gets() == two + two
    assert talk.client_gets() == b""
    talk.session.settle_all([(3, DROP), (1, DROP)], talk.now)
    talk.settle()

    assert talk.server_gets() == b""
    assert talk.left_for("s2c") == ANSWER + OFFER


def test_session_tells_when_nobody_has_to_be_asked_anew() -> None:
    """When all that came are plain stanzas that have gone on, where there is compiled code."""
    talk = Conversation()
    talk.reach_tls()
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER)
    assert talk.client.tls is not None
    told = []
    for said in (
        b"<presence/><iq/>",
        b"<presence/><iq",
        b"/>",
        b" ",
        b"<message/>",
        b"<a xmlns='urn:a'/>",
    ):
        talk.client.tls.send(said)
        told.append(
            talk.session.receive_data(Side.CLIENT, talk.client.tls.data_to_send(), talk.now)
        )
        talk.settle()
    has_runs = accelerator._Compiled.kind is not None

    assert told == [has_runs, False, False, False, has_runs, False]
    assert talk.server_gets().endswith(
        b"<presence/><iq/><presence/><iq/> <message/><a xmlns='urn:a'/>"
    )
