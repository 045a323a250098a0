"""slixmpp and xmpp.js talk through xmppspy: as without it, and all of it is in the capture."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.real.clients import CONVERSING, Conversation, Endpoint, converse, expected_story
from tests.real.conftest import Authority
from tests.real.interception import (
    Line,
    events,
    lint,
    proxy,
    read_lines,
    received,
    sent,
    show,
    upstream_of,
)
from tests.real.servers import DOMAIN, USERS, Server
from tests.real.tap import Tap, Tapped, difference


@dataclass(frozen=True, slots=True)
class Intercepted:
    """A conversation through xmppspy, its capture, and what the server's side of it saw."""

    client: str
    conversation: Conversation
    capture: Path
    lines: list[Line]
    at_the_server: list[Tapped]


@pytest.fixture(scope="module", params=CONVERSING)
def intercepted(
    request: pytest.FixtureRequest, server: Server, tls: str, authority: Authority, workplace: Path
) -> Intercepted:
    """Romeo's connection is the first, Juliet's the second."""
    folder = Path(mkdtemp(dir=workplace))
    witness = Tap(
        server.port(tls),
        tls,
        DOMAIN,
        authority.issue(*_names(request.param)),
        authority.certificate,
    )
    with witness, proxy(upstream_of(witness.port, tls), authority.certificate, folder) as spy:
        conversation = converse(request.param, Endpoint(spy.port, tls, spy.ca), folder)
    lines = read_lines(spy.capture)
    return Intercepted(request.param, conversation, spy.capture, lines, witness.connections)


def _names(client: str) -> list[str]:
    """For a client that sends no SNI, the server must be valid for the address as well."""
    return [DOMAIN, "127.0.0.1"] if client == "xmpp.js" else [DOMAIN]


def test_conversation_goes_as_without_the_proxy(intercepted: Intercepted) -> None:
    """Logins, rosters, presences, messages both ways, ping and archive are what they should be."""
    assert intercepted.conversation.story == expected_story(intercepted.client)


@pytest.mark.parametrize("user", USERS)
def test_capture_rebuilds_what_the_client_saw(intercepted: Intercepted, user: str) -> None:
    """Its frames, concatenated, are the bytes the client sent and got."""
    conn = USERS.index(user) + 1
    seen = intercepted.conversation

    assert difference(seen.tapped(user, "sent"), received(intercepted.lines, conn, "c2s")) == ""
    assert difference(seen.tapped(user, "received"), sent(intercepted.lines, conn, "s2c")) == ""


@pytest.mark.parametrize("user", USERS)
def test_capture_rebuilds_what_the_server_saw(intercepted: Intercepted, user: str) -> None:
    """Its frames, concatenated, are the bytes the server got and sent."""
    conn = USERS.index(user) + 1
    seen = intercepted.at_the_server[conn - 1]

    assert difference(bytes(seen.from_client), sent(intercepted.lines, conn, "c2s")) == ""
    assert difference(bytes(seen.from_server), received(intercepted.lines, conn, "s2c")) == ""


def test_capture_tells_of_both_legs(intercepted: Intercepted) -> None:
    """Each connection is opened, verified and closed, and nothing went wrong."""
    legs = [(line["conn"], line["leg"]) for line in events(intercepted.lines, "tls")]
    server_legs = [line for line in events(intercepted.lines, "tls") if line["leg"] == "server"]

    assert sorted(legs) == [(1, "client"), (1, "server"), (2, "client"), (2, "server")]
    assert all(line["verified"] for line in server_legs)
    assert len(events(intercepted.lines, "open")) == len(events(intercepted.lines, "close")) == 2
    assert events(intercepted.lines, "error") == []


@pytest.mark.parametrize("style", ["--pretty", "--brief", "--raw", "--json"])
def test_show_prints_the_capture(intercepted: Intercepted, style: str) -> None:
    """In each style, what Romeo said is there, and nothing that steers a terminal."""
    printed = show(intercepted.capture, style, "--full", "message", "c2s").decode()
    times = 2 if style == "--pretty" else 1  # in the heading, and in the XML

    assert printed.count("wherefore art thou") == times
    assert "\x1b" not in printed


@pytest.mark.parametrize("user", USERS)
def test_show_gives_the_exact_bytes(intercepted: Intercepted, user: str) -> None:
    """`--bytes` prints what a client sent, not a byte more."""
    printed = show(intercepted.capture, "--bytes", f"conn:{USERS.index(user) + 1}", "c2s")

    assert difference(intercepted.conversation.tapped(user, "sent"), printed) == ""


def test_show_counts_what_the_clients_counted(intercepted: Intercepted) -> None:
    """The filters find as many stanzas of each kind and direction as the clients met."""
    stanzas = intercepted.conversation.stanzas.values()
    counted = {
        (direction, kind): sum(of_user[direction].get(kind, 0) for of_user in stanzas)
        for direction in ("c2s", "s2c")
        for kind in ("message", "presence", "iq")
    }
    found = {terms: int(show(intercepted.capture, "--count", *terms)) for terms in counted}

    assert found == counted


def test_filters_find_by_meaning(intercepted: Intercepted) -> None:
    """Fields, kinds and negation find what the conversation is known to hold."""
    counts = {
        f"c2s message to:juliet@{DOMAIN}": 1,
        "'c2s message body~Call.me'": 1,
        "c2s ns:urn:xmpp:ping": 1,
        "c2s iq ns:jabber:iq:roster type:get": 2,
        "s2c name:fin": 1,
        "sasl success": 2,
        "presence c2s body:balcony": 0,
        "presence c2s text:balcony": 2,
        "iq type:error or event:error": 0,
    }
    found = {
        terms: int(show(intercepted.capture, "--count", *shlex.split(terms))) for terms in counts
    }

    assert found == counts


def test_lint_finds_nothing_that_is_not_so(intercepted: Intercepted) -> None:
    """No errors, but that both may acknowledge behind the end of their stream (docs/lint.md)."""
    assert lint(intercepted.capture, "--severity", "error") <= {"S16"}
