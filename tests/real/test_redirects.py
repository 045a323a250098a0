"""A server that sends its clients elsewhere: real clients follow, and stay with xmppspy."""

import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.real.clients import Endpoint, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import events, proxy, read_lines, sent, upstream_of
from tests.real.profanity import Profanity
from tests.real.servers import DOMAIN, Server


class _Sender(socketserver.BaseRequestHandler):
    """Answers a stream header by the place that the server is named with."""

    def handle(self) -> None:
        """It knows no more of XMPP."""
        heard = b""
        while b"<stream:stream" not in heard or not heard.endswith(b">"):
            heard += self.request.recv(4096) or b"<stream:stream>"
        place = self.server.place  # type: ignore[attr-defined]
        self.request.sendall(
            f"<?xml version='1.0'?><stream:stream from='{DOMAIN}' id='gone' version='1.0' "
            "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><stream:error>"
            f"<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>{place}</see-other-host>"
            "</stream:error></stream:stream>".encode()
        )


@contextmanager
def sending_to(place: str) -> Iterator[int]:
    """The port of a server that sends every client to a place."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Sender) as server:
        server.daemon_threads = True
        server.place = place  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _slixmpp(endpoint: Endpoint, folder: Path) -> None:
    with slixmpp("log-in", endpoint, folder) as program:
        assert result_of(program)["outcome"] == "session_start"


def _profanity(endpoint: Endpoint, folder: Path) -> None:
    with Profanity(endpoint, folder) as profanity:
        profanity.see("[TLS] [online]")


@pytest.mark.parametrize("follow", [_slixmpp, _profanity])
def test_client_follows_and_stays(
    server: Server,
    authority: Authority,
    folder: Path,
    follow: Callable[[Endpoint, Path], None],
) -> None:
    """It comes back to xmppspy, which connects to the other place and verifies it."""
    place = f"127.0.0.1:{server.starttls_port}"
    with sending_to(place) as port:
        with proxy(upstream_of(port, "starttls"), authority.certificate, folder) as spy:
            follow(Endpoint(spy.port, "starttls", spy.ca), folder)
    lines = read_lines(spy.capture)
    notes = [note["text"] for note in events(lines, "note") if note.get("conn") == 2]

    assert f"127.0.0.1:{spy.port}</see-other-host>".encode() in sent(lines, 1, "s2c")
    assert any(f"connected to {place}, as the server asked" in note for note in notes)
    assert [line["verified"] for line in events(lines, "tls") if line["leg"] == "server"] == [True]
