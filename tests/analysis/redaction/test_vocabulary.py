from xmppspy.analysis import registry
from xmppspy.analysis.redaction.vocabulary import NAMELESS, NAMESPACES, SERVICES, WORDS


def test_words_are_words() -> None:
    """They are compared in lower case, one by one."""
    assert {word for word in WORDS | NAMELESS | SERVICES if word != word.lower()} == set()
    assert {word for word in WORDS if not word.isalnum()} == set()


def test_namespaces_of_the_protocol_are_known() -> None:
    """What the XSF's specifications use is taken for no host."""
    known = ["urn:xmpp:mam:2", "http://jabber.org/protocol/muc", "jabber:iq:roster", "vcard-temp"]

    assert [name for name in known if not name.startswith(NAMESPACES)] == []
    assert all(registry.lookup(name) for name in known)
