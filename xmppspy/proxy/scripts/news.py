"""News: what a script is told of the connections."""

from xmppspy.analysis.identity import Identities
from xmppspy.protocol.events import ConnectionClosed, ConnectionOpened, Event, FrameRecord
from xmppspy.scripting.messages import Close, Known, Open


class News:
    """Learns from the events what a script has to know."""

    def __init__(self) -> None:
        self._identities = Identities()
        self._open: dict[int, Open] = {}

    def see(self, event: Event) -> Open | Known | Close | None:
        """Take the next event; returns what the script is to be told, if anything."""
        if isinstance(event, FrameRecord):
            return self._see_frame(event)
        self._identities.see(event)
        if isinstance(event, ConnectionOpened):
            self._open[event.conn] = opened = Open(event.conn, event.client)
            return opened
        if isinstance(event, ConnectionClosed) and self._open.pop(event.conn, None) is not None:
            return Close(event.conn)
        return None

    def _see_frame(self, record: FrameRecord) -> Known | None:
        self._identities.see(record)
        known = self._open.get(record.conn)
        identity = self._identities.of(record.conn)
        jid = identity.full or identity.bare
        if known is None or (known.domain, known.jid) == (identity.domain, jid):
            return None
        self._open[record.conn] = Open(record.conn, known.client, identity.domain, jid)
        return Known(record.conn, identity.domain, jid)

    def present(self) -> list[Open]:
        """The connections that are open, in their order, with what is known of them."""
        return list(self._open.values())
