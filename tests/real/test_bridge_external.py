"""Client certificates (SASL EXTERNAL) through xmppspy, before an ejabberd that takes them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.real.clients import Endpoint, nbxmpp, result_of
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
from tests.real.scram_client import Login, RefusedError, logged_in, talks_to_itself
from tests.real.servers import DOMAIN, PASSWORD, ROOMS, Server, ejabberd

ROMEO = f"romeo@{DOMAIN}"
GIVEN = {"XMPPSPY_PASSWORD": PASSWORD}


@dataclass(frozen=True, slots=True)
class Through:
    """A proxy before the server."""

    endpoint: Endpoint
    spy: Proxy

    def lines(self) -> list[Line]:
        """Those of the newest connection, once it has ended."""
        return newest_connection(self.spy)

    def refusal(self, login: Login) -> str:
        """The condition on which the login is refused; empty when it is not."""
        try:
            with logged_in(self.endpoint, "1.3", login):
                return ""
        except RefusedError as refused:
            return str(refused)


@pytest.fixture(scope="module")
def place(workplace: Path, authority: Authority) -> Iterator[Server]:
    """An ejabberd that asks clients for a certificate of the same CA."""
    folder = Path(mkdtemp(dir=workplace))
    folder.chmod(0o755)
    certificate = authority.issue(DOMAIN, ROOMS, "127.0.0.1")
    with ejabberd(folder, certificate, client_ca=authority.certificate) as server:
        yield server


@contextmanager
def spying(
    place: Server, authority: Authority, folder: Path, owner: str, *options: str
) -> Iterator[Through]:
    """The proxy with the certificate of `owner`, who may be nobody."""
    upstream, trusted = upstream_of(place.starttls_port, "starttls"), authority.certificate
    shown = ("--client-cert", authority.issue_to(owner, folder / "own.pem")) if owner else ()
    with proxy(upstream, trusted, folder, *shown, *options, environment=GIVEN) as spy:
        yield Through(Endpoint(spy.port, "starttls", spy.ca), spy)


def asked(lines: list[Line], *, upstream: bool = True) -> list[str]:
    """The mechanisms that the server was asked for, or xmppspy by the client."""
    data = (sent if upstream else received)(lines, lines[0]["conn"], "c2s")
    found: list[bytes] = re.findall(rb"<auth [^>]*mechanism=[\"']([^\"']+)", data)
    return [mechanism.decode() for mechanism in found]


def test_client_that_chooses_external_passes(
    place: Server, authority: Authority, folder: Path
) -> None:
    """By the certificate that xmppspy shows; nothing is changed."""
    with spying(place, authority, folder, ROMEO) as through:
        with logged_in(through.endpoint, "1.3", Login("EXTERNAL")) as stream:
            assert stream.jid.startswith(f"{ROMEO}/")
            assert talks_to_itself(stream, "certified")
        lines = through.lines()
    conn = lines[0]["conn"]

    assert asked(lines, upstream=False) == ["EXTERNAL"]
    assert received(lines, conn, "c2s") == sent(lines, conn, "c2s")


def test_external_without_a_certificate_is_explained(
    place: Server, authority: Authority, folder: Path
) -> None:
    """The client's own key does not help: its TLS ends at xmppspy."""
    with spying(place, authority, folder, "") as through:
        refusal = through.refusal(Login("EXTERNAL"))
        (error,) = events(through.lines(), "error")

    assert refusal
    assert error["error"] == "login-failed"
    assert "--client-cert FILE --client-key FILE" in error["detail"]


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512-PLUS", "PLAIN"])
def test_password_becomes_a_certificate(
    place: Server, authority: Authority, folder: Path, mechanism: str
) -> None:
    """The client proves it here; a wrong one goes no further."""
    binding = "tls-exporter" if mechanism.endswith("-PLUS") else "n"
    with spying(place, authority, folder, ROMEO, "--account", ROMEO) as through:
        with logged_in(through.endpoint, "1.3", Login(mechanism, binding)) as stream:
            assert talks_to_itself(stream, mechanism)
        right = through.lines()
        refusal = through.refusal(Login(mechanism, binding, password="sweet sorrow"))
        wrong = through.lines()

    assert (asked(right, upstream=False), asked(right)) == ([mechanism], ["EXTERNAL"])
    assert events(right, "error") == []
    assert refusal == "not-authorized"
    assert (asked(wrong, upstream=False), asked(wrong)) == ([mechanism], [])
    assert "the password in the client is not the one" in events(wrong, "error")[0]["detail"]


def test_certificate_of_somebody_else_is_not_shown_for_this_account(
    place: Server, authority: Authority, folder: Path
) -> None:
    """Romeo proves that he is romeo, and does not come in as juliet; his password does."""
    juliet = f"juliet@{DOMAIN}"
    with spying(place, authority, folder, juliet, "--account", ROMEO) as through:
        with logged_in(through.endpoint, "1.3", Login("SCRAM-SHA-256")) as stream:
            jid = stream.jid
        lines = through.lines()

    assert jid.startswith(f"{ROMEO}/")
    assert asked(lines) == ["SCRAM-SHA-256"]


def test_nbxmpp_logs_in_by_certificate(place: Server, authority: Authority, folder: Path) -> None:
    """A client as it is, which knows nothing of it."""
    with spying(place, authority, folder, ROMEO, "--account", ROMEO) as through:
        with nbxmpp(through.endpoint, folder) as program:
            outcome = result_of(program)["outcome"]
        lines = through.lines()

    assert outcome == "session_start"
    assert asked(lines, upstream=False) != asked(lines) == ["EXTERNAL"]
    assert events(lines, "error") == []
