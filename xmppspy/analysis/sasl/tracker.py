"""Tracker: follows the logins of each connection, and opens what is said in them."""

from dataclasses import dataclass, field, replace
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.legs import heard, said
from xmppspy.analysis.sasl.elements import is_sasl, step
from xmppspy.analysis.sasl.exchange import Exchange
from xmppspy.analysis.sasl.offers import Offers, offers_in
from xmppspy.analysis.sasl.steps import SaslStep
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    ConnectionOpened,
    Event,
    FrameRecord,
    Side,
    TLSEstablished,
)
from xmppspy.protocol.stanza import read

MAX_CONNECTIONS: Final = 1000
"""Of more, the oldest are forgotten: their messages are opened, but no longer compared."""

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


class _Connection:
    """Both legs. They differ where xmppspy changes offers or ends logins."""

    def __init__(self) -> None:
        self.legs: Final = {side: _Leg(side) for side in Side}

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


class SaslTracker:
    """Opens the elements of SASL and SASL2, each with what was said before on its connection.

    What a peer says is judged by what that peer was sent: a client by the offer that it saw, a
    server by the one it made. To be shown every event, in order.
    """

    def __init__(self) -> None:
        self._connections: Bounded[int, _Connection] = Bounded(MAX_CONNECTIONS)

    def see(self, event: Event) -> SaslStep | None:
        """Take the next event; returns what it says when it is an element of SASL or SASL2."""
        if isinstance(event, FrameRecord):
            return self._see_frame(event)
        if isinstance(event, TLSEstablished):
            self._secure(event)
        elif isinstance(event, ConnectionOpened):
            self._connections.put(event.conn, _Connection())
        elif isinstance(event, ConnectionClosed):
            self._connections.pop(event.conn)
        return None

    def _secure(self, event: TLSEstablished) -> None:
        if version := _TLS_VERSIONS.get(event.version):
            self._of(event.conn).legs[event.leg].versions[event.leg] = version

    def _of(self, conn: int) -> _Connection:
        found = self._connections.get(conn)
        if found is None:
            found = _Connection()
            self._connections.put(conn, found)
        return found

    def _see_frame(self, record: FrameRecord) -> SaslStep | None:
        if record.kind == "features" and record.dir == "s2c":
            if any(is_sasl(namespace) for namespace in record.ns):
                self._of(record.conn).offer(record)
            return None
        return self._of(record.conn).take(record) if is_sasl(record.xmlns) else None


def decode(record: FrameRecord) -> SaslStep | None:
    """Open one element alone: nothing is compared with what was said before.

    None for what is no element of SASL or SASL2. Never fails.
    """
    return step(record, Exchange())
