from base64 import b64encode

import pytest
from lxml import etree

from tests.analysis.sasl.logins import SASL, SASL2
from xmppspy.analysis.sasl.offers import Offer, Offers, downgrade_hash, offers_in

BINDINGS = (
    "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/>"
    "<channel-binding/></sasl-channel-binding>"
)


def offered(inside: str) -> Offers:
    """What features with this inside offer."""
    return offers_in(etree.fromstring(f"<features>{inside}</features>"))


def test_both_profiles_are_read() -> None:
    """Each has its own mechanisms; the channel-binding types are of both."""
    fast = "<inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast></inline>"
    found = offered(
        f"<mechanisms {SASL}><!-- --><mechanism> PLAIN </mechanism><mechanism/></mechanisms>"
        f"<authentication {SASL2}><mechanism>SCRAM-SHA-1-PLUS</mechanism>{fast}</authentication>{BINDINGS}"
    )

    assert found.sasl == Offer(("PLAIN", ""), ("tls-exporter", ""))
    assert found.sasl2 == Offer(("SCRAM-SHA-1-PLUS",), ("tls-exporter", ""))
    assert [found.sasl.can_bind, found.sasl2.can_bind] == [False, True]


def test_what_is_not_offered_is_unknown() -> None:
    """Features without a profile, or without channel-binding types."""
    assert offered("<!-- none --><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>") == Offers()
    assert offered(f"<mechanisms {SASL}/>") == Offers(sasl=Offer(()))


def test_offers_are_bounded() -> None:
    """A server can send any number of names of any length."""
    found = offered(
        f"<mechanisms {SASL}>" + f"<mechanism>{'X' * 500}</mechanism>" * 500 + "</mechanisms>"
    )

    assert found.sasl == Offer(("X" * 100,) * 100)


@pytest.mark.parametrize(
    ("mechanism", "expected"),
    [
        ("SCRAM-SHA-1", "G6k/rBLDqgOhRRaCuuatSDFkJ08="),
        ("SCRAM-SHA-1-PLUS", "G6k/rBLDqgOhRRaCuuatSDFkJ08="),
        ("SCRAM-SHA-256", "H6VEQ+6wl/eYKuTjJn4D9/e9GTn1AcYGw/oiSJ3Yhy0="),
        ("SCRAM-SHA-7", None), ("SCRAM-SHA3-1", None), ("PLAIN", None), ("SCRAM-MD5", None),
    ],
)  # fmt: skip
def test_the_hash_of_an_offer(mechanism: str, expected: str | None) -> None:
    """The example of XEP-0474, and the mechanism's own hash function."""
    offer = Offer(("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"), ("tls-server-end-point", "tls-exporter"))

    assert downgrade_hash(offer, mechanism) == expected


def test_newer_hash_functions_are_known() -> None:
    """SHA-3 has names of its own."""
    found = downgrade_hash(Offer(("SCRAM-SHA3-512",)), "SCRAM-SHA3-512")

    assert found is not None
    assert len(found) == len(b64encode(bytes(64)))


def test_the_order_of_an_offer_does_not_matter_but_its_parts_do() -> None:
    """Sorted; no channel-binding types are another offer than an empty list of them."""
    one = Offer(("PLAIN", "SCRAM-SHA-1"))

    assert downgrade_hash(one, "SCRAM-SHA-1") == downgrade_hash(
        Offer(("SCRAM-SHA-1", "PLAIN")), "SCRAM-SHA-1"
    )
    assert downgrade_hash(one, "SCRAM-SHA-1") != downgrade_hash(
        Offer(one.mechanisms, ()), "SCRAM-SHA-1"
    )
