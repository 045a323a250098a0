import itertools

import pytest

from tests.conversation import (
    ANSWER,
    DOMAIN,
    HEADER,
    MECHANISMS,
    PROCEED,
    STARTTLS,
    Conversation,
    options,
)
from tests.protocol.feeding import END
from tests.protocol.judging import ByKind
from tests.protocol.test_passage import AUTH, CLOSING, OTHER_AUTH, Scripted
from xmppspy.protocol.events import ConnectionClosed, FateDecided, Fault, Side, TLSEstablished
from xmppspy.protocol.guard import Ruling, Trouble
from xmppspy.protocol.link import Link, SessionOptions
from xmppspy.protocol.requests import CloseRequested, EndRequested, LeafRequested, ResetRequested
from xmppspy.protocol.toxics import Latency, LimitData
from xmppspy.protocol.verdicts import FORWARD, End, Hold, Verdict

MESSAGE = b"<message><body>Wherefore art thou?</body></message>"


def holding() -> Conversation:
    """A conversation in which the client's message is held."""
    talk = Conversation(interceptor=ByKind(message=Verdict(hold=Hold())))
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


# --- the guard


def test_guard_is_told_of_names_channels_and_the_end() -> None:
    """What it says then is recorded."""
    guard = Scripted(last=CLOSING)
    talk = Conversation(guard=guard)
    talk.reach_tls()
    talk.session.stop("enough", 0.0)
    talk.settle()

    assert guard.names == [DOMAIN]
    assert {*guard.channels} == {*Side}
    assert talk.notes() == ["one login"]
    assert talk.faults() == ["login-failed"]


@pytest.mark.parametrize(
    ("ruling", "sent", "back"),
    [
        (Ruling(), AUTH, b""),
        (Ruling(data=None, reply=b"<challenge/>"), b"", b"<challenge/>"),
        (Ruling(data=OTHER_AUTH, notes=("other",)), OTHER_AUTH, b""),
        (Ruling(troubles=(Trouble("login-failed", "it was wrong"),)), AUTH, b""),
    ],
)
def test_ruling_is_carried_out(ruling: Ruling, sent: bytes, back: bytes) -> None:
    """What goes on, what is answered, and what is said about it."""
    talk = Conversation(guard=Scripted({"auth": ruling}))
    talk.reach_features(MECHANISMS)
    talk.client_sends(AUTH)
    n = talk.frames("c2s")[-1].n

    assert (talk.server_gets(), talk.client_gets()) == (sent, back)
    assert talk.notes() == [*ruling.notes]
    assert [(each.error, each.n) for each in talk.seen(Fault)] == [
        (trouble.error, n) for trouble in ruling.troubles
    ]


def test_difference_between_the_legs_is_told() -> None:
    """Where TLS could not be made alike, a note says in what it differs."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    talk.client.start_tls(newest="TLSv1.2")
    talk.settle()

    assert any("TLSv1.2" in note for note in talk.notes())


def test_what_must_not_count_as_said_inside_tls() -> None:
    """It is recorded as never sent, and the connection is closed."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS + MESSAGE)

    assert [(each.error, each.dir) for each in talk.seen(Fault)] == [("starttls-injection", "c2s")]
    assert [(frame.kind, frame.sent) for frame in talk.frames("c2s")][-1] == ("opaque", None)
    assert [each.reason for each in talk.seen(ConnectionClosed)] == ["STARTTLS injection"]


# --- interventions


@pytest.mark.parametrize("end", [None, *End])
def test_wishes_are_granted(end: End | None) -> None:
    """First the answer, then the end."""
    talk = Conversation(interceptor=ByKind(message=Verdict(back=b"<answer/>", end=end)))
    talk.reach_features()
    talk.client_sends(MESSAGE)

    assert (talk.client_gets(), talk.server_gets()) == (b"<answer/>", MESSAGE)
    assert talk.session.closed is (end is not None)
    assert len(talk.seen(ResetRequested)) == 2 * (end is End.RESET)


def test_connection_is_ended_once() -> None:
    """Who comes later with another end is not heard."""
    talk = Conversation()
    talk.reach_features()
    talk.session.end(End.CLOSE, "first", 0.0)
    talk.session.end(End.RESET, "second", 0.0)
    talk.settle()

    assert [each.reason for each in talk.seen(ConnectionClosed)] == ["first"]
    assert talk.seen(ResetRequested) == []


def test_line_that_breaks() -> None:
    """The connection is ended, and why is told."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("s2c", [LimitData(10)], 0.0)
    talk.server_sends(MESSAGE)

    assert talk.client_gets() == MESSAGE[:10]
    assert [(each.by, each.reason) for each in talk.seen(ConnectionClosed)] == [
        ("proxy", "limit_data: 10 bytes")
    ]


def test_end_waits_behind_what_is_late() -> None:
    """On the leg to which it has to go, and on that only."""
    talk = Conversation()
    talk.reach_features()
    talk.session.set_toxics("s2c", [Latency(1.0)], 0.0)
    talk.server_sends(MESSAGE)
    talk.ends(Side.CLIENT)
    talk.ends(Side.SERVER)
    early = talk.seen(EndRequested)
    talk.passes(1.0)

    assert early == [EndRequested(Side.SERVER)]
    assert talk.client_gets() == MESSAGE
    assert talk.seen(EndRequested) == [EndRequested(Side.SERVER), EndRequested(Side.CLIENT)]
    assert [(each.t, each.by) for each in talk.seen(ConnectionClosed)] == [(1.0, "client")]
