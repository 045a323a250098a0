"""Scene: what is known of a connection."""

import pytest

from tests.bridge.stage import CLIENT_LEG, END_POINT, EXPORTER, SERVER_LEG, Leg, leg
from xmppspy.analysis.sasl.offers import Offer, Offers
from xmppspy.bridge.house import House
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side


def scene(client: Leg | None, server: Leg | None) -> Scene:
    """A scene with these legs."""
    found = Scene(House(), "192.0.2.7")
    for side, each in ((Side.CLIENT, client), (Side.SERVER, server)):
        if each is not None:
            found.channels[side] = each
    return found


def test_data_of_a_leg() -> None:
    """By side and type; None for no type, an unknown one, and a leg without TLS."""
    found = scene(CLIENT_LEG, None)

    assert found.bound(Side.CLIENT, EXPORTER) == b"tls-exporter of the client"
    assert found.bound(Side.CLIENT, "") is None
    assert found.bound(Side.CLIENT, "tls-unheard-of") is None
    assert found.bound(Side.SERVER, EXPORTER) is None


def test_equal_by_a_type() -> None:
    """As with the server's own certificate; a type that neither leg has is not equal."""
    own = leg("c", tls_server_end_point=b"own certificate")
    theirs = leg("s", tls_server_end_point=b"own certificate")

    assert scene(own, theirs).is_equal(END_POINT)
    assert not scene(own, theirs).is_equal(EXPORTER)
    assert not scene(own, theirs).is_equal("tls-unheard-of")
    assert not scene(None, None).is_equal(END_POINT)


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        (CLIENT_LEG, SERVER_LEG, False),
        (CLIENT_LEG, leg("s", "TLSv1.2"), True),
        (CLIENT_LEG, None, False),
        (None, None, False),
    ],
)
def test_versions(client: Leg | None, server: Leg | None, *, expected: bool) -> None:
    """They differ only where both legs have TLS."""
    assert scene(client, server).versions_differ is expected


@pytest.mark.parametrize(("profile", "expected"), [(ns.SASL, "A"), (ns.SASL2, "B")])
def test_offer_of_a_login(profile: str, expected: str) -> None:
    """Of its own profile."""
    found = Facts(profile, "A").of(Offers(Offer(("A",)), Offer(("B",))))
    assert found is not None

    assert found.mechanisms == (expected,)


def test_login_binds_by_a_type() -> None:
    """Once the type is known."""
    assert Facts(ns.SASL, "SCRAM-SHA-1-PLUS", binding=EXPORTER).binds
    assert not Facts(ns.SASL, "SCRAM-SHA-1", flag="y").binds
