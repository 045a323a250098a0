"""Offers: what a server's `<stream:features/>` let a client choose from."""

from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import whole_number
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, FrameRecord
from xmppspy.protocol.stanza import Stanza, read

BINDINGS: Final = "urn:xmpp:sasl-cb:0"
FAST: Final = "urn:xmpp:fast:0"
SESSION: Final = "urn:ietf:params:xml:ns:xmpp-session"
LIMITS: Final = "urn:xmpp:stream-limits:0"


@dataclass(frozen=True, slots=True)
class Offer:
    """The features of one stream, as the client saw them."""

    record: FrameRecord
    tags: frozenset[str]
    """The features themselves, as `{ns}name`."""
    namespaces: frozenset[str]
    """Of the features and of all that is inside them."""
    mechanisms: frozenset[str]
    """Of SASL."""
    mechanisms2: frozenset[str]
    """Of SASL2, those of FAST included."""
    bindings: frozenset[str] | None
    """Types of channel binding (XEP-0440); None where they are not told."""
    session_is_optional: bool
    """Whether the session of RFC 3921 is offered for old clients only."""
    max_bytes: int | None
    """What the server takes in a stanza (XEP-0478)."""

    @property
    def starttls(self) -> bool:
        """Whether STARTTLS is offered."""
        return f"{{{ns.TLS}}}starttls" in self.tags

    @property
    def binds_channels(self) -> bool:
        """Whether a mechanism with channel binding is offered."""
        return any(name.endswith("-PLUS") for name in self.mechanisms | self.mechanisms2)


def read_offer(record: FrameRecord) -> Offer:
    """The features as they left for the client."""
    root = _as_it_left(record).tree
    if root is None:
        root = etree.Element("features")
    return Offer(
        record=record,
        tags=frozenset(str(each.tag) for each in tree.children(root)),
        namespaces=frozenset(tree.namespace(each) for each in root.iter("*")),
        mechanisms=_mechanisms(tree.of(root, ns.SASL, "mechanisms")),
        mechanisms2=_mechanisms(tree.of(root, ns.SASL2, "authentication"))
        | _mechanisms(next(root.iter(f"{{{FAST}}}fast"), None)),
        bindings=_bindings(root),
        session_is_optional=root.find(f"{{{SESSION}}}session/{{{SESSION}}}optional") is not None,
        max_bytes=whole_number(tree.text(next(root.iter(f"{{{LIMITS}}}max-bytes"), None)) or None),
    )


def _as_it_left(record: FrameRecord) -> Stanza:
    if record.sent is UNCHANGED or record.sent is None:
        return read(record)
    return Stanza(replace(record, data=record.sent, sent=UNCHANGED))


def _mechanisms(element: etree._Element | None) -> frozenset[str]:
    if element is None:
        return frozenset()
    return frozenset(tree.text(each).strip() for each in tree.children(element, "mechanism"))


def _bindings(root: etree._Element) -> frozenset[str] | None:
    told = next(root.iter(f"{{{BINDINGS}}}sasl-channel-binding"), None)
    if told is None:
        return None
    return frozenset(each.get("type") or "" for each in tree.children(told))
