"""SASL2, every type of channel binding, and tokens of FAST, through xmppspy before a real Prosody.

It has them from Debian's community modules and a plugin of the tests, which also has it tell its
types of channel binding (XEP-0440), as newer ones do.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from tests.real.clients import Endpoint, converse, expected_story, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import (
    Line,
    Proxy,
    events,
    newest_connection,
    proxy,
    received,
    sent,
    upstream_of,
)
from tests.real.scram_client import (
    SASL,
    SASL2,
    Login,
    RefusedError,
    Stream,
    authenticate,
    logged_in,
    talks_to_itself,
)
from tests.real.servers import DOMAIN, PASSWORD, ROOMS, prosody

MODULES = ("newer_prosody", "sasl2", "sasl2_bind2", "sasl2_fast")
ROMEO = ("--account", f"romeo@{DOMAIN}")
GIVEN = {"XMPPSPY_PASSWORD": PASSWORD}
END_POINT = "tls-server-end-point"
STRONGEST = {"1.2": "tls-unique", "1.3": "tls-exporter"}
"""The best type of channel binding, by the version of TLS."""
TOKENS = {
    "1.2": {"HT-SHA-256-UNIQ": "tls-unique", "HT-SHA-256-ENDP": END_POINT},
    "1.3": {"HT-SHA-256-EXPR": "tls-exporter", "HT-SHA-256-ENDP": END_POINT},
}
"""The tokens that are bound to TLS, by its version, and by what they are bound."""
BIND = "<bind xmlns='urn:xmpp:bind:0'><tag>balcony</tag><enable xmlns='urn:xmpp:carbons:2'/></bind>"
FAST = "urn:xmpp:fast:0"


@dataclass(frozen=True, slots=True)
class Place:
    """A Prosody of one TLS version."""

    version: str
    direct: Endpoint
    certificate: Path
    """Its own, with the key."""

    @property
    def strongest(self) -> str:
        """The best type of channel binding."""
        return STRONGEST[self.version]

    @property
    def tokens(self) -> dict[str, str]:
        """The tokens that are bound, and by what."""
        return TOKENS[self.version]


@dataclass(frozen=True, slots=True)
class Through:
    """A proxy before it."""

    endpoint: Endpoint
    spy: Proxy

    def lines(self) -> list[Line]:
        """Those of the newest connection, once it has ended."""
        return newest_connection(self.spy)


@pytest.fixture(scope="module", params=sorted(STRONGEST))
def place(request: pytest.FixtureRequest, workplace: Path, authority: Authority) -> Iterator[Place]:
    """With each version of TLS; romeo and juliet are friends there."""
    folder = Path(mkdtemp(dir=workplace))
    folder.chmod(0o755)
    certificate = authority.issue(DOMAIN, ROOMS, "127.0.0.1")
    with prosody(folder, certificate, request.param, MODULES) as server:
        direct = Endpoint(server.starttls_port, "starttls", authority.certificate)
        with slixmpp("befriend", direct, folder) as program:
            result_of(program)
        yield Place(request.param, direct, folder / "certificate.pem")


@contextmanager
def spying(place: Place, folder: Path, *options: object) -> Iterator[Through]:
    """The proxy before it; romeo's password is at hand, for an option that asks for it."""
    upstream, trusted = upstream_of(place.direct.port, "starttls"), place.direct.ca
    with proxy(upstream, trusted, folder, *options, environment=GIVEN) as spy:
        yield Through(Endpoint(spy.port, "starttls", spy.ca), spy)


@pytest.fixture(scope="module")
def through(place: Place, workplace: Path) -> Iterator[Through]:
    """`auto`, with romeo's password."""
    with spying(place, Path(mkdtemp(dir=workplace)), *ROMEO) as found:
        yield found


def log_in(endpoint: Endpoint, place: Place, login: Login) -> Element:
    """The server's success; the session was used, and is over."""
    stream = Stream(endpoint, place.version)
    try:
        succeeded = authenticate(stream, login)
        assert stream.jid.startswith(f"romeo@{DOMAIN}/balcony")
        assert talks_to_itself(stream, login.mechanism)
    finally:
        stream.close()
    return succeeded


def by_password(mechanism: str, binding: str = "n", token: str = "") -> Login:
    """A login that may ask for a token."""
    request = f"<request-token xmlns='{FAST}' mechanism='{token}'/>" if token else ""
    return Login(mechanism, binding, sasl=SASL2, inline=BIND + request)


def by_token(mechanism: str, token: str, binding: str = "n", attributes: str = "") -> Login:
    """A login by a token of FAST."""
    inline = f"{BIND}<fast xmlns='{FAST}'{attributes}/>"
    return Login(mechanism, binding, password=token, sasl=SASL2, inline=inline)


