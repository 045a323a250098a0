import itertools

import pytest

from tests.conversation import ANSWER, DOMAIN, HEADER, MECHANISMS, Conversation, options
from tests.protocol.feeding import END
from xmppspy.protocol.events import (
    CloseRequested,
    ConnectionClosed,
    Direction,
    EndRequested,
    FateDecided,
    LeafRequested,
    Side,
    TLSEstablished,
)
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.link import Link, SessionOptions
from xmppspy.protocol.verdicts import FORWARD, Hold, Verdict

MESSAGE = b"<message><body>Wherefore art thou?</body></message>"


class Holder:
    """An interceptor that holds every message."""

    idle = False

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Messages."""
        return head.kind == "message"

    def judge(self, direction: Direction, frame: Frame, now: float) -> Verdict:
        """Messages are held."""
        return Verdict(hold=Hold()) if frame.kind == "message" else FORWARD


def holding() -> Conversation:
    """A conversation in which the client's message is held."""
    talk = Conversation(interceptor=Holder())
    talk.reach_features()
    talk.client_sends(MESSAGE + END)
    return talk


def test_name() -> None:
    """The server's certificate has to name whom the client wants, or else UPSTREAM."""
    link = Link(1, SessionOptions(upstream_name=DOMAIN), itertools.count(1))
    names = [link.name]
    link.domain = "montague.example"

    assert [*names, link.name] == [DOMAIN, "montague.example"]


def test_leg_without_tls_has_nothing_to_tell() -> None:
    """Only TLS that is up is recorded; a leaf for a clear server copies nothing."""
    link = Link(1, SessionOptions(upstream_name=DOMAIN), itertools.count(1))
    link.has_tls(Side.CLIENT, 0.0)
    link.request_leaf()

    assert link.recorder.next_event() == LeafRequested((DOMAIN,), None)


def test_end_waits_behind_what_is_held() -> None:
    """A FIN is not passed on before the frames in front of it."""
    talk = holding()
    talk.ends(Side.CLIENT)
    waiting = (talk.seen(EndRequested), talk.server_gets())
    talk.session.decide(talk.session.held()[0].n, FORWARD, 1.0)
    talk.settle()

    assert waiting == ([], b"")
    assert talk.server_gets() == MESSAGE + END
    assert talk.seen(EndRequested) == [EndRequested(Side.SERVER)]
    assert not talk.session.closed


def test_connection_is_open_while_something_is_held() -> None:
    """Both peers may have ended: the person who holds a frame still decides on it."""
    talk = holding()
    talk.ends(Side.CLIENT)
    talk.ends(Side.SERVER)
    was_closed = talk.session.closed
    talk.session.decide(talk.session.held()[0].n, FORWARD, 1.0)
    talk.settle()

    assert not was_closed
    assert talk.server_gets() == MESSAGE + END
    assert talk.session.closed
    assert talk.seen(ConnectionClosed)[0].by == "server"


def test_what_is_held_when_the_connection_breaks_never_left() -> None:
    """The capture says that it was dropped, and that nothing behind it left."""
    talk = holding()
    talk.resets(Side.SERVER)
    fates = talk.seen(FateDecided)

    assert [(fate.n, fate.action) for fate in fates] == [(4, "drop"), (5, "drop")]
    assert talk.left_for("c2s") == HEADER


def test_what_is_not_whole_is_delivered_at_the_end() -> None:
    """When the connection closes, bytes at hand have left, and are recorded."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(b"<mess")
    talk.session.stop("enough", 0.0)
    talk.settle()

    assert talk.server_gets() == b"<mess"
    assert talk.kinds("c2s")[-1] == "partial"


def test_connection_closes_once() -> None:
    """Whatever comes behind the end, it is told and asked for once."""
    talk = Conversation()
    talk.reach_features()
    talk.session.stop("enough", 0.0)
    talk.session.stop("really", 0.0)
    talk.ends(Side.CLIENT)
    talk.resets(Side.SERVER)
    talk.client_sends(MESSAGE)
    talk.settle()

    assert [(closed.by, closed.reason) for closed in talk.seen(ConnectionClosed)] == [
        ("proxy", "enough")
    ]
    assert len(talk.seen(CloseRequested)) == 1
    assert talk.server_gets() == b""


def test_close_notify_is_a_fin_where_there_is_no_tls() -> None:
    """A client that ends TLS ends its direction of a server in the clear, too."""
    talk = Conversation(options=options(allow_clear_upstream=True))
    talk.starts_tls(Side.CLIENT)
    talk.server_sends(ANSWER + MECHANISMS)
    talk.client_sends(HEADER)
    talk.ends(Side.CLIENT, notify=True)

    assert talk.seen(EndRequested) == [EndRequested(Side.SERVER)]


@pytest.mark.parametrize("first", Side)
def test_order_of_ends(first: Side) -> None:
    """The connection was ended by who ended first."""
    talk = Conversation()
    talk.reach_tls()
    talk.ends(first, notify=True)
    talk.ends(first.other)
    closed = talk.seen(ConnectionClosed)[0]

    assert (closed.by, closed.reason) == (first.value, "end of stream")
    assert len(talk.seen(TLSEstablished)) == 2
