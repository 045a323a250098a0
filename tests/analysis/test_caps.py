import pytest
from lxml import etree

from xmppspy.analysis.caps import verification, verified

INFO = "http://jabber.org/protocol/disco#info"
SIMPLE = (
    "<identity category='client' name='Exodus 0.9.1' type='pc'/>"
    "<feature var='http://jabber.org/protocol/caps'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/>"
    "<feature var='http://jabber.org/protocol/disco#items'/>"
    "<feature var='http://jabber.org/protocol/muc'/>"
)
EXTENDED = (
    "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>"
    "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>"
    "<feature var='http://jabber.org/protocol/muc'/>"
    "<feature var='http://jabber.org/protocol/caps'/>"
    "<feature var='http://jabber.org/protocol/disco#info'/>"
    "<feature var='http://jabber.org/protocol/disco#items'/>"
    "<x xmlns='jabber:x:data' type='result'>"
    "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>"
    "<field var='os'><value>Mac</value></field>"
    "<field var='ip_version'><value>ipv6</value><value>ipv4</value></field>"
    "<field var='os_version'><value>10.5.1</value></field>"
    "<field var='software'><value>Psi</value></field>"
    "<field var='software_version'><value>0.11</value></field>"
    "</x>"
)


def query(content: str, node: str = "") -> etree._Element:
    """A disco#info result's payload."""
    return etree.fromstring(f"<query xmlns='{INFO}' node='{node}'>{content}</query>")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(SIMPLE, "QgayPKawpkPSDYmwT/WM94uAlu0="), (EXTENDED, "q07IKJEyjvHSyhy//CH0CxmKi8w=")],
)
def test_hashes(content: str, expected: str) -> None:
    """The two results of XEP-0115 §5.2 and §5.3, whatever the order in which they are sent."""
    assert verification(query(content)) == expected


def test_forms_without_a_type_do_not_count() -> None:
    """They are left out of the hash (XEP-0115 §5.4)."""
    form = "<x xmlns='jabber:x:data'><field var='os'><value>Mac</value></field></x>"

    assert verification(query(SIMPLE + form)) == verification(query(SIMPLE))


def test_hashes_that_are_not_known() -> None:
    """Of an algorithm that is not known, nothing can be said."""
    assert verification(query(SIMPLE), "rot13") is None


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("http://exodus.example#QgayPKawpkPSDYmwT/WM94uAlu0=", True),
        ("http://exodus.example#1FDrLLbYMpzvcI95jgSHABSWDRY=", False),
        ("http://exodus.example#0.9.1", None),
        ("", None),
    ],
)
def test_results_are_verified(node: str, expected: bool | None) -> None:
    """Only a node that ends in a hash tells."""
    assert verified(query(SIMPLE, node)) is expected
