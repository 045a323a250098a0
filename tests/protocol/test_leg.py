import pytest

from tests.authority import client_context, server_context
from tests.protocol.feeding import HEADER
from xmppspy.errors import TLSError
from xmppspy.protocol.events import Side
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.tls import TLSPipe
from xmppspy.protocol.toxics import Latency, LimitData, Slicer, Timeout

NAME = "capulet.example"


def settle(leg: Leg, peer: TLSPipe) -> None:
    """Carry bytes between a leg and its peer until none are left."""
    while True:
        out, back = leg.data_to_send(), peer.data_to_send()
        if not out and not back:
            return
        peer.receive_data(out)
        leg.receive_data(back)


def secured(side: Side) -> tuple[Leg, TLSPipe]:
    """A leg in TLS, and its peer."""
    leg = Leg(side)
    if side is Side.CLIENT:
        peer = TLSPipe(client_context(), server_side=False, server_hostname=NAME)
        leg.start_tls(server_context(NAME))
    else:
        peer = TLSPipe(server_context(NAME), server_side=True)
        leg.start_tls(client_context(), hostname=NAME)
    settle(leg, peer)
    return leg, peer


def kinds(leg: Leg) -> list[str]:
    """The kinds of the frames that have come."""
    return [frame.kind for frame in iter(leg.framer.next_frame, None)]


def test_clear_leg() -> None:
    """Without TLS the bytes go through as they are."""
    leg = Leg(Side.CLIENT)
    leg.receive_data(HEADER)
    leg.send(b"<a/>")
    leg.send(b"<b/>")
    leg.close_tls()

    assert kinds(leg) == ["stream"]
    assert (leg.data_to_send(), leg.data_to_send()) == (b"<a/><b/>", b"")
    assert not leg.secured
    assert not leg.ended


@pytest.mark.parametrize("side", Side)
def test_leg_in_tls(side: Side) -> None:
    """Towards the client the leg is the TLS server, towards the server the client."""
    leg, peer = secured(side)
    peer.send(HEADER + b"<presence/>")
    leg.send(b"<a/>")
    settle(leg, peer)

    assert leg.secured
    assert kinds(leg) == ["stream", "presence"]
    assert peer.read() == b"<a/>"


def test_everything_leaves_in_order() -> None:
    """What is given in the clear leaves before the first byte of TLS, what is given behind waits."""
    leg = Leg(Side.SERVER)
    leg.send(b"<proceed/>")
    leg.start_tls(client_context(), hostname=NAME)
    leg.send(b"<a/>")
    out = leg.data_to_send()
    assert out.startswith(b"<proceed/>\x16\x03")
    peer = TLSPipe(server_context(NAME), server_side=True)
    peer.receive_data(out.removeprefix(b"<proceed/>"))
    settle(leg, peer)

    assert peer.read() == b"<a/>"


def test_first_bytes_of_tls() -> None:
    """A ClientHello that came early is handed to the engine; framing begins anew behind it."""
    leg = Leg(Side.CLIENT)
    leg.receive_data(HEADER + b"<starttls/>")
    assert kinds(leg) == ["stream", "starttls"]
    peer = TLSPipe(client_context(), server_side=False, server_hostname=NAME)
    leg.start_tls(server_context(NAME), first=peer.data_to_send())
    settle(leg, peer)
    peer.send(HEADER)
    settle(leg, peer)

    assert kinds(leg) == ["stream"]
    assert leg.framer.offset == len(HEADER)


def test_close_notify() -> None:
    """The leg is told of it and tells it, and goes on in the other direction."""
    leg, peer = secured(Side.CLIENT)
    peer.close()
    settle(leg, peer)
    leg.send(b"still")
    leg.close_tls()
    settle(leg, peer)

    assert leg.ended
    assert peer.read() == b"still"
    assert peer.ended


def test_nothing_is_closed_before_the_handshake_is_done() -> None:
    """close_notify belongs to TLS that is up."""
    leg = Leg(Side.CLIENT)
    leg.start_tls(server_context(NAME))
    leg.close_tls()

    assert leg.data_to_send() == b""
    assert not leg.secured


def test_failed_handshake_leaves_an_alert() -> None:
    """After an error, the alert that explains it to the peer is to be sent."""
    leg = Leg(Side.CLIENT)
    hello = TLSPipe(client_context(), server_side=False, server_hostname=NAME).data_to_send()
    with pytest.raises(TLSError):
        leg.start_tls(server_context(NAME), first=hello[:5] + b"\x01" + bytes(len(hello) - 6))

    assert leg.data_to_send().startswith(b"\x15\x03")


