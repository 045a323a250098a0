from collections import deque

import pytest

from tests.authority import client_context
from tests.conversation import (
    ANSWER,
    DOMAIN,
    HEADER,
    MECHANISMS,
    OFFER,
    PROCEED,
    STARTTLS,
    Conversation,
)
from xmppspy.protocol.events import (
    ConnectRequested,
    FateDecided,
    LeafRequested,
    Request,
    Side,
    UpstreamTLSRequested,
)
from xmppspy.protocol.tls import TLSPipe

FAILURE = b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


class SlowConversation(Conversation):
    """A conversation in which requests wait until they are answered one by one."""

    def __init__(self) -> None:
        self.waiting: deque[Request] = deque()
        super().__init__()

    def answers(self) -> None:
        """The oldest request is answered."""
        super()._perform(self.waiting.popleft())
        self.settle()

    def _perform(self, request: Request) -> None:
        if isinstance(request, ConnectRequested | UpstreamTLSRequested | LeafRequested):
            self.waiting.append(request)


def asked_for_tls() -> SlowConversation:
    """A conversation whose server has just said `<proceed/>`."""
    talk = SlowConversation()
    talk.client_sends(HEADER)
    talk.answers()
    talk.server_sends(ANSWER + OFFER)
    talk.client_sends(STARTTLS)
    talk.client_gets()
    talk.server_sends(PROCEED)
    return talk


def hello() -> bytes:
    """What a client says first in TLS."""
    pipe = TLSPipe(client_context(trusts_proxy=True), server_side=False, server_hostname=DOMAIN)
    return pipe.data_to_send()


@pytest.mark.parametrize("extra", [b" ", b"<message/>", b"<mess"])
def test_server_that_goes_on_in_the_clear(extra: bytes) -> None:
    """What a server says behind `<proceed/>` is fatal, also while TLS is being prepared."""
    talk = asked_for_tls()
    talk.server_sends(extra)
    before = talk.client_gets()
    talk.answers()

    assert before == talk.client_gets() == b""
    assert talk.faults() == ["starttls-injection"]
    assert [(frame.kind, frame.sent) for frame in talk.frames("s2c")][-1] == ("opaque", None)
    assert [fate.action for fate in talk.seen(FateDecided)] == ["drop"]
    assert talk.session.closed


def test_server_that_speaks_before_the_client_is_in_tls() -> None:
    """What comes inside the server's TLS leaves inside the client's, never in the clear."""
    talk = asked_for_tls()
    talk.answers()
    talk.starts_tls(Side.SERVER)
    talk.server_sends(ANSWER)
    early = talk.client_gets()
    talk.answers()
    proceed = talk.client_gets()
    talk.starts_tls(Side.CLIENT)

    assert (early, proceed) == (b"", PROCEED)
    assert talk.client_gets() == ANSWER


def test_hello_that_comes_in_pieces() -> None:
    """An eager client may send its ClientHello piece by piece behind `<starttls/>`."""
    talk = Conversation()
    talk.reach_features()
    data = hello()
    talk.client_sends(STARTTLS + b" ")
    for piece in (b"\n", data[:1], data[1:7], data[7:]):
        talk.client_sends(piece)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)

    assert talk.faults() == []
    assert talk.client_gets().startswith(PROCEED + b"\x16\x03")
    assert talk.received_from("c2s") == HEADER + STARTTLS + b" \n"


def test_hello_in_vain() -> None:
    """When the server refuses TLS, an eager ClientHello is recorded as never sent."""
    talk = Conversation()
    talk.reach_features()
    data = hello()
    talk.client_sends(STARTTLS + data)
    talk.server_sends(FAILURE)
    talk.client_sends(b"</stream:stream>")

    assert talk.server_gets() == STARTTLS + b"</stream:stream>"
    assert [(frame.kind, frame.sent is None) for frame in talk.frames("c2s")][-2:] == [
        ("opaque", True), ("/stream", False),
    ]  # fmt: skip
    assert talk.received_from("c2s") == HEADER + STARTTLS + data + b"</stream:stream>"


def test_second_try() -> None:
    """After a refusal the client may ask again."""
    talk = Conversation()
    talk.reach_features()
    for answer in (FAILURE, PROCEED):
        talk.client_sends(STARTTLS)
        talk.server_sends(answer)
    talk.starts_tls(Side.SERVER)
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER)

    assert talk.faults() == []
    assert talk.server_gets() == STARTTLS * 2 + HEADER


def test_proceed_that_was_kept_back_has_not_left() -> None:
    """When the connection ends before the client got `<proceed/>`, the capture says so."""
    talk = asked_for_tls()
    talk.session.stop("enough", 1.0)
    talk.settle()

    assert talk.client_gets() == b""
    assert [(fate.n, fate.action) for fate in talk.seen(FateDecided)] == [(5, "drop")]
    assert talk.frames("s2c")[-1].n == 5


def test_nothing_is_injected_during_the_upgrade() -> None:
    """Between `<starttls/>` and TLS there is no stream to put anything into."""
    talk = asked_for_tls()
    taken = [talk.session.inject(side, b"<a/>", 0.0) for side in Side]
    for side in (Side.SERVER, Side.CLIENT):
        talk.answers()
        talk.starts_tls(side)
    talk.client_gets()
    taken.append(talk.session.inject(Side.CLIENT, b"<a/>", 0.0))
    talk.settle()

    assert taken == [False, False, True]
    assert talk.client_gets() == b"<a/>"


def test_starttls_inside_tls_is_just_an_element() -> None:
    """The server may say what it thinks of a second `<starttls/>`."""
    talk = Conversation()
    talk.reach_tls()
    talk.client_sends(HEADER + STARTTLS)
    talk.server_sends(ANSWER + MECHANISMS + FAILURE)

    assert talk.server_gets() == HEADER + STARTTLS
    assert talk.client_gets() == ANSWER + MECHANISMS + FAILURE
