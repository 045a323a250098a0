"""Words of the protocol: what is never taken for somebody's name in a text."""

from typing import Final

NAMESPACES: Final = (
    "urn:", "jabber:", "storage:", "http://jabber.org/", "https://jabber.org/",
    "http://etherx.jabber.org/", "http://xmpp.org/", "https://xmpp.org/", "http://www.xmpp.org/",
    "http://www.w3.org/", "eu.siacs.", "vcard-temp", "muc#", "pubsub#", "roster", "google:",
)  # fmt: skip
"""How the names of protocols and of their form fields begin."""

NAMELESS: Final = frozenset({
    "action", "affiliation", "algo", "ask", "category", "code", "count", "h", "hash", "index",
    "lang", "max", "mechanism", "port", "protocol", "resume", "role", "size", "stamp",
    "subscription", "timestamp", "transport", "type", "var", "ver", "version",
})  # fmt: skip
"""Attributes in which nobody's name stands."""

NAMELESS_HOSTS: Final = frozenset({"bob.xmpp.org"})
"""Domains that belong to a format and not to a person (XEP-0231)."""

SERVICES: Final = frozenset({
    "chat", "chatrooms", "component", "conference", "gateway", "groups", "http", "im", "irc",
    "jabber", "mail", "mix", "muc", "pep", "proxy", "proxy65", "pubsub", "push", "register",
    "rooms", "search", "share", "stun", "turn", "upload", "users", "vjud", "web", "www", "xmpp",
})  # fmt: skip
"""Labels of subdomains that tell what a service does, and nothing of whose it is."""

_TEXT: Final = """
    abort action active activity admin affiliation after alg algo all and any app apply archive ask
    auth authenticate authorization available avatar away background bad ban base64 before bind
    block body bookmarks both bound bundle button call cancel candidate caps carbons challenge
    change chat chatroom client code com command complete component composing config configure
    conference connect content contact count create csi current data date default delay delete
    description device dialback digest direct disable disco dnd domain enable enabled encrypted end
    error event example execute expired failed failure features feature field file first for form
    forbidden forward forwarded from full gateway get gone group groupchat handshake hash header
    headline hidden history host http https iam identity image inactive info initiate input invite
    invitation iq item items jabber jid join key kick label last leave limit list live local
    location mam mail markable max mechanism media member message meta method mode model moderator
    mood muc name net next nick node none normal not note notify null off offline old omemo one
    online open option options org outcast owner owners pass password participant paused payload
    pep phone photo ping plain port presence private profile prompt proto proxy public publish
    publisher pubsub push query read reason receipt received registered register reject relay
    remove reply request required reset resource response result resume retract role room roster
    rooms save scram search secret security sender server service session set share show sid size
    some source spool state status stanza start stop store stream submit subject subscribe
    subscribed subscription success tag task template temp text that the this thread time title tls
    token transport true false type unavailable unblock unsubscribe upload uri url urn user
    username users value var vcard version video visitor voice web whitelist with xmpp xml xmlns
"""

WORDS: Final = frozenset(_TEXT.split())
"""Words that traffic is full of. An account of such a name is renamed in addresses only."""
