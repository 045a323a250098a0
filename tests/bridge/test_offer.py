"""Offer: what a client is shown of the ways to log in."""

import pytest

from xmppspy.bridge import offer
from xmppspy.protocol.framing import Frame, Framer

HEADER = (
    b"<stream:stream xmlns='jabber:client' version='1.0' "
    b"xmlns:stream='http://etherx.jabber.org/streams'>"
)
SASL = (
    b"<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
    b"<mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>SCRAM-SHA-1</mechanism>"
    b"<mechanism>EXTERNAL</mechanism></mechanisms>"
)
SASL2 = (
    b"<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256-PLUS</mechanism>"
    b"<mechanism>SCRAM-SHA-256</mechanism><inline><bind xmlns='urn:xmpp:bind:0'/>"
    b"<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-EXPR</mechanism>"
    b"<mechanism>HT-SHA-256-NONE</mechanism></fast></inline></authentication>"
)
TYPES = (
    b"<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/>"
    b"<channel-binding type='tls-server-end-point'/></sasl-channel-binding>"
)


def features(*parts: bytes) -> Frame:
    """A frame of features with these children."""
    framer = Framer()
    content = b"".join(parts)
    framer.receive_data(HEADER + b"<stream:features>" + content + b"</stream:features>")
    framer.next_frame()
    frame = framer.next_frame()
    assert frame is not None
    return frame


def test_stripping_takes_all_that_binds() -> None:
    """-PLUS in both profiles, the types, and tokens that bind; everything else stays in place."""
    frame = features(b"<x xmlns='n'/>", SASL, TYPES, SASL2)
    change = offer.changed(frame, offer.without_binding)
    expected = frame.data.replace(TYPES, b"")
    for name in (b"SCRAM-SHA-1-PLUS", b"SCRAM-SHA-256-PLUS", b"HT-SHA-256-EXPR"):
        expected = expected.replace(b"<mechanism>" + name + b"</mechanism>", b"")
    assert change.data == expected
    assert change.offers.sasl is not None
    assert change.offers.sasl.mechanisms == ("SCRAM-SHA-1", "EXTERNAL")

    assert change.offers.sasl.bindings is None


def test_offer_without_binding_stays() -> None:
    """There is nothing to take."""
    frame = features(SASL.replace(b"<mechanism>SCRAM-SHA-1-PLUS</mechanism>", b""))

    assert offer.changed(frame, offer.without_binding).data == frame.data


def test_plain_stands_for_all_passwords() -> None:
    """Mechanisms that hide the password go, PLAIN comes; EXTERNAL and tokens stay."""
    offers = offer.changed(features(SASL, TYPES, SASL2), offer.plain_only).offers
    assert offers.sasl is not None
    assert offers.sasl2 is not None

    assert offers.sasl.mechanisms == ("EXTERNAL", "PLAIN")
    assert offers.sasl2.mechanisms == ("PLAIN",)


def test_mechanism_that_is_there_is_not_added() -> None:
    """A profile that is not offered is not made up either."""
    data = features(SASL).data

    assert offer.with_mechanisms(data, ["EXTERNAL"]) == data
    assert offer.with_mechanisms(features(TYPES).data, ["PLAIN"]) == features(TYPES).data


def test_added_mechanisms_are_written_like_the_others() -> None:
    """With their prefix, if they have one."""
    data = features(b"<s:mechanisms xmlns:s='x'><s:mechanism>A</s:mechanism></s:mechanisms>").data

    assert offer.with_mechanisms(data, ["B", "C"]) == data.replace(
        b"A</s:mechanism>",
        b"A</s:mechanism><s:mechanism>B</s:mechanism><s:mechanism>C</s:mechanism>",
    )


def test_types_are_chosen() -> None:
    """Only those that xmppspy can serve are left."""
    change = offer.changed(
        features(SASL, TYPES),
        lambda data: offer.with_types_only(data, {"tls-server-end-point"}),
    )
    assert change.offers.sasl is not None

    assert change.offers.sasl.bindings == ("tls-server-end-point",)


@pytest.mark.parametrize(
    ("mechanism", "expected"),
    [
        ("SCRAM-SHA-1-PLUS", True),
        ("SCRAM-SHA-1", False),
        ("HT-SHA-256-ENDP", True),
        ("HT-SHA-256-NONE", False),
        ("HT2-SHA3-512-EXPR", True),
        ("HT2-SHA-256-NONE", False),
        ("X-HT-SHA-256-UNIQ", False),
        ("PLAIN", False),
    ],
)
def test_name_tells_whether_a_mechanism_binds(mechanism: str, *, expected: bool) -> None:
    """-PLUS, and the hashed tokens of FAST that are not -NONE."""
    assert offer.binds(mechanism) is expected
