"""Logins through xmppspy that are bound to TLS, or would be: kept, stripped, bridged, explained.

Each server runs with TLS 1.2 only and with TLS 1.3 only. What it takes without xmppspy is told by
test_scram_client.py.
"""

import re
from base64 import b64decode, b64encode
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
    newest_connection,
    proxy,
    read_lines,
    received,
    sent,
    upstream_of,
)
from tests.real.profanity import Profanity
from tests.real.scram_client import Login, RefusedError, logged_in, talks_to_itself
from tests.real.servers import DOMAIN, PASSWORD, ROOMS, SERVERS, Server, prosody

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
    folder: Path
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
        return newest_connection(self.spy)


def _logins(data: bytes) -> list[tuple[str, str]]:
    """The mechanisms asked for, and the flags of the first messages."""
    found = re.finditer(rb"<auth [^>]*mechanism=[\"']([^\"']+)[\"'][^>]*>([^<]*)", data)
    return [(match[1].decode(), b64decode(match[2]).decode().split(",")[0]) for match in found]


def _asked_by_the_client(lines: list[Line]) -> list[tuple[str, str]]:
    return _logins(received(lines, lines[0]["conn"], "c2s"))


def _asked_upstream(lines: list[Line]) -> list[tuple[str, str]]:
    return _logins(sent(lines, lines[0]["conn"], "c2s"))


PLACES = sorted(BOUND)
on_binding_places = pytest.mark.parametrize(
    "place", [place for place in PLACES if BOUND[place]], indirect=True, ids="-".join
)


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
        yield Place(server, version, folder, authority.certificate)


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


def _refusal(bridge: Bridge, login: Login) -> str:
    """The condition on which the login is refused; empty when it is not."""
    try:
        with logged_in(bridge.endpoint, bridge.place.version, login):
            return ""
    except RefusedError as refused:
        return str(refused)


def test_wrong_password_of_the_client_is_refused_by_the_server(bridge: Bridge) -> None:
    """With the server's own words, and a sentence that says what is wrong."""
    login = replace(bridge.place.login, password="sweet sorrow")
    refusal = _refusal(bridge, login)
    lines = bridge.last_connection()

    assert refusal == "not-authorized"
    assert b"<failure" in received(lines, lines[0]["conn"], "s2c")
    assert [line["error"] for line in events(lines, "error")] == ["login-failed"]
    assert "password" in events(lines, "error")[0]["detail"]


@on_binding_places
def test_wrong_password_of_the_proxy_is_explained(place: Place, folder: Path) -> None:
    """Where it is needed, the login fails, and the capture says whose password is wrong."""
    wrong = {"XMPPSPY_PASSWORD": "sweet sorrow"}
    with proxy(place.upstream, place.trusted, folder, *ROMEO, environment=wrong) as spy:
        bridge = Bridge(place, spy)
        refusal = _refusal(bridge, place.login)
        (error,) = events(bridge.last_connection(), "error")

    assert (refusal, error["error"]) == ("not-authorized", "login-failed")
    assert "xmppspy was given" in error["detail"]


# --- by order of the person


@on_binding_places
def test_bridge_binds_for_a_client_that_does_not(place: Place, folder: Path) -> None:
    """`bridge` proves to the server what the client cannot."""
    options = (*ROMEO, "--channel-binding", "bridge")
    with proxy(place.upstream, place.trusted, folder, *options, environment=GIVEN) as spy:
        bridge = Bridge(place, spy)
        with logged_in(bridge.endpoint, place.version, Login("SCRAM-SHA-256")) as stream:
            assert talks_to_itself(stream, "bound")
        lines = bridge.last_connection()

    assert _asked_by_the_client(lines) == [("SCRAM-SHA-256", "n")]
    assert _asked_upstream(lines)[-1] == ("SCRAM-SHA-256-PLUS", "p=tls-unique")


