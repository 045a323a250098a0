"""A stream that lost its connection goes on over a new one through xmppspy (XEP-0198)."""

from contextlib import closing
from pathlib import Path

from tests.real.clients import Endpoint
from tests.real.conftest import Authority
from tests.real.interception import events, proxy, read_lines, show, upstream_of
from tests.real.scram_client import Login, Stream, authenticate, bind, logged_in
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
