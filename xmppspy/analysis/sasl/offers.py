"""Offers: what a server lets a client choose from, and the hash by which that is protected."""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xmppspy.protocol import namespaces as ns

if TYPE_CHECKING:
    from lxml import etree

_SASL2: Final = "urn:xmpp:sasl:"
_BINDINGS: Final = "{urn:xmpp:sasl-cb:0}sasl-channel-binding"
_MOST: Final = 100
"""Names that are kept of an offer; real ones have ten."""
_LONGEST: Final = 100
"""Characters of a name; real ones have 20 at most (RFC 4422 §3.1)."""
_HASH: Final = re.compile(r"SCRAM-SHA(3?)-([0-9]+)(?:-PLUS)?")


@dataclass(frozen=True, slots=True)
class Offer:
    """The mechanisms of one SASL profile, and the channel-binding types beside them."""

    mechanisms: tuple[str, ...]
    bindings: tuple[str, ...] | None = None
    """None where the server does not tell (XEP-0440)."""

    @property
    def can_bind(self) -> bool:
        """Whether a mechanism that binds to the TLS channel is offered."""
        return any(name.endswith("-PLUS") for name in self.mechanisms)


@dataclass(frozen=True, slots=True)
class Offers:
    """What stream features offer, by the profile; None for a profile that they do not have."""

    sasl: Offer | None = None
    sasl2: Offer | None = None


def offers_in(features: "etree._Element") -> Offers:
    """Read `<stream:features/>`. FAST's mechanisms are no part of SASL2's own (XEP-0484)."""
    bindings = _bindings(features.find(_BINDINGS))
    sasl = features.find(f"{{{ns.SASL}}}mechanisms")
    sasl2 = next((each for each in features if _is_sasl2(each)), None)
    return Offers(
        None if sasl is None else Offer(_mechanisms(sasl), bindings),
        None if sasl2 is None else Offer(_mechanisms(sasl2), bindings),
    )


def _is_sasl2(element: "etree._Element") -> bool:
    tag = str(element.tag)
    return tag.startswith(f"{{{_SASL2}") and tag.endswith("}authentication")


def _mechanisms(element: "etree._Element") -> tuple[str, ...]:
    found = [(each.text or "").strip() for each in element.iterchildren("{*}mechanism")]
    return _bounded(found)


def _bindings(element: "etree._Element | None") -> tuple[str, ...] | None:
    if element is None:
        return None
    return _bounded([each.get("type") or "" for each in element.iterchildren("{*}channel-binding")])


def _bounded(names: list[str]) -> tuple[str, ...]:
    return tuple(name[:_LONGEST] for name in names[:_MOST])


def downgrade_hash(offer: Offer, mechanism: str) -> str | None:
    """The attribute `h` that a server adds for this offer (XEP-0474 §5), in base64.

    None where `mechanism`, whose hash function it uses, is no known variant of SCRAM.
    """
    match = _HASH.fullmatch(mechanism)
    if match is None:
        return None
    name = f"sha3_{match[2]}" if match[1] else f"sha{match[2]}"
    offered = "\x1e".join(sorted(offer.mechanisms))
    if offer.bindings is not None:
        offered += "\x1f" + "\x1e".join(sorted(offer.bindings))
    try:
        import hashlib  # noqa: PLC0415 - seldom, and it brings OpenSSL

        digest = hashlib.new(name, offered.encode(), usedforsecurity=False)
    except ValueError:
        return None
    return b64encode(digest.digest()).decode()