@on_binding_places
def test_strip_takes_binding_out_of_the_offer(place: Place, folder: Path) -> None:
    """What is left is offered as it was, and a client that does not bind logs in."""
    with proxy(place.upstream, place.trusted, folder, "--channel-binding", "strip") as spy:
        bridge = Bridge(place, spy)
        with logged_in(bridge.endpoint, place.version, Login("SCRAM-SHA-256")) as stream:
            offered = stream.first_offer
            assert talks_to_itself(stream, "stripped")

    assert "SCRAM-SHA-1" in offered
    assert not [mechanism for mechanism in offered if mechanism.endswith("-PLUS")]


@on_binding_places
def test_strip_is_noticed_by_flag_and_explained(place: Place, folder: Path) -> None:
    """Prosody takes a client that could bind, and says so, for one that was deceived."""
    with proxy(place.upstream, place.trusted, folder, "--channel-binding", "strip") as spy:
        bridge = Bridge(place, spy)
        refusal = _refusal(bridge, Login("SCRAM-SHA-1", "y"))
        errors = events(bridge.last_connection(), "error")

    if place.server.name == "prosody":
        assert refusal == "malformed-request"
        assert [error["error"] for error in errors] == ["downgrade"]
        assert "-PLUS" in errors[0]["detail"]
    else:
        assert (refusal, errors) == ("", [])


@on_binding_places
def test_auto_without_a_password_strips_after_a_failure(place: Place, folder: Path) -> None:
    """The bound login fails and is explained; the next connection is not offered binding."""
    with proxy(place.upstream, place.trusted, folder) as spy:
        bridge = Bridge(place, spy)
        assert _refusal(bridge, Login("SCRAM-SHA-1-PLUS", "tls-unique"))
        (error,) = events(bridge.last_connection(), "error")
        with logged_in(bridge.endpoint, place.version, Login("SCRAM-SHA-1")) as stream:
            offered = [name for name in stream.first_offer if name.endswith("-PLUS")]
            assert talks_to_itself(stream, "unbound")

    assert error["error"] == "channel-binding"
    assert offered == []


@on_binding_places
def test_keep_leaves_a_bound_login_to_fail(place: Place, folder: Path) -> None:
    """Each time, untouched."""
    with proxy(place.upstream, place.trusted, folder, "--channel-binding", "keep") as spy:
        bridge = Bridge(place, spy)
        for _ in range(2):
            assert _refusal(bridge, Login("SCRAM-SHA-1-PLUS", "tls-unique"))
            lines = bridge.last_connection()
            assert _asked_upstream(lines) == [("SCRAM-SHA-1-PLUS", "p=tls-unique")]
            assert [line["error"] for line in events(lines, "error")] == ["channel-binding"]


def test_own_certificate_is_equal_on_both_legs(place: Place, folder: Path) -> None:
    """With the server's certificate and key, a client finds the same end point as directly."""
    options = ("--channel-binding", "keep", "--cert", place.folder / "certificate.pem")
    direct = Endpoint(place.server.starttls_port, "starttls", place.trusted)
    with proxy(place.upstream, place.trusted, folder, *options) as spy:
        through = Endpoint(spy.port, "starttls", place.trusted)
        ends = []
        for endpoint in (direct, through):
            with logged_in(endpoint, place.version, Login("SCRAM-SHA-1")) as stream:
                ends.append(stream.channel_binding("tls-server-end-point"))

    assert ends[0] == ends[1]


# --- where the password comes from


def _private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def _of_accounts_file(folder: Path) -> list[object]:
    text = f'[accounts]\n"romeo@{DOMAIN}" = "{PASSWORD}"\n'
    return ["--accounts", _private(folder / "accounts.toml", text)]


def _of_password_file(folder: Path) -> list[object]:
    return [*ROMEO, "--password-file", _private(folder / "password", f"{PASSWORD}\n")]