def token_for(endpoint: Endpoint, place: Place, mechanism: str) -> str:
    """A new token, given with a login by password that is not bound."""
    succeeded = log_in(endpoint, place, by_password("SCRAM-SHA-256", token=mechanism))
    given = succeeded.find(f"{{{FAST}}}token")
    assert given is not None
    return given.attrib["token"]


# --- what an element of a login holds


_PAYLOAD = re.compile(rb"(<(?:initial-response|additional-data|response|success)\b[^>]*>)([^<]+)")


def payloads(lines: list[Line], direction: str) -> tuple[list[bytes], list[bytes]]:
    """Of both sides: what came, and what went on."""
    conn = lines[0]["conn"]
    found = (received(lines, conn, direction), sent(lines, conn, direction))
    came, went = ([b64decode(each[1]) for each in _PAYLOAD.findall(data)] for data in found)
    return came, went


def only_payloads_differ(lines: list[Line]) -> bool:
    """Whether each side saw the other's bytes, but for the payloads of SASL."""
    conn = lines[0]["conn"]
    return all(
        _PAYLOAD.sub(rb"\1", received(lines, conn, way))
        == _PAYLOAD.sub(rb"\1", sent(lines, conn, way))
        for way in ("c2s", "s2c")
    )


def untouched(lines: list[Line]) -> bool:
    """Whether each side saw the other's bytes."""
    conn = lines[0]["conn"]
    return all(received(lines, conn, way) == sent(lines, conn, way) for way in ("c2s", "s2c"))


def notes(lines: list[Line]) -> str:
    """What xmppspy said."""
    return "\n".join(note["text"] for note in events(lines, "note"))


# --- the server itself


def test_server_compares_what_is_bound(place: Place) -> None:
    """So that there is something to bridge: the right type passes, the other channel's does not."""
    for mechanism, kind in place.tokens.items():
        token = token_for(place.direct, place, mechanism)
        log_in(place.direct, place, by_token(mechanism, token, kind))
        with pytest.raises(RefusedError, match="not-authorized"):
            log_in(place.direct, place, by_token(mechanism, token))
    for kind in (place.strongest, END_POINT):
        log_in(place.direct, place, by_password("SCRAM-SHA-256-PLUS", kind))
    with pytest.raises(RefusedError, match="malformed-request"):
        log_in(place.direct, place, by_password("SCRAM-SHA-256", "y"))


# --- by password


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"])
@pytest.mark.parametrize("is_strongest", [True, False])
@pytest.mark.parametrize("sasl", [SASL, SASL2])
def test_bound_login_is_bridged(
    place: Place, through: Through, sasl: str, is_strongest: bool, mechanism: str
) -> None:
    """By the client's type on both legs, which the server lists; each leg has its own TLS."""
    kind = place.strongest if is_strongest else END_POINT
    if sasl == SASL:
        with logged_in(through.endpoint, place.version, Login(mechanism, kind)) as stream:
            assert talks_to_itself(stream, mechanism)
    else:
        log_in(through.endpoint, place, by_password(mechanism, kind))
    lines = through.lines()

    assert events(lines, "error") == []
    assert f"is bridged ({mechanism}, bound by {kind})" in notes(lines)
    assert only_payloads_differ(lines)


def test_what_is_inline_stays(place: Place, through: Through) -> None:
    """Bind 2, carbons and a token are asked for and given; the first messages are alike."""
    login = by_password("SCRAM-SHA-256-PLUS", place.strongest, "HT-SHA-256-NONE")
    succeeded = log_in(through.endpoint, place, login)
    lines = through.lines()
    came, went = payloads(lines, "c2s")

    assert succeeded.find("{urn:xmpp:bind:0}bound") is not None
    assert succeeded.find(f"{{{FAST}}}token") is not None
    assert only_payloads_differ(lines)
    assert came[0] == went[0]
    assert came[1] != went[1]


@pytest.mark.parametrize("sasl", [SASL, SASL2])
def test_unbound_login_passes_untouched(place: Place, through: Through, sasl: str) -> None:
    """`auto` does the least that works."""
    with logged_in(through.endpoint, place.version, Login("SCRAM-SHA-256", sasl=sasl)) as stream:
        assert talks_to_itself(stream, "unbound")

    assert untouched(through.lines())


@pytest.mark.parametrize("sasl", [SASL, SASL2])
def test_wrong_password(place: Place, through: Through, sasl: str) -> None:
    """It fails as one, by the server's own words."""
    login = Login("SCRAM-SHA-256-PLUS", place.strongest, password="sweet sorrow", sasl=sasl)
    with pytest.raises(RefusedError, match="not-authorized"):
        with logged_in(through.endpoint, place.version, login):
            pass
    (error,) = events(through.lines(), "error")

    assert error["error"] == "login-failed"
    assert "the password in the client is not the one that xmppspy was given" in error["detail"]


