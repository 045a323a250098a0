"""The server's side of SASL (RFC 4422): SCRAM, PLAIN, ANONYMOUS, without input and output."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, TypeAlias

from scramp import ScramException, ScramMechanism

from xmppspy.bridge.credentials import Accounts
from xmppspy.protocol.jid import flaw

SCRAM: Final = ("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1")
"""Strongest first (RFC 5802, RFC 7677)."""

SUPPORTED: Final = (*SCRAM, "PLAIN", "ANONYMOUS")
WITHOUT_PASSWORDS: Final = ("PLAIN", "ANONYMOUS")
"""What is possible when no password is known: SCRAM's server has to prove that it knows it."""


class LoginRefusedError(Exception):
    """A login attempt fails with this condition (RFC 6120 §6.5)."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


@dataclass(frozen=True, slots=True)
class Login:
    """An attempt that succeeded."""

    account: str | None
    """The bare JID; None for an anonymous user, who gets one."""
    final: bytes = b""
    """What SCRAM says with success: the server's own proof."""


Dialogue: TypeAlias = Generator[bytes, bytes, Login]
"""Yields challenges, is sent responses, returns the outcome. The first challenge is empty: a
client that has sent an initial response has answered it already."""


def begin(mechanism: str, domain: str, passwords: Accounts) -> Dialogue:
    """Start an attempt at the server of `domain`.

    Raises LoginRefusedError, here or from the dialogue.
    """
    if mechanism == "PLAIN":
        return _plain(domain, passwords)
    if mechanism == "ANONYMOUS":
        return _anonymous()
    if mechanism in SCRAM and passwords:
        return _scram(mechanism, domain, passwords)
    raise LoginRefusedError("invalid-mechanism")


def _plain(domain: str, passwords: Accounts) -> Dialogue:
    """Check a password sent as it is (RFC 4616)."""
    parts = (yield b"").split(b"\0")
    if len(parts) != len(("authzid", "authcid", "password")):
        raise LoginRefusedError("malformed-request")
    user, password = (_decoded(part) for part in parts[1:])
    account = _account(user, domain)
    if passwords and (not password or passwords.password_of(account) != password):
        raise LoginRefusedError("not-authorized")
    return Login(account)


def _anonymous() -> Dialogue:
    """Let anybody in (RFC 4505)."""
    yield b""
    return Login(None)


def _scram(mechanism: str, domain: str, passwords: Accounts) -> Dialogue:
    """Check a proof, and give one (RFC 5802)."""
    found: list[str] = []
    method = ScramMechanism(mechanism)

    def verifier(user: str) -> tuple[bytes, bytes, bytes, int]:
        account = _account(user, domain)
        password = passwords.password_of(account)
        if not password:
            raise LoginRefusedError("not-authorized")
        found.append(account)
        return _verifier(method, password)

    server = method.make_server(verifier)
    response = yield b""
    _told(server.set_client_first, _decoded(response))
    response = yield server.get_server_first().encode()
    _told(server.set_client_final, _decoded(response))
    return Login(found[0], server.get_server_final().encode())


def _verifier(method: ScramMechanism, password: str) -> tuple[bytes, bytes, bytes, int]:
    salt, stored_key, server_key, iterations = method.make_auth_info(password)
    return salt, stored_key, server_key, iterations


def _told(take: Callable[[str], None], message: str) -> None:
    try:
        take(message)
    except ScramException as error:
        raise LoginRefusedError("not-authorized") from error


def _account(user: str, domain: str) -> str:
    """The account of a user name; some clients send the whole address."""
    account = user if user.endswith(f"@{domain}") else f"{user}@{domain}"
    if not user or flaw(account) is not None:
        raise LoginRefusedError("not-authorized")
    return account


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise LoginRefusedError("malformed-request") from error
