from lxml import etree

from xmppspy.analysis.sasl.offers import Offer
from xmppspy.bridge.survey import StreamFeatures, Survey, TLSLayer, Visit, stream_features

STREAMS = "http://etherx.jabber.org/streams"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"


def features(content: str) -> StreamFeatures:
    """The features with that content."""
    return stream_features(etree.fromstring(f"<features xmlns='{STREAMS}'>{content}</features>"))


def layer(version: str, problem: str = "") -> TLSLayer:
    """TLS of a version."""
    return TLSLayer(version=version, cipher="", alpn=None, certificate=None, problem=problem)


def test_features_before_tls() -> None:
    """STARTTLS, whether it must be, and what should not be there."""
    found = features(
        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
        f"<mechanisms xmlns='{SASL}'><mechanism>PLAIN</mechanism></mechanisms>"
        "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method>"
        "</compression><register xmlns='http://jabber.org/features/iq-register'/>"
    )

    assert found == StreamFeatures(
        starttls=True,
        starttls_required=True,
        sasl=Offer(("PLAIN",)),
        compression=("zlib",),
        others=("http://jabber.org/features/iq-register",),
    )


def test_features_inside_tls() -> None:
    """Both profiles of SASL, what goes with a login, tokens, bindings, limits."""
    found = features(
        f"<mechanisms xmlns='{SASL}'><mechanism>SCRAM-SHA-1</mechanism></mechanisms>"
        "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-1-PLUS</mechanism><inline>"
        "<bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:carbons:2'/></inline></bind>"
        "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism></fast>"
        "</inline></authentication>"
        "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
        "<channel-binding type='tls-exporter'/></sasl-channel-binding>"
        "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes></limits>"
    )

    assert found.mechanisms == ("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS")
    assert found.bindings == ("tls-exporter",)
    assert found.can_bind
    assert found.inline == ("urn:xmpp:bind:0", "urn:xmpp:carbons:2", "urn:xmpp:fast:0")
    assert found.fast == ("HT-SHA-256-ENDP",)
    assert found.limits == (("max-bytes", "262144"),)
    assert found.others == ()


def test_hostile_features_stay_small() -> None:
    """Of endless lists of endless names only so much is kept."""
    many = "".join(f"<f xmlns='urn:{'x' * 1000}:{number}'/>" for number in range(1000))
    more = "".join(f"<f xmlns='urn:{number}'/>" for number in range(1000))

    assert len(features(many + more).others) == 50
    assert max(map(len, features(many).others)) == 100


def test_survey_knows_what_it_is_worth() -> None:
    """It is examined when the first visit went to its end, verified when TLS had no problem."""
    seen = StreamFeatures(sasl=Offer(("PLAIN",)))
    good = Visit(tls=layer("TLSv1.3"), after=seen)
    older = Visit(tls=layer("TLSv1.2"), after=seen)
    doubtful = Visit(tls=layer("TLSv1.3", "expired"), after=seen)
    refused = Visit(tls=layer("", "expired"), trouble="TLS fails: expired")

    def survey(*visits: Visit) -> Survey:
        return Survey(domain="capulet.example", via="fixed", visits=visits)

    assert [(each.examined, each.verified) for each in map(survey, (good, doubtful, refused))] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert survey(good, older).offers == (("TLSv1.3", seen), ("TLSv1.2", seen))
    assert (survey().examined, survey().verified, survey().offers) == (False, False, ())
