"""Naming: whom a client wants, by its first bytes."""

import itertools

import pytest

from tests.authority import client_context
from tests.conversation import DOMAIN, HEADER
from xmppspy.protocol.events import Event
from xmppspy.protocol.link import Link, Phase, SessionOptions
from xmppspy.protocol.naming import Naming
from xmppspy.protocol.requests import ConnectRequested, Request
from xmppspy.protocol.tls import TLSPipe


def naming() -> tuple[Link, Naming]:
    """A link whose client has said nothing yet, and its naming."""
    link = Link(1, SessionOptions(upstream_name="127.0.0.1"), itertools.count(1))
    return link, Naming(link)


def asked(link: Link) -> list[Event | Request]:
    """The connections that were asked for."""
    events = iter(link.recorder.next_event, None)
    return [event for event in events if isinstance(event, ConnectRequested)]


def hello(name: str | None) -> bytes:
    """A client's first TLS bytes."""
    context = client_context(trusts_proxy=True, names_server=name is not None)
    return TLSPipe(context, server_side=False, server_hostname=name).data_to_send()


@pytest.mark.parametrize("name", [DOMAIN, None])
def test_server_name_of_a_hello(name: str | None) -> None:
    """It is read as soon as the hello is whole, once, and the bytes are kept for the leaf."""
    link, named = naming()
    data = hello(name)
    named.sniff(data[0])
    assert link.hello is not None
    named.read_hello(link.hello, data[:20])
    early = asked(link)
    named.read_hello(link.hello, data[20:])
    named.read_hello(link.hello, b"more")

    assert (early, asked(link)) == ([], [ConnectRequested(name)])
    assert link.hello == data + b"more"
    assert (link.phase, link.domain) == (Phase.CONNECTING, name)


@pytest.mark.parametrize(
    ("said", "domain"),
    [(HEADER, DOMAIN), (b" \n<!-- -->" + HEADER, DOMAIN), (b"<message/>", None)],
)
def test_name_of_a_header(said: bytes, domain: str | None) -> None:
    """What has come until then waits for the server, and is recorded as not sent yet."""
    link, named = naming()
    named.sniff(said[0])
    link.client.receive_data(said)
    named.read_header(1.0)

    assert link.domain == domain
    assert b"".join(frame.data for frame in link.early) == said
    assert [turn.n for turn in link.up.outlet.kept] == [*range(1, len(link.early) + 1)]
    assert asked(link) == [ConnectRequested(domain)]


def test_header_is_not_waited_for_for_ever() -> None:
    """A client that says nothing but comments is connected all the same."""
    link, named = naming()
    named.sniff(0x3C)
    link.client.receive_data(b"<!-- -->" * 99)
    named.read_header(1.0)
    before = asked(link)
    link.client.receive_data(b"<!-- -->")
    named.read_header(1.0)

    assert (before, asked(link)) == ([], [ConnectRequested(None)])


def test_late_header() -> None:
    """The first frame that is no white space names the server; it is kept, and read once."""
    link, named = naming()
    early = named.read_late_header(1.0)
    link.client.receive_data(b" " + HEADER + b"<presence/>")
    header = named.read_late_header(1.0)
    again = named.read_late_header(1.0)

    assert early is None
    assert header is not None
    assert (header.data, again) == (HEADER, header)
    assert link.domain == DOMAIN