def test_what_came_before_a_failure_is_framed() -> None:
    """Data in good records is not lost when a bad one follows them in the same read."""
    leg, peer = secured(Side.CLIENT)
    peer.send(HEADER + b"<presence/>")
    with pytest.raises(TLSError):
        leg.receive_data(peer.data_to_send() + b"\x17\x03\x03\x00\x05wrong")
    leg.send(b"into the void")

    assert kinds(leg) == ["stream", "presence"]


def test_raw_bytes() -> None:
    """Bytes can be put into the outbox as they are."""
    leg = Leg(Side.CLIENT)
    leg.send_raw(b"\x15\x03\x03")

    assert leg.data_to_send() == b"\x15\x03\x03"


def test_limit_of_frames_holds_inside_tls() -> None:
    """The size limit is that of every framer of the leg."""
    leg = Leg(Side.CLIENT, max_frame=50)
    peer = TLSPipe(client_context(), server_side=False, server_hostname=NAME)
    leg.start_tls(server_context(NAME))
    settle(leg, peer)
    peer.send(b"<presence>" + b"x" * 50)
    settle(leg, peer)

    assert leg.framer.next_frame() is not None
    assert leg.framer.oversize


# --- lines


def test_what_has_been_sent_is_past_what_goes_wrong() -> None:
    """It arrives at once, and nothing is said of it."""
    leg = Leg(Side.CLIENT)
    leg.send(b"<a/>")
    leg.poison([Latency(1.0)], 0.0)
    leg.send(b"<b/>")
    busy = leg.is_busy
    leg.tick(0.0)

    assert (busy, leg.due) == (True, 1.0)
    assert [leg.data_to_send(), leg.data_to_send()] == [b"<a/>", b""]


def test_line_is_there_as_long_as_it_is_needed() -> None:
    """When nothing is wrong any more and all has arrived, there is none."""
    leg = Leg(Side.CLIENT)
    leg.tick(0.0)
    leg.poison([Latency(1.0)], 0.0)
    leg.send(b"<a/>")
    leg.tick(0.0)
    lines = [leg.line]
    if leg.line is not None:
        leg.line.clear()
    leg.tick(1.0)
    lines.append(leg.line)
    first = leg.data_to_send()
    leg.tick(1.0)
    lines.append(leg.line)

    assert first == b"<a/>"
    assert [line is not None for line in lines] == [True, True, False]
    assert (leg.due, leg.is_busy) == (None, False)


@pytest.mark.parametrize(
    ("toxic", "left"), [(LimitData(3), 3), (LimitData(9), 4), (Timeout(), 0), (Slicer(1), 4)]
)
def test_how_much_leaves(toxic: LimitData | Timeout | Slicer, left: int) -> None:
    """It is known at once which bytes get through; without a line all do."""
    leg = Leg(Side.CLIENT)
    whole = leg.send(b"<a/>")
    leg.poison([toxic], 0.0)
    sent = leg.send(b"<b/>")
    leg.tick(0.0)

    assert (whole, sent) == (4, left)
    assert b"".join(iter(leg.data_to_send, b"")) == b"<a/>" + b"<b/>"[:left]


def test_slicer_inside_tls() -> None:
    """Each piece is a record of its own, because readers of TLS see those."""
    leg, peer = secured(Side.CLIENT)
    leg.poison([Slicer(3)], 0.0)
    leg.send(b"<abcd/>")
    leg.tick(0.0)
    pieces = list(iter(leg.data_to_send, b""))
    read = []
    for piece in pieces:
        peer.receive_data(piece)
        read.append(peer.read())

    assert read == [b"<ab", b"cd/", b">"]
    assert all(piece.startswith(b"\x17\x03\x03") for piece in pieces)


def test_what_tls_says_itself_is_on_the_line_too() -> None:
    """A handshake is late like all the rest, and close_notify stands behind it."""
    leg = Leg(Side.CLIENT)
    peer = TLSPipe(client_context(), server_side=False, server_hostname=NAME)
    leg.poison([Latency(1.0)], 0.0)
    leg.start_tls(server_context(NAME), first=peer.data_to_send())
    leg.tick(0.0)
    early = leg.data_to_send()
    leg.tick(1.0)
    peer.receive_data(leg.data_to_send())
    leg.receive_data(peer.data_to_send())
    leg.send(b"<a/>")
    leg.close_tls()
    leg.flush()
    for data in iter(leg.data_to_send, b""):
        peer.receive_data(data)

    assert early == b""
    assert peer.read() == b"<a/>"
    assert peer.ended


def test_flush_without_a_line() -> None:
    """There is nothing to do: all is there already."""
    leg = Leg(Side.CLIENT)
    leg.send(b"<a/>")
    leg.flush()

    assert leg.data_to_send() == b"<a/>"
