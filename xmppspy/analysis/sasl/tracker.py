"""Tracker: follows the logins of each connection, and opens what is said in them."""

from typing import TYPE_CHECKING, Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.sasl.profiles import is_sasl
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    FrameRecord,
    TLSEstablished,
)

if TYPE_CHECKING:
    from xmppspy.analysis.sasl.logins import Logins
    from xmppspy.analysis.sasl.steps import SaslStep

MAX_CONNECTIONS: Final = 1000
"""Of more, the oldest are forgotten: their messages are opened, but no longer compared."""


class SaslTracker:
    """Opens the elements of SASL and SASL2, each with what was said before on its connection.

    What a peer says is judged by what that peer was sent: a client by the offer that it saw, a
    server by the one it made. To be shown every event, in order.
    """

    def __init__(self) -> None:
        self._connections: Bounded[int, Logins] = Bounded(MAX_CONNECTIONS)

    def see(self, event: Event) -> "SaslStep | None":
        """Take the next event; returns what it says when it is an element of SASL or SASL2."""
        if isinstance(event, FrameRecord):
            return self._see_frame(event)
        if isinstance(event, TLSEstablished):
            self._of(event.conn).secure(event.leg, event.version)
        elif isinstance(event, ConnectionOpened | ConnectionClosed):
            self._connections.pop(event.conn)
        return None

    def _of(self, conn: int) -> "Logins":
        found = self._connections.get(conn)
        if found is None:
            from xmppspy.analysis.sasl.logins import Logins  # noqa: PLC0415 - there may be none

            found = Logins()
            self._connections.put(conn, found)
        return found

    def _see_frame(self, record: FrameRecord) -> "SaslStep | None":
        if record.kind == "features" and record.dir == "s2c":
            if any(is_sasl(namespace) for namespace in record.ns):
                self._of(record.conn).offer(record)
            return None
        return self._of(record.conn).take(record) if is_sasl(record.xmlns) else None


def decode(record: FrameRecord) -> "SaslStep | None":
    """Open one element alone: nothing is compared with what was said before.

    None for what is no element of SASL or SASL2. Never fails.
    """
    if not is_sasl(record.xmlns):
        return None
    from xmppspy.analysis.sasl.elements import step  # noqa: PLC0415 - most are not
    from xmppspy.analysis.sasl.exchange import Exchange  # noqa: PLC0415

    return step(record, Exchange())
