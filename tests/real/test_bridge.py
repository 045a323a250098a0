"""Logins through xmppspy that are bound to TLS, or would be: kept, stripped, bridged, explained.

Each server runs with TLS 1.2 only and with TLS 1.3 only. What it takes without xmppspy is told by
test_scram_client.py.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.real.clients import (
    Endpoint,
    converse,
    expected_story,
    go_sendxmpp,
    nbxmpp,
    result_of,
    slixmpp,
)
from tests.real.conftest import Authority
from tests.real.interception import (
    Line,
    Proxy,
    events,
    proxy,
    read_lines,
    received,
    sent,
    upstream_of,
)
from tests.real.profanity import Profanity
from tests.real.programs import eventually
from tests.real.scram_client import Login, RefusedError, logged_in, talks_to_itself
from tests.real.servers import DOMAIN, PASSWORD, ROOMS, SERVERS, Server

ROMEO = ("--account", f"romeo@{DOMAIN}")
GIVEN = {"XMPPSPY_PASSWORD": PASSWORD}

BOUND = {
    ("ejabberd", "1.2"): ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"],
    ("ejabberd", "1.3"): ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"],
    ("prosody", "1.2"): ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"],
    ("prosody", "1.3"): [],
}


@dataclass(frozen=True, slots=True)
class Place:
    """A server of one TLS version."""

    server: Server
    version: str
    trusted: Path

    @property
    def upstream(self) -> str:
        """The UPSTREAM argument for it."""
        return upstream_of(self.server.starttls_port, "starttls")

    @property
    def bound(self) -> list[str]:
        """The mechanisms with channel binding that it offers."""
        return BOUND[self.server.name, self.version]

    @property
    def login(self) -> Login:
        """A login that is bound, where that is possible."""
        return Login(self.bound[0], "tls-exporter") if self.bound else Login("SCRAM-SHA-1")


@dataclass(frozen=True, slots=True)
class Bridge:
    """The proxy before it, which has been given romeo's password."""

    place: Place
    spy: Proxy

    @property
    def endpoint(self) -> Endpoint:
        """Where clients connect."""
        return Endpoint(self.spy.port, "starttls", self.spy.ca)

    def last_connection(self) -> list[Line]:
        """The lines of the newest connection, once it has ended."""
        return eventually(lambda: _last_connection(self.spy.capture), "end of the connection")


def _last_connection(capture: Path) -> list[Line] | None:
    lines = read_lines(capture)
    newest = max(line["conn"] for line in lines if "conn" in line)
    of_it = [line for line in lines if line.get("conn") == newest]
    return of_it if events(of_it, "close") else None


def _logins(data: bytes) -> list[tuple[str, str]]:
    """The mechanisms asked for, and the flags of the first messages."""
    found = re.finditer(rb"<auth [^>]*mechanism=[\"']([^\"']+)[\"'][^>]*>([^<]*)", data)
    return [(match[1].decode(), b64decode(match[2]).decode().split(",")[0]) for match in found]


def _asked_by_the_client(lines: list[Line]) -> list[tuple[str, str]]:
    return _logins(received(lines, lines[0]["conn"], "c2s"))


def _asked_upstream(lines: list[Line]) -> list[tuple[str, str]]:
    return _logins(sent(lines, lines[0]["conn"], "c2s"))


PLACES = sorted(BOUND)
BINDING_PLACES = [place for place in PLACES if BOUND[place]]


@pytest.fixture(scope="module", params=PLACES, ids="-".join)
def place(request: pytest.FixtureRequest, workplace: Path, authority: Authority) -> Iterator[Place]:
    """Each server with each version of TLS; romeo and juliet are friends there."""
    name, version = request.param
    folder = Path(mkdtemp(dir=workplace))
    folder.chmod(0o755)
    certificate = authority.issue(DOMAIN, ROOMS, "127.0.0.1")
    with SERVERS[name](folder, certificate, version) as server:
        endpoint = Endpoint(server.starttls_port, "starttls", authority.certificate)
        with slixmpp("befriend", endpoint, folder) as program:
            result_of(program)
        yield Place(server, version, authority.certificate)


@pytest.fixture(scope="module")
def bridge(place: Place, workplace: Path) -> Iterator[Bridge]:
    """`auto`, with the password."""
    folder = Path(mkdtemp(dir=workplace))
    with proxy(place.upstream, place.trusted, folder, *ROMEO, environment=GIVEN) as spy:
        yield Bridge(place, spy)


