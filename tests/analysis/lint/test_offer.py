from dataclasses import replace

from tests.analysis.scenes import Scene
from xmppspy.analysis.legs import heard
from xmppspy.analysis.lint.offer import Offer, read_offer

FEATURES = (
    "<stream:features>"
    "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>"
    "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256-PLUS</mechanism>"
    "<inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast></inline>"
    "</authentication>"
    "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/>"
    "</sasl-channel-binding>"
    "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
    "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>10000</max-bytes></limits>"
    "</stream:features>"
)
STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def offer_of(xml: str) -> Offer:
    """What features say."""
    return read_offer(Scene().server(xml))


def test_offer_tells_what_there_is_to_choose() -> None:
    """Mechanisms by profile, types of channel binding, session, limits."""
    offer = offer_of(FEATURES)

    assert offer.sasl is not None
    assert offer.sasl.mechanisms == ("PLAIN",)
    assert offer.sasl2 is not None
    assert offer.sasl2.mechanisms == ("SCRAM-SHA-256-PLUS",)
    assert offer.fast == {"HT-SHA-256-NONE"}
    assert offer.bindings == ("tls-exporter",)
    assert offer.binds_channels
    assert offer.session_is_optional
    assert offer.max_bytes == 10_000
    assert "urn:xmpp:fast:0" in offer.namespaces
    assert not offer.starttls


def test_empty_features_offer_nothing() -> None:
    """None stands for what is not told."""
    offer = offer_of("<stream:features/>")

    assert offer.profiles == ()
    assert (offer.bindings, offer.max_bytes) == (None, None)
    assert not offer.binds_channels


def test_what_came_is_read() -> None:
    """What left for the client is another frame."""
    record = Scene().server("<stream:features/>")
    changed = f"<stream:features>{STARTTLS}</stream:features>".encode()
    left = heard(replace(record, sent=changed))

    assert left is not None
    assert read_offer(left).starttls
    assert not read_offer(replace(record, sent=changed)).starttls