def test_password_that_is_shown(place: Place, folder: Path) -> None:
    """PLAIN on the client's side, bound SCRAM on the server's; what is inline stays as it is."""
    with spying(place, folder, "--bridge-plain") as through:
        log_in(through.endpoint, place, by_password("PLAIN"))
        lines = through.lines()
        came, went = payloads(lines, "c2s")

    assert came[0].endswith(PASSWORD.encode())
    assert went[0].startswith(f"p={place.strongest},,n=romeo,".encode())
    assert BIND.encode() in sent(lines, 1, "c2s")
    assert not any(PASSWORD.encode() in each for each in went)


# --- being the server


def test_servers_own_certificate_lets_bound_logins_pass(place: Place, folder: Path) -> None:
    """No password is needed, nothing is changed but the list of types, of which one is left."""
    with spying(place, folder, "--cert", place.certificate) as through:
        endpoint = Endpoint(through.endpoint.port, "starttls", place.direct.ca)
        for sasl in (SASL, SASL2):
            login = Login("SCRAM-SHA-256-PLUS", END_POINT, sasl=sasl)
            with logged_in(endpoint, place.version, login) as stream:
                types = stream.first_types
                assert talks_to_itself(stream, "equal")
            lines = through.lines()
            came, went = payloads(lines, "c2s")
            assert (types, came, events(lines, "error")) == ([END_POINT], went, [])

    assert f"{END_POINT} alone was left in the offer" in notes(lines)


# --- by token


@pytest.mark.parametrize("number", [0, 1])
def test_bound_token_is_translated(place: Place, through: Through, number: int) -> None:
    """It is proved anew on the server's leg, as often as it is used, by what was given once."""
    mechanism, kind = list(place.tokens.items())[number]
    token = token_for(through.endpoint, place, mechanism)
    for _ in range(2):
        log_in(through.endpoint, place, by_token(mechanism, token, kind))
    lines = through.lines()
    came, went = payloads(lines, "c2s")

    assert events(lines, "error") == []
    assert came[0].startswith(b"romeo\0")
    assert went[0].startswith(b"romeo\0")
    assert came != went
    assert only_payloads_differ(lines)
    assert f"is bridged ({mechanism}, bound by {kind})" in notes(lines)


def test_token_of_a_bound_login(place: Place, through: Through) -> None:
    """One that is bridged gives tokens as well."""
    mechanism = next(iter(place.tokens))
    login = by_password("SCRAM-SHA-256-PLUS", place.strongest, mechanism)
    given = log_in(through.endpoint, place, login).find(f"{{{FAST}}}token")
    assert given is not None
    token = by_token(mechanism, given.attrib["token"], place.tokens[mechanism])

    assert log_in(through.endpoint, place, token).tag == f"{SASL2}success"


def test_token_that_xmppspy_has_not_seen(place: Place, through: Through) -> None:
    """What the bridge knows lives in memory only: it fails, and is explained."""
    mechanism, kind = next(iter(place.tokens.items()))
    token = token_for(place.direct, place, mechanism)
    with pytest.raises(RefusedError, match="not-authorized"):
        log_in(through.endpoint, place, by_token(mechanism, token, kind))
    lines = through.lines()
    (error,) = events(lines, "error")

    assert error["error"] == "channel-binding"
    assert "log in once with the password" in error["detail"]
    assert untouched(lines)


def test_invalidated_token_is_worth_nothing(place: Place, through: Through) -> None:
    """The login that invalidates it succeeds; the next one fails at xmppspy and at the server."""
    mechanism, kind = next(iter(place.tokens.items()))
    token = token_for(through.endpoint, place, mechanism)
    log_in(through.endpoint, place, by_token(mechanism, token, kind, " invalidate='true'"))
    for where in (through.endpoint, place.direct):
        with pytest.raises(RefusedError, match="not-authorized"):
            log_in(where, place, by_token(mechanism, token, kind))

    assert [each["error"] for each in events(through.lines(), "error")] == ["channel-binding"]


def test_unbound_token_passes_untouched(place: Place, through: Through) -> None:
    """It is not bound to anything that xmppspy ends."""
    token = token_for(through.endpoint, place, "HT-SHA-256-NONE")
    log_in(through.endpoint, place, by_token("HT-SHA-256-NONE", token))

    assert untouched(through.lines())


# --- a client as it is


def test_xmpp_js_talks_by_sasl2(place: Place, through: Through, folder: Path) -> None:
    """With Bind 2, and asking for a token; the server makes its resources longer."""
    conversation = converse("xmpp.js", through.endpoint, folder)
    lines = through.lines()
    told = re.sub(r"(/xmpp\.js)~[^\"]*", r"\1", json.dumps(conversation.story))
    story: dict[str, Any] = json.loads(told)

    assert story == expected_story("xmpp.js")
    assert b"<authenticate" in received(lines, lines[0]["conn"], "c2s")
    assert untouched(lines)
    assert events(lines, "error") == []
