from xmppspy.analysis.sasl.profiles import is_sasl


def test_the_namespaces_are_those_of_both_profiles() -> None:
    """SASL, and SASL2 in any version."""
    namespaces = ("urn:ietf:params:xml:ns:xmpp-sasl", "urn:xmpp:sasl:2", "urn:xmpp:sasl:1")

    assert all(map(is_sasl, namespaces))
    assert not any(map(is_sasl, (None, "", "jabber:client", "urn:xmpp:sasl-cb:0")))
