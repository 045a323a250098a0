"""The namespaces the core itself must know, and the elements that are stanzas in some of them."""

STREAMS = "http://etherx.jabber.org/streams"
CLIENT = "jabber:client"
SERVER = "jabber:server"
COMPONENT_ACCEPT = "jabber:component:accept"
COMPONENT_CONNECT = "jabber:component:connect"
CONTENT = frozenset({CLIENT, SERVER, COMPONENT_ACCEPT, COMPONENT_CONNECT})
"""What a stream's content may be in (RFC 6120 §4.8.2, XEP-0114)."""

STANZAS = frozenset({"message", "presence", "iq"})
"""The local names of what are stanzas there (RFC 6120 §8)."""

TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
SASL2 = "urn:xmpp:sasl:2"
STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams"
STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
COMPRESS = "http://jabber.org/protocol/compress"
COMPRESS_FEATURE = "http://jabber.org/features/compress"
SM = "urn:xmpp:sm:3"
SM_OLD = "urn:xmpp:sm:2"
XML = "http://www.w3.org/XML/1998/namespace"
XMLNS = "http://www.w3.org/2000/xmlns/"
