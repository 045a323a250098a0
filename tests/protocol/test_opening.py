import itertools

import pytest

from tests.conversation import ANSWER, DOMAIN, HEADER, MECHANISMS, OFFER, PROCEED, Conversation
from tests.protocol.feeding import END, in_chunks
from xmppspy.protocol.events import Fault, FrameRecord, Side
from xmppspy.protocol.link import Link, SessionOptions
from xmppspy.protocol.opening import Greeting

ERROR = b"<stream:error><policy-violation/></stream:error>"
FAILURE = b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


def client_in_tls() -> Conversation:
    """A client in TLS has come to a server in the clear, to which a stream was opened."""
    talk = Conversation()
    talk.starts_tls(Side.CLIENT)
    talk.server_gets()
    return talk


@pytest.mark.parametrize("answer", [ERROR + END, END, FAILURE, b"<!DOCTYPE x>", b"<proceed/>"])
def test_server_that_refuses_a_stream_in_the_clear(answer: bytes) -> None:
    """Nothing goes on; the client, whose TLS has not been answered yet, gets an alert."""
    talk = client_in_tls()
    talk.server_sends(ANSWER + answer)

    assert "upstream-refused" in talk.faults()
    assert talk.client.error is not None
    assert talk.session.closed
    assert talk.sent_on("s2c") == b""
    assert talk.received_from("s2c") == ANSWER + answer


def test_server_that_refuses_starttls() -> None:
    """When our own `<starttls/>` is refused, there is no way on."""
    talk = client_in_tls()
    talk.server_sends(ANSWER + OFFER)
    talk.server_sends(FAILURE + END)

    assert [(fault.error, fault.detail.endswith(": <failure/>")) for fault in talk.seen(Fault)] == [
        ("upstream-refused", True)
    ]


def test_white_space_does_not_matter() -> None:
    """A server may put white space between its elements."""
    talk = client_in_tls()
    talk.server_sends(b"\n" + ANSWER + b" \n" + OFFER + b" ")

    assert b"starttls" in talk.server_gets()
    assert talk.kinds("s2c") == ["space", "stream", "space", "features", "space"]


@pytest.mark.parametrize("extra", [b" ", b"<message/>"])
def test_injection_behind_proceed(extra: bytes) -> None:
    """What a server says behind its `<proceed/>` in the clear is fatal here, too."""
    talk = client_in_tls()
    talk.server_sends(ANSWER + OFFER + PROCEED + extra)

    assert talk.faults() == ["starttls-injection"]
    assert talk.session.closed


def test_our_own_stream_is_recorded_as_ours() -> None:
    """What xmppspy says to the server is injected, what the server answers is for nobody else."""
    talk = client_in_tls()
    talk.server_sends(ANSWER + OFFER + PROCEED)
    talk.starts_tls(Side.SERVER)
    talk.client_sends(HEADER)

    assert talk.kinds("c2s") == ["+stream", "+starttls", "stream"]
    assert [frame.sent for frame in talk.frames("s2c")] == [None] * 3


def test_greeting_is_the_first_one() -> None:
    """The server's header and first features greet a client that restarts alone."""
    link = Link(1, SessionOptions(upstream_name=DOMAIN), itertools.count(1))
    greeting = Greeting(link)
    greeting.header(in_chunks([ANSWER])[0])
    remembered = [greeting.remember(OFFER), greeting.remember(MECHANISMS)]
    greeting.is_due = True
    greeting.give(1.0)
    frames = list(iter(link.recorder.next_event, None))

    assert remembered == [True, False]
    assert not greeting.is_due
    assert link.client.data_to_send() == ANSWER + OFFER
    assert [each.kind for each in frames if isinstance(each, FrameRecord) and each.injected] == [
        "stream", "features",
    ]  # fmt: skip
