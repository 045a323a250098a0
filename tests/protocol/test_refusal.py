import itertools

import pytest

from tests.conversation import DOMAIN, HEADER, Conversation
from tests.protocol.feeding import in_chunks
from xmppspy.errors import TLSError
from xmppspy.protocol.events import ConnectionClosed, Event, Fault, FrameRecord, Side
from xmppspy.protocol.link import Link, Phase, SessionOptions
from xmppspy.protocol.refusal import Refusal
from xmppspy.protocol.starttls import StartTLS


def refusing() -> tuple[Link, Refusal]:
    """A link, and what ends it politely."""
    link = Link(1, SessionOptions(upstream_name=DOMAIN), itertools.count(1))
    link.phase = Phase.RELAYING
    return link, Refusal(link, StartTLS(link))


def events(link: Link) -> list[object]:
    """What was recorded."""
    return list(iter(link.recorder.next_event, None))


def fault_of(link: Link) -> Fault:
    """The one fault that was recorded."""
    (fault,) = (event for event in events(link) if isinstance(event, Fault))
    return fault


def test_header_is_answered_in_its_stream() -> None:
    """A header, the error and the end tag, from the domain that the client wanted."""
    link, refusal = refusing()
    refusal.tell("no such <place>", in_chunks([HEADER])[0], 0.0)
    header, error, end, *_ = in_chunks([link.client.data_to_send()])

    assert (header.from_, header.id) == (DOMAIN, "xmppspy-1")
    assert b"remote-connection-failed" in error.data
    assert b"xmppspy: no such &lt;place&gt;" in error.data
    assert end.kind == "/stream"
    assert isinstance(events(link)[-2], ConnectionClosed)


@pytest.mark.parametrize("data", [None, b"<message/>"])
def test_without_a_header_nothing_is_said(data: bytes | None) -> None:
    """Who has not opened a stream gets none."""
    link, refusal = refusing()
    refusal.tell("no", in_chunks([data])[0] if data else None, 0.0)

    assert link.client.data_to_send() == b""
    assert link.phase is Phase.CLOSED


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("Hostname mismatch, certificate is not valid for 'a'", "the right server?"),
        ("certificate has expired", "renew it"),
        ("certificate is not yet valid", "renew it"),
        ("self-signed certificate", "--upstream-ca FILE"),
        ("unable to get local issuer certificate", "--upstream-ca FILE"),
    ],
)
def test_advice_on_certificates(reason: str, advice: str) -> None:
    """What is wrong with the server's certificate is told with what helps."""
    link, refusal = refusing()
    refusal.tls_failed(Side.SERVER, TLSError("verify", reason), 0.0)
    fault = fault_of(link)

    assert (fault.error, fault.leg) == ("certificate-invalid", Side.SERVER)
    assert reason in fault.detail
    assert advice in fault.detail
    assert "--insecure" in fault.detail


@pytest.mark.parametrize(
    ("side", "kind", "is_up", "error"),
    [
        (Side.CLIENT, "refusal", False, "client-refused-certificate"),
        (Side.CLIENT, "refusal", True, "client-refused-certificate"),
        (Side.CLIENT, "protocol", False, "tls-failed"),
        (Side.SERVER, "protocol", False, "tls-failed"),
        (Side.SERVER, "alert", True, "tls-failed"),
        (Side.SERVER, "refusal", True, "tls-failed"),
    ],
)
def test_names_of_failures(side: Side, kind: str, is_up: bool, error: str) -> None:
    """Only the client can refuse our certificate; all other failures are just that."""
    link, refusal = refusing()
    if is_up:
        link.secured.add(side)
    refusal.tls_failed(side, TLSError(kind, "the reason"), 0.0)
    fault = fault_of(link)

    assert (fault.error, fault.leg) == (error, side)
    assert "the reason" in fault.detail
    assert link.phase is Phase.CLOSED


def test_white_space_in_front_of_a_refused_header() -> None:
    """A client that is refused inside TLS may begin with white space."""
    talk = Conversation(upstream="unreachable")
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(b" \n")
    quiet = talk.client_gets()
    talk.client_sends(HEADER)

    assert quiet == b""
    assert b"remote-connection-failed" in talk.client_gets()
    assert talk.kinds("c2s") == ["space", "stream"]


def test_refused_client_that_says_something_else() -> None:
    """What is no header ends the connection without a word."""
    talk = Conversation(upstream="unreachable")
    talk.starts_tls(Side.CLIENT)
    talk.client_sends(b"<message/>")

    assert talk.client_gets() == b""
    assert talk.session.closed


def test_leaving_is_only_explained_during_the_clients_handshake() -> None:
    """Who goes at another time has said nothing about our certificate."""
    link, refusal = refusing()
    for side in Side:
        refusal.explain_leaving(side, 0.0)
    recorded: list[Event | object] = events(link)

    assert recorded == []
    assert not any(isinstance(each, FrameRecord) for each in recorded)
