"""A stream that lost its connection goes on over a new one through xmppspy (XEP-0198)."""

from contextlib import closing
from pathlib import Path

from tests.real.clients import Endpoint
from tests.real.conftest import Authority
from tests.real.interception import events, proxy, read_lines, show, upstream_of
from tests.real.scram_client import (
    Login,
    Stream,
    authenticate,
    bind,
    logged_in,
    talks_to_itself,
)
from tests.real.servers import Server

SM = "urn:xmpp:sm:3"
WORDS = "Parting is such sweet sorrow"


def _logged_in(endpoint: Endpoint) -> Stream:
    stream = Stream(endpoint, "1.3")
    authenticate(stream, Login("SCRAM-SHA-1"))
    return stream


def _broken_off(endpoint: Endpoint) -> tuple[str, str]:
    """The JID of a stream that has lost its connection, and the id to resume it by."""
    stream = _logged_in(endpoint)
    bind(stream)
    enabled = stream.ask(f"<enable xmlns='{SM}' resume='true'/>")
    stream.tear()
    return stream.jid, enabled.attrib["id"]


def _juliet_says(endpoint: Endpoint, receiver: str) -> None:
    with logged_in(endpoint, "1.3", Login("SCRAM-SHA-1", user="juliet")) as juliet:
        juliet.send(f"<message to='{receiver}' type='chat'><body>{WORDS}</body></message>")


def test_stream_is_resumed_on_a_new_connection(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """After a TCP reset it is resumed, and what was said meanwhile arrives."""
    trusted = authority.certificate
    direct = Endpoint(server.port(tls), tls, trusted)
    with proxy(upstream_of(server.port(tls), tls), trusted, folder) as spy:
        endpoint = Endpoint(spy.port, tls, spy.ca)
        jid, previous = _broken_off(endpoint)
        _juliet_says(direct, jid)
        with closing(_logged_in(endpoint)) as stream:
            resumed = stream.ask(f"<resume xmlns='{SM}' previd='{previous}' h='0'/>")
            heard = stream.await_message(WORDS)
    lines = read_lines(spy.capture)

    assert (resumed.tag, resumed.get("previd")) == (f"{{{SM}}}resumed", previous)
    assert heard.attrib["to"] == jid
    assert int(show(spy.capture, "--count", "conn:2", "s2c", "resumed")) == 1
    assert {line["conn"] for line in events(lines, "open")} == {1, 2}


def test_stream_that_is_gone_is_not_resumed(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """The server's refusal comes through, and the client goes on with a new session."""
    trusted = authority.certificate
    with proxy(upstream_of(server.port(tls), tls), trusted, folder) as spy:
        endpoint = Endpoint(spy.port, tls, spy.ca)
        with closing(_logged_in(endpoint)) as stream:
            failed = stream.ask(f"<resume xmlns='{SM}' previd='never-was' h='0'/>")
            bind(stream)
            enabled = stream.ask(f"<enable xmlns='{SM}' resume='true'/>")
            heard = talks_to_itself(stream, WORDS)

    assert (failed.tag, enabled.tag) == (f"{{{SM}}}failed", f"{{{SM}}}enabled")
    assert heard
    assert events(read_lines(spy.capture), "error") == []


def test_stream_survives_another_xmppspy(
    server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """What is needed to resume it only the client and the server know."""
    upstream, trusted = upstream_of(server.port(tls), tls), authority.certificate
    with proxy(upstream, trusted, folder) as spy:
        jid, previous = _broken_off(Endpoint(spy.port, tls, spy.ca))
    spy.capture.unlink()
    with proxy(upstream, trusted, folder) as spy:
        with closing(_logged_in(Endpoint(spy.port, tls, spy.ca))) as stream:
            resumed = stream.ask(f"<resume xmlns='{SM}' previd='{previous}' h='0'/>")
            stream.jid = jid
            heard = talks_to_itself(stream, WORDS)

    assert resumed.tag == f"{{{SM}}}resumed"
    assert heard
