"""Offers: what a server's `<stream:features/>` let a client choose from."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from xmppspy.analysis.sasl.offers import Offer as Mechanisms
from xmppspy.analysis.sasl.offers import offers_in
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import whole_number
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import read

BINDINGS: Final = "urn:xmpp:sasl-cb:0"
FAST: Final = "urn:xmpp:fast:0"
SESSION: Final = "urn:ietf:params:xml:ns:xmpp-session"
LIMITS: Final = "urn:xmpp:stream-limits:0"


@dataclass(frozen=True, slots=True)
class Offer:
    """The features of one stream, as the server made them or as the client saw them."""

    record: FrameRecord
    tags: frozenset[str]
    """The features themselves, as `{ns}name`."""
    namespaces: frozenset[str]
    """Of the features and of all that is inside them."""
    sasl: Mechanisms | None
    sasl2: Mechanisms | None
    """Those of FAST are not among them."""
    fast: frozenset[str]
    """Mechanisms for tokens (XEP-0484)."""
    bindings: tuple[str, ...] | None
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
    def profiles(self) -> tuple[Mechanisms, ...]:
        """What is offered for SASL and for SASL2."""
        return tuple(each for each in (self.sasl, self.sasl2) if each is not None)

    @property
    def binds_channels(self) -> bool:
        """Whether a mechanism with channel binding is offered."""
        return any(each.can_bind for each in self.profiles)


def read_offer(record: FrameRecord) -> Offer:
    """The features that a frame holds: what came. `legs.heard` gives what left for the client."""
    root = read(record).tree
    if root is None:
        root = etree.Element("features")
    offers = offers_in(root)
    told = next(root.iter(f"{{{BINDINGS}}}sasl-channel-binding"), None)
    return Offer(
        record=record,
        tags=frozenset(str(each.tag) for each in tree.children(root)),
        namespaces=frozenset(tree.namespace(each) for each in root.iter("*")),
        sasl=offers.sasl,
        sasl2=offers.sasl2,
        fast=_fast(root),
        bindings=None if told is None else tuple(each.get("type") or "" for each in told),
        session_is_optional=root.find(f"{{{SESSION}}}session/{{{SESSION}}}optional") is not None,
        max_bytes=whole_number(tree.text(next(root.iter(f"{{{LIMITS}}}max-bytes"), None)) or None),
    )


def _fast(root: etree._Element) -> frozenset[str]:
    fast = next(root.iter(f"{{{FAST}}}fast"), None)
    found = () if fast is None else tree.children(fast, "mechanism")
    return frozenset(tree.text(each).strip() for each in found)
