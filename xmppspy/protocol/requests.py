"""What a `Session` asks of whatever drives it: never recorded, said beside the events."""

from dataclasses import dataclass
from typing import TypeAlias

from xmppspy.protocol.events import Side


@dataclass(frozen=True, slots=True)
class ConnectRequested:
    """Connect to the server of `domain`; answer with `upstream_connected` or `upstream_failed`."""

    domain: str | None
    """The stream's `to`, or the SNI; None when the client named nobody."""


@dataclass(frozen=True, slots=True)
class UpstreamTLSRequested:
    """A context for the handshake with the server is needed; answer with `provide_context`."""

    domain: str | None
    """What the certificate has to name; None while that is not known: then only the chain is to be
    verified, and the session checks the name before it sends anything of the client's."""
    direct: bool
    """Direct TLS, where ALPN names the protocol (XEP-0368); else STARTTLS."""
    version: str | None = None
    """The newest TLS version to offer, as the client knows no newer one; None while not known."""
    alpn: tuple[str, ...] | None = None
    """What the client offers by ALPN; None while that is not known."""


@dataclass(frozen=True, slots=True)
class LeafRequested:
    """A context for the handshake with the client is needed; answer with `provide_context`."""

    names: tuple[str, ...]
    """What the client wants to see, the most wanted first."""
    peer_der: bytes | None
    """The server's certificate, whose names the leaf shall carry too; None without TLS there."""
    version: str | None = None
    """The TLS version agreed on with the server; the client is to get no newer one."""
    alpn: tuple[str, ...] | None = None
    """What the client may be answered by ALPN; None where the server has no say in it."""


@dataclass(frozen=True, slots=True)
class WakeRequested:
    """Call `wake` when `at` has come, unless a later request names another time."""

    at: float


@dataclass(frozen=True, slots=True)
class Redirected:
    """The server has sent the client to another place; the client was told to come back instead.

    The next connection of that client's host for the same domain is to go to `target`.
    """

    target: str
    """`host[:port]`, an IPv6 address in brackets."""
    sticky: bool
    """Whether it counts until `RedirectExpired` (a place to resume a session), or once."""


@dataclass(frozen=True, slots=True)
class RedirectExpired:
    """There is no session any more that could be resumed at the place of a sticky redirect."""


@dataclass(frozen=True, slots=True)
class HoldsChanged:
    """Other frames wait for a person than before; see `Session.held`."""


@dataclass(frozen=True, slots=True)
class EndRequested:
    """End the sending half towards `side`, after all that is to be sent has left."""

    side: Side


@dataclass(frozen=True, slots=True)
class ResetRequested:
    """Reset the connection to `side`, as the other one was."""

    side: Side


@dataclass(frozen=True, slots=True)
class CloseRequested:
    """Close both connections, after all that is to be sent has left."""


Request: TypeAlias = (
    ConnectRequested
    | UpstreamTLSRequested
    | LeafRequested
    | WakeRequested
    | Redirected
    | RedirectExpired
    | HoldsChanged
    | EndRequested
    | ResetRequested
    | CloseRequested
)
"""What a `Session` asks of whatever drives it."""
