"""Scenes: events of made-up connections, as a capture would hold them."""

from typing import Any, Final

from xmppspy.capture.derive import cut
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FrameRecord,
)
from xmppspy.protocol.framing import Frame

CLIENT_HEADER: Final = (
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    " to='capulet.example' version='1.0'>"
)
SERVER_HEADER: Final = CLIENT_HEADER.replace(" to=", " from=")

JULIET: Final = "juliet@capulet.example/balcony"
ROMEO: Final = "romeo@montague.example/garden"


class Scene:
    """Makes events one after the other; each is a tenth of a second later unless `t` says when.

    Frames are numbered from 1. What stands inside a stream is read in the context of the last
    header of its connection and direction.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._n = 0
        self._t = 0.0
        self._headers: dict[tuple[int, Direction], str] = {}

    def add(self, event: Event) -> Event:
        """Any other event."""
        self.events.append(event)
        return event

    def opens(self, conn: int = 1) -> ConnectionOpened:
        """A client connects."""
        event = ConnectionOpened(
            t=self._later(None), conn=conn, client="127.0.0.1:40000", server="127.0.0.1:5222"
        )
        self.add(event)
        return event

    def closes(self, conn: int = 1, by: str = "client") -> ConnectionClosed:
        """A connection is over."""
        event = ConnectionClosed(t=self._later(None), conn=conn, by=by, reason="end of stream")
        self.add(event)
        return event

    def client(self, xml: str, conn: int = 1, t: float | None = None, **keys: Any) -> FrameRecord:
        """What a client says."""
        return self._frame("c2s", xml, conn, t, keys)

    def server(self, xml: str, conn: int = 1, t: float | None = None, **keys: Any) -> FrameRecord:
        """What the server says."""
        return self._frame("s2c", xml, conn, t, keys)

    def begins(self, conn: int = 1) -> None:
        """A client connects and both sides send their headers."""
        self.opens(conn)
        self.client(CLIENT_HEADER, conn)
        self.server(SERVER_HEADER, conn)

    def binds(self, jid: str = JULIET, conn: int = 1) -> None:
        """The client gets its full JID."""
        bind = "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
        self.client(f"<iq type='set' id='bind-{conn}'><bind {bind}/></iq>", conn)
        self.server(
            f"<iq type='result' id='bind-{conn}'><bind {bind}><jid>{jid}</jid></bind></iq>", conn
        )

    def logs_in(self, jid: str = JULIET, conn: int = 1) -> None:
        """A client connects and binds."""
        self.begins(conn)
        self.binds(jid, conn)

    def _later(self, t: float | None) -> float:
        self._t = round(self._t + 0.1, 6) if t is None else t
        return self._t

    def _frame(
        self, direction: Direction, xml: str, conn: int, t: float | None, keys: dict[str, Any]
    ) -> FrameRecord:
        is_header = xml.startswith("<stream:stream ")
        if is_header:
            self._headers[conn, direction] = xml
        header = self._headers.get((conn, direction), CLIENT_HEADER)
        frame = cut(b"" if is_header else header.encode(), xml.encode())
        self._n += 1
        record = _record(frame, self._n, self._later(t), conn, direction, keys)
        self.events.append(record)
        return record


def _record(
    frame: Frame, n: int, t: float, conn: int, direction: Direction, keys: dict[str, Any]
) -> FrameRecord:
    return FrameRecord(
        n=n,
        t=t,
        conn=conn,
        dir=direction,
        kind=frame.kind,
        data=frame.data,
        xmlns=frame.xmlns,
        type=frame.type,
        id=frame.id,
        from_=frame.from_,
        to=frame.to,
        ns=frame.ns,
        context=frame.context,
        **keys,
    )
