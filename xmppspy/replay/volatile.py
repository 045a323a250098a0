"""Volatile: what is another in every run without meaning anything: ids, times, keys, orders.

Namespaces, names of elements and of attributes, and what they hold; see `normal` for the use.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from xmppspy.protocol import namespaces as ns

SETTLED: Final = "…"
"""What stands for a value that is another in every run."""

_ROSTER: Final = "jabber:iq:roster"
_DATA: Final = "jabber:x:data"
_RSM: Final = "http://jabber.org/protocol/rsm"
_DISCO_INFO: Final = "http://jabber.org/protocol/disco#info"
_BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
_AUTH: Final = "jabber:iq:auth"
_TIME: Final = "jabber:iq:time"
_UPLOAD: Final = "urn:xmpp:http:upload:0"
_JINGLE_TRANSPORTS: Final = "urn:xmpp:jingle:transports:"

_IDS: Final = frozenset({
    "id", "queryid", "sid", "sessionid", "previd", "target", "thread", "parent",
})  # fmt: skip
"""Attributes that hold an id, or refer to one."""

_NAMES_OF_THEIR_OWN: Final = frozenset({
    "conference", "entry", "service", "payload-type", "rtp-hdrext", "parameter", "feature",
})  # fmt: skip
"""Elements whose `id` is a name that means something."""

_ATTRIBUTES: Final = frozenset({
    (_ROSTER, "query", "ver"), ("jabber:iq:last", "query", "seconds"),
    (ns.SM, "enabled", "location"), (ns.SM, "enabled", "max"),
    (ns.SM, "resume", "h"), (ns.SM, "resumed", "h"), (ns.SM, "failed", "h"),
    ("urn:xmpp:extdisco:2", "service", "username"), ("urn:xmpp:extdisco:2", "service", "password"),
    ("urn:xmpp:extdisco:2", "service", "expires"), ("urn:xmpp:occupant-id:0", "occupant-id", "id"),
})  # fmt: skip
"""Other attributes, with the element they stand on."""

_TEXTS: Final = frozenset({
    (ns.CLIENT, "thread"), (ns.SERVER, "thread"), (ns.COMPONENT_ACCEPT, "thread"),
    (_RSM, "first"), (_RSM, "last"), (_RSM, "after"), (_RSM, "before"),
    ("urn:xmpp:mam:2", "id"), (_BIND, "resource"),
    (_AUTH, "digest"), (_AUTH, "password"), (_AUTH, "resource"), (ns.COMPONENT_ACCEPT, "handshake"),
    (_TIME, "utc"), (_TIME, "display"), (_UPLOAD, "header"), ("jabber:x:encrypted", "x"),
    ("jabber:x:signed", "x"),
})  # fmt: skip
"""Elements whose text is an id, a time or a key."""

_CIPHERTEXT: Final = frozenset({
    "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2", "urn:xmpp:openpgp:0",
})  # fmt: skip
"""Namespaces in which every text is encrypted, or a key."""

PROSE: Final = frozenset({"body", "subject", "status", "text"})
"""Elements whose text is for people: it stays, though it may look like an address or a time."""

_STAMP: Final = re.compile(r"\d{4}-?\d\d-?\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)")
_RANDOM: Final = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/_=-]{10,}"
)
"""A UUID, or letters mixed with digits."""

_UNORDERED: Final = frozenset({
    (_ROSTER, "query"), (_ROSTER, "item"), (_DISCO_INFO, "query"),
    ("http://jabber.org/protocol/disco#items", "query"), (_DATA, "x"), (_DATA, "item"),
    (ns.STREAMS, "features"), (ns.SASL, "mechanisms"), (ns.SASL2, "authentication"),
    (ns.SASL2, "inline"), ("urn:xmpp:blocking", "blocklist"), ("urn:xmpp:blocking", "block"),
    ("urn:xmpp:blocking", "unblock"), ("http://jabber.org/protocol/muc#admin", "query"),
    ("http://jabber.org/protocol/muc#user", "x"), ("http://jabber.org/protocol/muc#user", "item"),
    ("http://jabber.org/protocol/pubsub", "affiliations"),
    ("http://jabber.org/protocol/pubsub", "subscriptions"),
    ("http://jabber.org/protocol/pubsub#owner", "affiliations"),
    ("http://jabber.org/protocol/pubsub#owner", "subscriptions"), ("storage:bookmarks", "storage"),
    ("urn:xmpp:extdisco:2", "services"), ("urn:xmpp:forward:0", "forwarded"), (_RSM, "set"),
})  # fmt: skip
"""Elements whose children have no order."""

_STANZAS: Final = frozenset({"message", "presence", "iq", "error"})
_MANY: Final = frozenset({"list-multi", "jid-multi"})


def settled_attribute(namespace: str, local: str, name: str, value: str) -> str:
    """The value of an attribute, or `SETTLED` where it is another in every run."""
    if name in _IDS and local not in _NAMES_OF_THEIR_OWN:
        is_settled = local != "item" or _RANDOM.fullmatch(value) is not None
    else:
        is_settled = (
            (namespace, local, name) in _ATTRIBUTES
            or namespace.startswith(_JINGLE_TRANSPORTS)
            or _STAMP.fullmatch(value) is not None
        )
    if is_settled:
        return SETTLED
    if namespace == _UPLOAD and name == "url":
        return _place(value)
    return value


def settled_text(namespace: str, local: str, text: str) -> str:
    """The text of an element without children, or `SETTLED`."""
    if (namespace, local) in _TEXTS or namespace in _CIPHERTEXT:
        return SETTLED if text.strip() else text
    if local not in PROSE and _STAMP.fullmatch(text.strip()):
        return SETTLED
    return text


def is_unordered(namespace: str, local: str, kind: str, in_disco: bool) -> bool:
    """Whether the children of an element may stand in any order.

    `kind` is the element's `type`; `in_disco` whether it belongs to a disco#info answer, whose
    forms are compared as XEP-0115 §5.1 does.
    """
    if namespace in ns.CONTENT and local in _STANZAS:
        return True
    if namespace == _DATA and local == "field":
        return in_disco or kind in _MANY
    return (namespace, local) in _UNORDERED


def _place(url: str) -> str:
    """A URL without what was made up for it: its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return SETTLED
    return f"{parts.scheme}://{parts.netloc}/{SETTLED}"
