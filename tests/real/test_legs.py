"""The two legs need not be alike, and some clients' choices show it."""

from pathlib import Path

import pytest

from tests.real.clients import Endpoint, converse, expected_story, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import events, proxy, read_lines, received, sent, upstream_of
from tests.real.programs import eventually
from tests.real.servers import DOMAIN, USERS, Server
from tests.real.tap import Tap, difference

OTHER = {"starttls": "direct", "direct": "starttls"}


def test_client_and_server_may_begin_tls_differently(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """A STARTTLS client talks to a direct-TLS port and the reverse; each side's bytes are told."""
    leaf, trusted = authority.issue(DOMAIN), authority.certificate
    upstream = OTHER[tls]
    with (
        Tap(server.port(upstream), upstream, DOMAIN, leaf, trusted) as tap,
        proxy(upstream_of(tap.port, upstream), trusted, folder) as spy,
    ):
        conversation = converse("slixmpp", Endpoint(spy.port, tls, spy.ca), folder)
    lines = read_lines(spy.capture)
    assert conversation.story == expected_story("slixmpp")
    for conn, (user, seen) in enumerate(zip(USERS, tap.connections, strict=True), 1):
        assert difference(conversation.tapped(user, "sent"), received(lines, conn, "c2s")) == ""
        assert difference(conversation.tapped(user, "received"), sent(lines, conn, "s2c")) == ""
        assert difference(bytes(seen.from_client), sent(lines, conn, "c2s")) == ""
        assert difference(bytes(seen.from_server), received(lines, conn, "s2c")) == ""

    assert events(lines, "error") == []


def test_slixmpp_by_default_tries_direct_tls_first(
    server: Server, authority: Authority, folder: Path
) -> None:
    """On the server's STARTTLS port that fails; xmppspy serves both on one port, so it works."""
    trusted = authority.certificate
    with proxy(upstream_of(server.starttls_port, "starttls"), trusted, folder) as spy:
        endpoint = Endpoint(spy.port, "starttls", spy.ca)
        with slixmpp("log-in", endpoint, folder, defaults=True) as program:
            outcome = result_of(program)["outcome"]
    lines = read_lines(spy.capture)
    assert outcome == "session_start"
    assert len(events(lines, "open")) == 1
    assert {line["leg"] for line in events(lines, "tls")} == {"client", "server"}

    assert events(lines, "error") == []


def test_slixmpp_by_default_falls_back_directly(
    server: Server, authority: Authority, folder: Path
) -> None:
    """Without xmppspy the server refuses the first try and slixmpp goes on by STARTTLS."""
    endpoint = Endpoint(server.starttls_port, "starttls", authority.certificate)
    with slixmpp("log-in", endpoint, folder, defaults=True) as program:
        outcome = result_of(program)["outcome"]

    assert outcome == "session_start"


BINDING = {"mechanism": "SCRAM-SHA-1-PLUS", "newest_tls": "1.2"}
"""What makes slixmpp bind to the channel; the standard library can do it up to TLS 1.2 only."""


@pytest.mark.parametrize("server", ["ejabberd"], indirect=True)
def test_channel_binding_works_directly(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """A client that insists on channel binding logs in without xmppspy."""
    endpoint = Endpoint(server.port(tls), tls, authority.certificate)
    with slixmpp("log-in", endpoint, folder, **BINDING) as program:
        outcome = result_of(program)["outcome"]

    assert outcome == "session_start"


@pytest.mark.parametrize("server", ["ejabberd"], indirect=True)
def test_channel_binding_fails_and_is_explained(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """Through xmppspy it cannot; the capture says why, in words."""
    trusted = authority.certificate
    with proxy(upstream_of(server.port(tls), tls), trusted, folder) as spy:
        with slixmpp("log-in", Endpoint(spy.port, tls, spy.ca), folder, **BINDING) as program:
            outcome = result_of(program)["outcome"]
    errors = events(read_lines(spy.capture), "error")
    assert outcome == "failed_all_auth"
    assert [line["error"] for line in errors] == ["channel-binding"]

    assert "SCRAM-SHA-1-PLUS" in errors[0]["detail"]


def test_client_that_does_not_trust_the_ca_is_explained(
    server: Server, authority: Authority, folder: Path
) -> None:
    """It leaves during the handshake; the capture says why, and how to make it trust."""
    trusted = authority.certificate
    with proxy(upstream_of(server.starttls_port, "starttls"), trusted, folder) as spy:
        with slixmpp("log-in", Endpoint(spy.port, "starttls", trusted), folder) as program:
            outcome = result_of(program)["outcome"]
        eventually(lambda: events(read_lines(spy.capture), "close"), "end of the connection")
    errors = events(read_lines(spy.capture), "error")
    assert outcome == "ssl_invalid_chain"
    assert len(errors) == 1

    assert "ca export" in errors[0]["detail"]
