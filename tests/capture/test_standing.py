import json

from tests.capture.samples import frame
from xmppspy.capture.format import encode
from xmppspy.capture.standing import Standing, numbered
from xmppspy.protocol.events import ConnectionClosed, ConnectionOpened, Event, FrameRecord

OPEN = ConnectionOpened(t=0.1, conn=1, client="127.0.0.1:50000", server="capulet.example")
CLOSED = ConnectionClosed(t=9.0, conn=1, by="client", reason="end of stream")


def _header(t: float, n: int, text: bytes = b"<stream:stream>") -> FrameRecord:
    return FrameRecord(n=n, t=t, conn=1, dir="c2s", kind="stream", data=text)


def test_what_stands_is_the_latest_of_each() -> None:
    """Of an open connection: how it began, and the header that is in force."""
    standing = Standing()
    events: list[Event] = [
        OPEN,
        _header(0.2, 1),
        frame(2),
        _header(0.3, 3, b"<stream:stream id='2'>"),
    ]
    standing.see(map(encode, events))
    told = [json.loads(line) for line in standing.repeated()]

    assert [(line.get("event"), line.get("n"), line["context"]) for line in told] == [
        ("open", None, True),
        (None, 3, True),
    ]


def test_nothing_stands_of_a_connection_that_is_closed() -> None:
    """What there was of it is forgotten."""
    standing = Standing()
    standing.see([encode(OPEN), encode(_header(0.2, 1)), encode(CLOSED)])

    assert not list(standing.repeated())


def test_what_peers_say_is_not_taken_for_keys() -> None:
    """A stanza that quotes a line of a capture opens and closes nothing."""
    standing = Standing()
    standing.see([encode(OPEN)])
    standing.see([encode(frame(1, encode(CLOSED))), encode(frame(2, encode(_header(0, 1))))])

    assert len(list(standing.repeated())) == 1


def test_several_lines_may_stand_in_one_piece() -> None:
    """As a run of stanzas does."""
    standing = Standing()
    standing.see([encode(frame(1)) + encode(OPEN) + encode(frame(2))])

    assert len(list(standing.repeated())) == 1


def test_headers_are_numbered() -> None:
    """A part says which one it is."""
    assert numbered(b'{"format":"x"}\n', 3) == b'{"format":"x","part":3}\n'