# --- the clients as they are


def _slixmpp(endpoint: Endpoint, folder: Path) -> None:
    with slixmpp("log-in", endpoint, folder) as program:
        assert result_of(program)["outcome"] == "session_start"


def _xmpp_js(endpoint: Endpoint, folder: Path) -> None:
    assert converse("xmpp.js", endpoint, folder).story == expected_story("xmpp.js")


def _go_sendxmpp(endpoint: Endpoint, folder: Path) -> None:
    with go_sendxmpp(endpoint, folder, "Good night") as program:
        assert program.wait() == 0, program.output()


def _profanity(endpoint: Endpoint, folder: Path) -> None:
    with Profanity(endpoint, folder) as profanity:
        profanity.see("[TLS] [online]")


def _nbxmpp(endpoint: Endpoint, folder: Path) -> None:
    with nbxmpp(endpoint, folder) as program:
        assert result_of(program)["outcome"] == "session_start"


CLIENTS: dict[str, Callable[[Endpoint, Path], None]] = {
    "slixmpp": _slixmpp,
    "xmpp.js": _xmpp_js,
    "go-sendxmpp": _go_sendxmpp,
    "profanity": _profanity,
    "nbxmpp": _nbxmpp,
}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_logs_in(bridge: Bridge, client: str, folder: Path) -> None:
    """At the first try, and what does not bind passes as it is."""
    CLIENTS[client](bridge.endpoint, folder)
    lines = bridge.last_connection()
    asked = _asked_by_the_client(lines)

    assert len(asked) == 1
    assert _asked_upstream(lines) == asked or asked[0][1].startswith("p=")
    assert events(lines, "error") == []


# --- every mechanism and type of channel binding


@pytest.mark.parametrize("kind", ["tls-unique", "tls-server-end-point", "tls-exporter"])
def test_every_bound_login_is_bridged(bridge: Bridge, kind: str) -> None:
    """Both legs are bound, each to its own TLS, where the server knows how."""
    place = bridge.place
    for mechanism in place.bound:
        with logged_in(bridge.endpoint, place.version, Login(mechanism, kind)) as stream:
            assert talks_to_itself(stream, mechanism)
        lines = bridge.last_connection()
        assert _asked_by_the_client(lines) == [(mechanism, f"p={kind}")]
        assert _asked_upstream(lines)[-1] == (mechanism, "p=tls-unique")
        assert events(lines, "error") == []


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"])
def test_unbound_logins_pass_untouched(bridge: Bridge, mechanism: str) -> None:
    """`auto` does the least that works."""
    with logged_in(bridge.endpoint, bridge.place.version, Login(mechanism)) as stream:
        assert talks_to_itself(stream, mechanism)
    conn = bridge.last_connection()[0]["conn"]
    lines = read_lines(bridge.spy.capture)

    assert sent(lines, conn, "c2s") == received(lines, conn, "c2s")


# --- what must fail


def test_wrong_password_of_the_client_is_refused_by_the_server(bridge: Bridge) -> None:
    """With the server's own words, and a sentence that says what is wrong."""
    login = replace(bridge.place.login, password="sweet sorrow")
    with pytest.raises(RefusedError, match="not-authorized"):
        with logged_in(bridge.endpoint, bridge.place.version, login):
            pass
    lines = bridge.last_connection()

    assert b"<failure" in received(lines, lines[0]["conn"], "s2c")
    assert [line["error"] for line in events(lines, "error")] == ["login-failed"]
    assert "password" in events(lines, "error")[0]["detail"]


@pytest.mark.parametrize("place", BINDING_PLACES, indirect=True, ids="-".join)
def test_wrong_password_of_the_proxy_is_explained(place: Place, folder: Path) -> None:
    """Where it is needed, the login fails, and the capture says whose password is wrong."""
    wrong = {"XMPPSPY_PASSWORD": "sweet sorrow"}
    with proxy(place.upstream, place.trusted, folder, *ROMEO, environment=wrong) as spy:
        bridge = Bridge(place, spy)
        with pytest.raises(RefusedError, match="not-authorized"):
            with logged_in(bridge.endpoint, place.version, place.login):
                pass
        (error,) = events(bridge.last_connection(), "error")

    assert error["error"] == "login-failed"
    assert "xmppspy was given" in error["detail"]
