"""What the proxy was told, or has seen, of a password is in nothing that it leaves behind."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from tests.real.clients import Endpoint
from tests.real.conftest import Authority
from tests.real.interception import proxy, read_lines, received, upstream_of
from tests.real.scram_client import Login, RefusedError, logged_in, talks_to_itself
from tests.real.servers import DOMAIN, PASSWORD, Server

LOGINS = [
    Login("SCRAM-SHA-1", "n"),
    Login("SCRAM-SHA-1-PLUS", "tls-unique"),
    Login("SCRAM-SHA-256-PLUS", "tls-exporter"),
]
WRONG = "so sweet a wrong password"


def _log_in(endpoint: Endpoint, logins: list[Login]) -> None:
    for login in logins:
        with logged_in(endpoint, "1.2", login) as stream:
            assert talks_to_itself(stream, login.mechanism)


def _fail(endpoint: Endpoint) -> None:
    with pytest.raises(RefusedError):
        with logged_in(endpoint, "1.2", Login("SCRAM-SHA-1-PLUS", "tls-unique", password=WRONG)):
            pass


def _keys(capture: Path) -> set[bytes]:
    """What SCRAM makes of the password with each salt and count that the server has told."""
    found: set[bytes] = set()
    lines = read_lines(capture)
    for conn in {line["conn"] for line in lines if "conn" in line}:
        told = received(lines, conn, "s2c")
        for challenge in re.findall(rb"<challenge[^>]*>([^<]+)<", told):
            first = dict(part.split("=", 1) for part in b64decode(challenge).decode().split(","))
            found |= _keys_of(b64decode(first["s"]), int(first["i"]))
    return found


def _keys_of(salt: bytes, iterations: int) -> set[bytes]:
    found: set[bytes] = set()
    for name in ("sha1", "sha256", "sha512"):
        salted = hashlib.pbkdf2_hmac(name, PASSWORD.encode(), salt, iterations)
        client = hmac.digest(salted, b"Client Key", name)
        server = hmac.digest(salted, b"Server Key", name)
        found |= {salted, client, server, hashlib.new(name, client).digest()}
    return found


def _forms(secret: bytes) -> set[bytes]:
    """As it stands, in hex, and in base64 at each place that it can have there."""
    in_base64 = {b64encode(b"x" * n + secret)[8 if n else 4 : -8] for n in range(3)}
    return {secret, secret.hex().encode(), secret.hex().upper().encode(), *in_base64}


@pytest.mark.parametrize("keeps_secrets", [False, True])
def test_no_secret_is_left_behind(
    server: Server, authority: Authority, folder: Path, keeps_secrets: bool
) -> None:
    """Not the passwords, nor the keys that SCRAM makes of them; raw, in hex or in base64.

    Where the user wants secrets recorded, those are what passes by, to which these do not belong.
    """
    upstream = upstream_of(server.starttls_port, "starttls")
    options = ("--account", f"romeo@{DOMAIN}", "--max-tls", "1.2", "--bridge-plain")
    with proxy(
        upstream,
        authority.certificate,
        folder,
        *options,
        keeps_secrets=keeps_secrets,
        environment={"XMPPSPY_PASSWORD": PASSWORD},
    ) as spy:
        endpoint = Endpoint(spy.port, "starttls", spy.ca)
        _log_in(endpoint, LOGINS if keeps_secrets else [*LOGINS, Login("PLAIN")])
        _fail(endpoint)
        arguments = Path(f"/proc/{spy.program.pid}/cmdline").read_bytes()
    left = arguments + b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    keys = _keys(spy.capture)
    secrets = {PASSWORD.encode(), WRONG.encode(), *keys}

    assert len(keys) >= 12
    assert [form for secret in secrets for form in _forms(secret) if form in left] == []
