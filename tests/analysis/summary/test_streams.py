import pytest

from tests.analysis.summary.samples import got, sent


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<?xml version='1.0'?>"
                "<stream:stream xmlns='jabber:client' "
                "xmlns:stream='http://etherx.jabber.org/streams' to='example.org' "
                "from='juliet@example.org' version='1.0' xml:lang='en'>"
            ),
            "stream open to=example.org from=juliet@example.org v1.0 lang=en",
        ),
        (
            (
                "<stream:stream xmlns='jabber:component:accept' "
                "xmlns:stream='http://etherx.jabber.org/streams' "
                "to='plays.example.org'>"
            ),
            ("stream open to=plays.example.org without version xmlns=jabber:component:accept"),
        ),
        (
            (
                "<stream:stream xmlns='jabber:client' "
                "xmlns:stream='http://etherx.jabber.org/stream' to='example.org' "
                "version='1.0'>"
            ),
            ("stream open to=example.org v1.0 in namespace http://etherx.jabber.org/stream"),
        ),
        (
            "</stream:stream>",
            "stream closed",
        ),
        (
            ("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>"),
            "stream open to=example.org v1.0",
        ),
        (
            (
                "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' "
                "see-other-uri='wss://b.example.org/ws'/>"
            ),
            "stream closed see-other-uri=wss://b.example.org/ws",
        ),
    ],
)
def test_headers_and_ends(xml: str, summary: str) -> None:
    """Who opens what."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<stream:features/>",
            "features: none",
        ),
        (
            (
                "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"
                "<required/></starttls>"
                "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>"
                "SCRAM-SHA-256-PLUS</mechanism><mechanism>PLAIN</mechanism>"
                "</mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
                "<channel-binding type='tls-exporter'/></sasl-channel-binding>"
                "</stream:features>"
            ),
            ("features: starttls!, mechanisms[SCRAM-SHA-256-PLUS,PLAIN], cb[tls-exporter]"),
        ),
        (
            (
                "<stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>"
                "SCRAM-SHA-1</mechanism><inline><bind xmlns='urn:xmpp:bind:0'>"
                "<inline><feature var='urn:xmpp:carbons:2'/>"
                "<feature var='urn:xmpp:sm:3'/></inline></bind>"
                "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism>"
                "</fast><sm xmlns='urn:xmpp:sm:3'/></inline>"
                "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256"
                "</upgrade></authentication></stream:features>"
            ),
            (
                "features: sasl2[SCRAM-SHA-1] inline[bind[carbons,sm] "
                "fast[HT-SHA-256-ENDP] sm] upgrade[UPGR-SCRAM-SHA-256]"
            ),
        ),
        (
            (
                "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                "<sm xmlns='urn:xmpp:sm:3'/><sm xmlns='urn:xmpp:sm:2'/>"
                "<ver xmlns='urn:xmpp:features:rosterver'/>"
                "<sub xmlns='urn:xmpp:features:pre-approval'/>"
                "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' "
                "ver='QgayPKawpkPSDYmw'/></stream:features>"
            ),
            "features: bind, sm, rosterver, pre-approval, caps=QgayPKaw",
        ),
        (
            (
                "<stream:features>"
                "<compression xmlns='http://jabber.org/features/compress'><method>"
                "zlib</method></compression><limits xmlns='urn:xmpp:stream-limits:0'>"
                "<max-bytes>262144</max-bytes><idle-seconds>1800</idle-seconds>"
                "</limits><x xmlns='urn:nobody:knows'/></stream:features>"
            ),
            "features: compression[zlib], limits[262 kB, idle 30min], knows",
        ),
    ],
)
def test_features(xml: str, summary: str) -> None:
    """Each by its name, what is required with a mark."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "asks for TLS",
        ),
        (
            "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "TLS begins here",
        ),
        (
            "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "TLS refused",
        ),
        (
            (
                "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib"
                "</method></compress>"
            ),
            "asks for compression zlib",
        ),
        (
            "<compressed xmlns='http://jabber.org/protocol/compress'/>",
            "compression begins here",
        ),
        (
            ("<failure xmlns='http://jabber.org/protocol/compress'><setup-failed/></failure>"),
            "compression refused setup-failed",
        ),
    ],
)
def test_layers(xml: str, summary: str) -> None:
    """TLS and compression."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' "
                "to='example.org' wait='60' hold='1'/>"
            ),
            "bosh session wanted",
        ),
        (
            (
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='2' "
                "sid='s3cret'><message xmlns='jabber:client' type='chat'><body>Hi"
                "</body></message></body>"
            ),
            'bosh message chat "Hi" (2 chars)',
        ),
        (
            (
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='3' "
                "sid='s3cret' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'/>"
            ),
            "bosh restart",
        ),
        (
            (
                "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' "
                "condition='policy-violation'/>"
            ),
            "bosh terminate policy-violation",
        ),
        (
            "<body xmlns='http://jabber.org/protocol/httpbind'/>",
            "bosh (nothing)",
        ),
    ],
)
def test_bosh(xml: str, summary: str) -> None:
    """A body by what is in it; session ids are not told."""
    assert got(xml) == summary