@on_binding_places
def test_password_is_read_from_a_file(place: Place, folder: Path) -> None:
    """Of one account or of many."""
    for given in (_of_accounts_file(folder), _of_password_file(folder)):
        with proxy(place.upstream, place.trusted, folder, *given) as spy:
            endpoint = Endpoint(spy.port, "starttls", spy.ca)
            with logged_in(endpoint, place.version, place.login) as stream:
                assert talks_to_itself(stream, "from a file")
        spy.capture.unlink()


@on_binding_places
def test_password_is_learned_from_plain(place: Place, folder: Path) -> None:
    """With `--bridge-plain` the client shows it, and the server gets SCRAM, bound."""
    with proxy(place.upstream, place.trusted, folder, "--bridge-plain") as spy:
        bridge = Bridge(place, spy)
        with logged_in(bridge.endpoint, place.version, Login("PLAIN")) as stream:
            assert talks_to_itself(stream, "plainly")
        lines = bridge.last_connection()
        refusal = _refusal(bridge, Login("PLAIN", password="sweet"))

    assert refusal == "not-authorized"
    assert _asked_upstream(lines)[-1][0].endswith("-PLUS")


@pytest.fixture(scope="module")
def hashing(workplace: Path, authority: Authority) -> Iterator[Place]:
    """A Prosody that does not know the passwords itself."""
    folder = Path(mkdtemp(dir=workplace))
    folder.chmod(0o755)
    certificate = authority.issue(DOMAIN, ROOMS, "127.0.0.1")
    with prosody(folder, certificate, "1.2", authentication="internal_hashed") as server:
        yield Place(server, "1.2", folder, authority.certificate)


def _keys_of(server_folder: Path) -> str:
    """What the server has stored of romeo, as a table of accounts."""
    stored = (server_folder / "data/capulet%2eexample/accounts/romeo.dat").read_text()
    found = dict(re.findall(r'\["(\w+)"\] = "?([^";]+)', stored))
    keys = [b64encode(bytes.fromhex(found[name])).decode() for name in ("stored_key", "server_key")]
    return (
        f'[accounts]\n"romeo@{DOMAIN}" = {{ mechanism = "SCRAM-SHA-1", salt = '
        f'"{b64encode(found["salt"].encode()).decode()}", iterations = {found["iteration_count"]}, '
        f'stored-key = "{keys[0]}", server-key = "{keys[1]}" }}\n'
    )


def test_keys_of_the_server_are_enough(hashing: Place, folder: Path) -> None:
    """An operator who knows no password debugs a bound login; a wrong password stays wrong."""
    accounts = ("--accounts", _private(folder / "accounts.toml", _keys_of(hashing.folder)))
    login = Login("SCRAM-SHA-1-PLUS", "tls-unique")
    with proxy(hashing.upstream, hashing.trusted, folder, *accounts) as spy:
        bridge = Bridge(hashing, spy)
        with logged_in(bridge.endpoint, "1.2", login) as stream:
            assert talks_to_itself(stream, "by keys")
        lines = bridge.last_connection()
        refusal = _refusal(bridge, replace(login, password="sweet sorrow"))

    assert events(lines, "error") == []
    assert sent(lines, 1, "c2s") != received(lines, 1, "c2s")
    assert refusal == "not-authorized"


# --- one server, both versions


def test_newest_version_can_be_limited(server: Server, authority: Authority, folder: Path) -> None:
    """`--max-tls 1.2` holds both legs to it, so that slixmpp binds by tls-unique."""
    upstream = upstream_of(server.starttls_port, "starttls")
    options = (*ROMEO, "--max-tls", "1.2")
    trusted = authority.certificate
    with proxy(upstream, trusted, folder, *options, environment=GIVEN) as spy:
        _slixmpp(Endpoint(spy.port, "starttls", spy.ca), folder)
    lines = read_lines(spy.capture)

    assert {line["version"] for line in events(lines, "tls")} == {"TLSv1.2"}
    assert [flag for _, flag in _logins(received(lines, 1, "c2s"))] == ["p=tls-unique"]
