"""The client's side of SASL (RFC 4422): SCRAM, PLAIN, ANONYMOUS, without input and output."""

from collections.abc import Generator, Sequence
from typing import Final, TypeAlias

from scramp import ScramClient, ScramException

from xmppspy.analysis.words import listed, word
from xmppspy.replay.mechanisms import SCRAM

MAX_ITERATIONS: Final = 10_000_000
"""Of the server's choice, that a password is hashed; more would only keep this end busy."""

_MOST_TOLD: Final = 8
"""Mechanisms that are named."""


class NotAdmittedError(Exception):
    """The client does not get in. The text is one sentence for a person, or a part of one."""


Dialogue: TypeAlias = Generator[bytes, bytes, None]
"""Yields responses, the first one unasked, and is sent challenges. What comes with success is sent
to it as well. It raises NotAdmittedError, and has ended when the server has proved itself."""


def choose(offered: Sequence[str], password: str | None, *, secured: bool) -> str:
    """The strongest mechanism for a password, or for none. Raises NotAdmittedError.

    A password is shown to the server only inside TLS.
    """
    if password is None:
        possible: tuple[str, ...] = ("ANONYMOUS",)
    else:
        possible = (*SCRAM, "PLAIN") if secured else SCRAM
    found = next((mechanism for mechanism in possible if mechanism in offered), None)
    if found is None:
        told = listed(map(word, offered), _MOST_TOLD) or "no way at all"
        raise NotAdmittedError(
            f"the server offers {told} to log in; {' or '.join(possible)} is needed"
        )
    return found


def begin(mechanism: str, user: str, password: str | None) -> Dialogue:
    """Start an attempt."""
    if mechanism == "PLAIN":
        return _once(f"\0{user}\0{password}".encode())
    if mechanism == "ANONYMOUS":
        return _once(b"")
    return _scram(mechanism, user, password or "")


def _once(response: bytes) -> Dialogue:
    yield response


def _scram(mechanism: str, user: str, password: str) -> Dialogue:
    """Prove to know the password, and have the server prove it (RFC 5802)."""
    try:
        client = ScramClient([mechanism], user, password)
        first = (yield client.get_client_first().encode()).decode()
        _refuse_labour(first)
        client.set_server_first(first)
        client.set_server_final((yield client.get_client_final().encode()).decode())
    except (ScramException, ValueError) as error:
        raise NotAdmittedError("the server does not prove that it knows the password") from error


def _refuse_labour(first: str) -> None:
    for field in first.split(","):
        digits = field.removeprefix("i=")
        if digits != field and (
            len(digits) > len(str(MAX_ITERATIONS)) or int(digits) > MAX_ITERATIONS
        ):
            raise NotAdmittedError(f"the server wants a password hashed {digits[:20]} times")
