from tests.scripting.staging import frame_of
from xmppspy.intervene.records import record_of
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    FrameRecord,
    Note,
)
from xmppspy.proxy.scripts.news import News
from xmppspy.scripting.messages import Close, Known, Open

OPENED = ConnectionOpened(t=0.0, conn=1, client="127.0.0.1:5", server="s")
BOUND = (
    b"<iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    b"<jid>juliet@capulet.example/b</jid></bind></iq>"
)


def _record(direction: Direction, xml: bytes) -> FrameRecord:
    return record_of(1, direction, frame_of(xml), 0.0)


def _header(conn: int = 1) -> FrameRecord:
    return FrameRecord(
        n=1, t=0.0, conn=conn, dir="c2s", kind="stream", data=b"<stream:stream>",
        xmlns="http://etherx.jabber.org/streams", to="capulet.example",
    )  # fmt: skip


def test_what_is_told_of_a_connection() -> None:
    """Its beginning, each thing that becomes known, once, and its end."""
    news = News()

    assert news.see(OPENED) == Open(1, "127.0.0.1:5")
    assert news.see(_header()) == Known(1, "capulet.example")
    assert news.see(_header()) is None
    assert news.see(_record("s2c", BOUND)) == Known(
        1, "capulet.example", "juliet@capulet.example/b"
    )
    assert news.see(_record("c2s", b"<message/>")) is None
    assert news.present() == [Open(1, "127.0.0.1:5", "capulet.example", "juliet@capulet.example/b")]
    assert news.see(ConnectionClosed(t=1.0, conn=1, by="client", reason="reset")) == Close(1)
    assert news.present() == []


def test_what_is_not_told() -> None:
    """Connections whose beginning was not seen, and other events."""
    news = News()

    assert news.see(_header(7)) is None
    assert news.see(ConnectionClosed(t=1.0, conn=7, by="client", reason="reset")) is None
    assert news.see(Note(t=1.0, text="x")) is None
