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
from tests.protocol.judging import ByKind
from xmppspy.protocol.events import FateDecided, Side
from xmppspy.protocol.requests import ConnectRequested, LeafRequested, Request, UpstreamTLSRequested
from xmppspy.protocol.tls import TLSPipe
from xmppspy.protocol.toxics import Timeout
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Hold, Interceptor, Verdict

FAILURE = b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"


class SlowConversation(Conversation):
    """A conversation in which requests wait until they are answered one by one."""

    def __init__(self, interceptor: Interceptor | None = None) -> None:
        self.waiting: deque[Request] = deque()
        super().__init__(interceptor=interceptor)

    def answers(self) -> None:
        """The oldest request is answered."""
        super()._perform(self.waiting.popleft())
        self.settle()

    def _perform(self, request: Request) -> None:
        if isinstance(request, ConnectRequested | UpstreamTLSRequested | LeafRequested):
            self.waiting.append(request)


def asked_for_tls(interceptor: Interceptor | None = None) -> SlowConversation:
    """A conversation whose server has just said `<proceed/>`."""
    talk = SlowConversation(interceptor)
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
    """Between `<starttls/>` and the headers inside TLS there is no stream to put anything into."""
    talk = asked_for_tls()
    taken = [talk.session.inject(side, b"<a/>", 0.0) for side in Side]
    for side in (Side.SERVER, Side.CLIENT):
        talk.answers()
        talk.starts_tls(side)
    taken.append(talk.session.inject(Side.CLIENT, b"<a/>", 0.0))
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER)
    talk.client_gets()
    taken.append(talk.session.inject(Side.CLIENT, b"<a/>", 0.0))
    talk.settle()

    assert taken == [False, False, False, True]
    assert talk.client_gets() == b"<a/>"


def test_starttls_inside_tls_is_just_an_element() -> None:
    """The server may say what it thinks of a second `<starttls/>`."""
    talk = Conversation()
    talk.reach_tls()
    talk.client_sends(HEADER + STARTTLS)
    talk.server_sends(ANSWER + MECHANISMS + FAILURE)

    assert talk.server_gets() == HEADER + STARTTLS
    assert talk.client_gets() == ANSWER + MECHANISMS + FAILURE


# --- verdicts on what begins TLS


def test_starttls_is_held() -> None:
    """What the client says behind it waits unread, and is no injection if it is TLS."""
    talk = Conversation(interceptor=ByKind(starttls=Verdict(hold=Hold())))
    talk.reach_features()
    eager = TLSPipe(client_context(trusts_proxy=True), server_side=False, server_hostname=DOMAIN)
    talk.client_sends(STARTTLS)
    talk.client_sends(b"\n" + eager.data_to_send())
    early = (talk.server_gets(), talk.kinds("c2s"))
    talk.session.decide(talk.session.held()[0].n, FORWARD, 0.0)
    talk.settle()
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    talk.client.tls = eager
    talk.client.receive(talk.client_gets().removeprefix(PROCEED))
    talk.client_sends(HEADER)

    assert early == (b"", ["stream", "starttls"])
    assert talk.faults() == []
    assert talk.server_gets() == STARTTLS + HEADER


def test_injection_behind_starttls_that_is_held() -> None:
    """It is not read before, and found all the same."""
    talk = Conversation(interceptor=ByKind(starttls=Verdict(hold=Hold())))
    talk.reach_features()
    talk.client_sends(STARTTLS + b"<presence/>")
    talk.session.decide(talk.session.held()[0].n, FORWARD, 0.0)
    talk.settle()

    assert talk.faults() == ["starttls-injection"]
    assert b"presence" not in talk.server_gets()


@pytest.mark.parametrize("verdict", [Verdict(hold=Hold(5.0)), Verdict(delay=5.0)])
def test_proceed_waits(verdict: Verdict) -> None:
    """What became of it is told when it leaves at last, once."""
    talk = asked_for_tls(ByKind(proceed=verdict))
    early = talk.kinds("s2c")
    talk.passes(5.0)
    talk.answers()
    kept = (talk.client_gets(), talk.seen(FateDecided))
    talk.starts_tls(Side.SERVER)
    talk.answers()
    got = talk.client_gets()
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(HEADER)

    assert early == ["stream", "features", "proceed"]
    assert kept == (b"", [])
    assert got == PROCEED
    assert [(fate.n, fate.action, fate.held) for fate in talk.seen(FateDecided)] == [
        (5, "forward", 5.0)
    ]
    assert talk.server_gets() == HEADER + STARTTLS + HEADER
    assert talk.session.held() == []


@pytest.mark.parametrize("behind", [b" ", b"<presence/>"])
def test_injection_behind_proceed_that_is_held(behind: bytes) -> None:
    """It is not read before, and found all the same; `<proceed/>` never leaves."""
    talk = Conversation(interceptor=ByKind(proceed=Verdict(hold=Hold())))
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED + behind)
    talk.session.decide(talk.session.held()[0].n, FORWARD, 0.0)
    talk.settle()

    assert talk.faults() == ["starttls-injection"]
    assert talk.client_gets() == b""
    assert [(fate.n, fate.action) for fate in talk.seen(FateDecided)] == [(5, "drop")]


def test_proceed_is_edited() -> None:
    """It is still what it was, leaves as what it has become, and what else is wanted happens."""
    edited = PROCEED.replace(b"'", b'"')
    verdict = Verdict(data=edited, notes=("quotes",), behind=b" ")
    talk = Conversation(interceptor=ByKind(proceed=verdict))
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    got = talk.client_gets()

    assert got == edited + b" "
    assert talk.left_for("s2c").endswith(got)
    assert "quotes" in talk.notes()


def test_proceed_that_was_edited_and_never_leaves() -> None:
    """Its fate is to have been dropped."""
    edited = PROCEED.replace(b"'", b'"')
    talk = Conversation(interceptor=ByKind(proceed=Verdict(data=edited)))
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.session.stop("enough", 0.0)
    talk.settle()

    assert talk.client_gets() == b""
    assert [(fate.action, fate.sent) for fate in talk.seen(FateDecided)] == [("drop", None)]


def test_starttls_is_refused_by_a_rule() -> None:
    """The client is told so and the connection closed; the server never hears of it."""
    refusal = FAILURE + b"</stream:stream>"
    verdict = Verdict(data=None, back=refusal, end=End.CLOSE)
    talk = Conversation(interceptor=ByKind(starttls=verdict))
    talk.reach_features()
    talk.client_sends(STARTTLS)

    assert talk.client_gets() == refusal
    assert talk.server_gets() == b""
    assert talk.session.closed


def test_starttls_is_swallowed() -> None:
    """Then there is no TLS, and what the client says goes on in the clear."""
    talk = Conversation(interceptor=ByKind(starttls=DROP))
    talk.reach_features()
    talk.client_sends(STARTTLS + b"<presence/>")

    assert talk.server_gets() == b"<presence/>"
    assert talk.faults() == []


def test_proceed_on_a_broken_line() -> None:
    """It was recorded before it was to leave; then it is told that it did not get through."""
    talk = asked_for_tls()
    talk.session.set_toxics("s2c", [Timeout()], 0.0)
    talk.answers()
    talk.starts_tls(Side.SERVER)
    talk.answers()

    assert talk.client_gets() == b""
    assert [(fate.n, fate.action) for fate in talk.seen(FateDecided)] == [(5, "drop")]
