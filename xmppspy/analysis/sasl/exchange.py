"""Exchange: what is known of one login while it goes on, and the beginning it has in common."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.sasl.offers import Offer
from xmppspy.analysis.sasl.steps import Reading
from xmppspy.protocol.events import Side

_GS2: Final = re.compile(r"((n|y|p=([A-Za-z0-9.-]+)),(?:a=([^,]*))?,)(.*)", re.DOTALL)
_MEANINGS: Final = {
    "n": "the client cannot bind to the TLS channel",
    "y": "the client can bind to the TLS channel, and believes that the server cannot",
    "p": "bound to the TLS channel",
}
_TLS_1_3: Final = "0304"


@dataclass(slots=True)
class Exchange:
    """One login: from the client's first message to success or failure."""

    mechanism: str = ""
    offer: Offer | None = None
    """What the server offered in the SASL profile in use; None when that was not seen."""
    versions: Mapping[Side, str] = field(default_factory=dict)
    """The TLS version of each leg, as XEP-0515 writes it, where it was seen."""
    began: bool = False
    """Whether the client's first message was seen."""
    header: str | None = None
    """The gs2 header of the client's first message, up to its second comma."""
    nonce: str = ""
    """The client's; empty when it was not seen."""
    server_nonce: str = ""


@dataclass(frozen=True, slots=True)
class Gs2:
    """The beginning of a client's first message (RFC 5801 §4)."""

    header: str
    """Up to its second comma."""
    flag: str
    """`n`, `y` or `p=TYPE`."""
    binding: str | None
    """The TYPE."""
    authzid: str
    rest: str
    """What follows."""


def gs2(text: str) -> Gs2 | None:
    """Take a message apart; None where it does not begin with a gs2 header."""
    match = _GS2.fullmatch(text)
    if match is None:
        return None
    header, flag, binding, authzid, rest = match.groups()
    return Gs2(header, flag, binding, saslname(authzid or ""), rest)


def saslname(text: str) -> str:
    """A name as it is written in gs2 headers and SCRAM (RFC 5802 §5.1), without the escapes."""
    return text.replace("=2C", ",").replace("=3D", "=")


def say_header(reading: Reading, header: Gs2, exchange: Exchange) -> None:
    """Say what a gs2 header holds, and what of it cannot be."""
    exchange.header = header.header
    reading.say("authzid", header.authzid)
    reading.say("gs2", header.flag, _MEANINGS[header.flag[0]])
    wants_binding = exchange.mechanism.endswith("-PLUS")
    if wants_binding != (header.binding is not None):
        reading.warn("only a mechanism with -PLUS binds, and it has to (RFC 5802 §6)")
    if header.flag == "y" and exchange.offer is not None and exchange.offer.can_bind:
        reading.warn("the server offers -PLUS, so it has to refuse gs2=y (RFC 5802 §6)")
    if header.binding == "tls-unique" and exchange.versions.get(Side.CLIENT) == _TLS_1_3:
        reading.warn("tls-unique is not defined for TLS 1.3 (RFC 9266 §3)")
