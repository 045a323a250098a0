"""Tracker: follows the logins of each connection, and opens what is said in them."""

from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.sasl.elements import is_sasl, step
from xmppspy.analysis.sasl.exchange import Exchange
from xmppspy.analysis.sasl.offers import Offers, offers_in
from xmppspy.analysis.sasl.steps import SaslStep
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import (
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
class _Connection:
    offers: Offers = field(default_factory=Offers)
    versions: dict[Side, str] = field(default_factory=dict)
    exchange: Exchange | None = None


class SaslTracker:
    """Opens the elements of SASL and SASL2, each with what was said before on its connection.

    To be shown every event, in order.
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
            self._of(event.conn).versions[event.leg] = version

    def _of(self, conn: int) -> _Connection:
        found = self._connections.get(conn)
        if found is None:
            found = _Connection()
            self._connections.put(conn, found)
        return found

    def _see_frame(self, record: FrameRecord) -> SaslStep | None:
        if record.kind == "features" and record.dir == "s2c":
            if any(is_sasl(namespace) for namespace in record.ns):
                tree = read(record).tree
                self._of(record.conn).offers = Offers() if tree is None else offers_in(tree)
            return None
        if not is_sasl(record.xmlns):
            return None
        connection = self._of(record.conn)
        if record.kind in ("auth", "authenticate") or connection.exchange is None:
            connection.exchange = _begun(record, connection)
        found = step(record, connection.exchange)
        if record.kind in ("success", "failure"):
            connection.exchange = None
        return found


def decode(record: FrameRecord) -> SaslStep | None:
    """Open one element alone: nothing is compared with what was said before.

    None for what is no element of SASL or SASL2. Never fails.
    """
    return step(record, Exchange())


def _begun(record: FrameRecord, connection: _Connection) -> Exchange:
    offers = connection.offers
    offer = offers.sasl if record.xmlns == ns.SASL else offers.sasl2
    return Exchange(offer=offer, versions=connection.versions)
