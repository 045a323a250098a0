from tests.analysis.contents.reading import root
from xmppspy.analysis.contents.abilities import abilities


def test_features_are_named() -> None:
    """Sorted, with the specification that each is from, behind the identities."""
    xml = (
        "<iq><query xmlns='http://jabber.org/protocol/disco#info'>"
        "<identity category='client' type='pc' name='Psi'/>"
        "<feature var='urn:xmpp:ping'/><feature var='jabber:iq:version'/><feature var='urn:odd'/></query></iq>"
    )
    (found,) = abilities(root(xml))

    assert found.title == "service discovery: 3 features"
    assert found.rows == (
        ("identity", "client/pc Psi"),
        ("jabber:iq:version", "Software Version (XEP-0092)"),
        ("urn:odd", ""),
        ("urn:xmpp:ping", "XMPP Ping (XEP-0199)"),
    )


def test_question_tells_nothing() -> None:
    """Only answers do."""
    assert (
        list(abilities(root("<iq><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")))
        == []
    )
