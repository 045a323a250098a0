"""Logins: those of one connection, followed on both of its legs, and what is said in them."""

from dataclasses import dataclass, field, replace
from typing import Final

from xmppspy.analysis.legs import heard, said
from xmppspy.analysis.sasl.elements import step
from xmppspy.analysis.sasl.exchange import Exchange
from xmppspy.analysis.sasl.offers import Offers, offers_in
from xmppspy.analysis.sasl.profiles import is_sasl
from xmppspy.analysis.sasl.steps import SaslStep
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, FrameRecord, Side
from xmppspy.protocol.stanza import read

_TLS_VERSIONS: Final = {
    "TLSv1.3": "0304",
    "TLSv1.2": "0303",
    "TLSv1.1": "0302",
    "TLSv1": "0301",
}


@dataclass(slots=True)
class _Leg:
    """A login as one of the two peers knows it."""

    side: Side
    offers: Offers = field(default_factory=Offers)
    versions: dict[Side, str] = field(default_factory=dict)
    """The version of TLS on this leg."""
    exchange: Exchange | None = None

    def take(self, record: FrameRecord | None) -> SaslStep | None:
        """An element that this peer has said or got."""
        if record is None or not is_sasl(record.xmlns):
            return None
        if record.kind in ("auth", "authenticate") or self.exchange is None:
            offer = self.offers.sasl if record.xmlns == ns.SASL else self.offers.sasl2
            self.exchange = Exchange(offer=offer, versions=self.versions)
        found = step(record, self.exchange)
        if record.kind in ("success", "failure"):
            self.exchange = None
        return found


class Logins:
    """What both legs of a connection know of its logins.

    They differ where xmppspy changes offers or ends logins.
    """

    def __init__(self) -> None:
        self.legs: Final = {side: _Leg(side) for side in Side}

    def secure(self, leg: Side, version: str) -> None:
        """TLS of that version, as OpenSSL names it, is up on a leg."""
        if known := _TLS_VERSIONS.get(version):
            self.legs[leg].versions[leg] = known

    def offer(self, record: FrameRecord) -> None:
        """The server's features, and what the client sees of them."""
        self.legs[Side.SERVER].offers = _offers(said(record))
        self.legs[Side.CLIENT].offers = _offers(heard(record))

    def take(self, record: FrameRecord) -> SaslStep | None:
        """Who said it is judged by his own leg; what became of it is told too."""
        speaker = Side.CLIENT if record.dir == "c2s" else Side.SERVER
        own = self.legs[speaker].take(said(record))
        left = self.legs[speaker.other].take(heard(record))
        if own is None or record.injected:
            return left
        if left is None:
            return own
        bridged = _bridged(own, left) if record.sent is not UNCHANGED else ""
        return replace(own, bridged=bridged, warnings=_all_warnings(own, left, speaker.other))


def _offers(record: FrameRecord | None) -> Offers:
    tree = None if record is None else read(record).tree
    return Offers() if tree is None else offers_in(tree)


def _bridged(own: SaslStep, left: SaslStep) -> str:
    """What a client's first message has become on its way: another mechanism, or a binding."""
    if left.kind not in ("auth", "authenticate"):
        return ""
    if left.mechanism == own.mechanism and _binding(left) == _binding(own):
        return "bridged"
    bound = f" by {_binding(left)}" if _binding(left) else ""
    return f"bridged as {left.mechanism}{bound}"


def _binding(first: SaslStep) -> str:
    said = first.value("gs2") or first.value("binding") or ""
    return said.removeprefix("p=") if said.startswith(("p=", "tls-")) else ""


def _all_warnings(own: SaslStep, left: SaslStep, listener: Side) -> tuple[str, ...]:
    """What is wrong with what came, and with what left only."""
    towards = f"towards the {listener}"
    more = (each for each in left.warnings if each not in own.warnings)
    told = (each if towards in each else f"{towards}: {each}" for each in more)
    return (*own.warnings, *told)
