"""xmppspy: see every XMPP stanza between a client and a server."""
