"""Guard: who watches over the logins of one connection, and may change what is said in them."""

from dataclasses import dataclass
from typing import Literal, Protocol

from xmppspy.protocol.events import UNCHANGED, Direction, ErrorName, Side, Unchanged
from xmppspy.protocol.framing import Frame


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong in a login: an `error` event."""

    error: ErrorName
    detail: str
    """One sentence or two, for a person."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of a frame of a login, and what there is to say about it."""

    data: bytes | Literal[Unchanged.UNCHANGED] | None = UNCHANGED
    """What goes on in its stead; None: nothing."""
    reply: bytes = b""
    """What is sent back to the side it came from, behind it."""
    notes: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


PASS = Ruling()
"""It goes on as it came, and there is nothing to say."""


class Channel(Protocol):
    """What a guard asks of a leg's TLS."""

    @property
    def version(self) -> str:
        """`TLSv1.3`."""

    def channel_binding(self, kind: str) -> bytes | None:
        """The data that binds to this channel; None where it cannot be had.

        `kind` is `tls-exporter`, `tls-server-end-point` or `tls-unique` (RFC 5929, RFC 9266).
        """


class Guard(Protocol):
    """Follows the logins of one connection."""

    def named(self, domain: str) -> None:
        """A header of the client names the domain it wants."""

    def secured(self, side: Side, channel: Channel) -> None:
        """TLS with that side is up."""

    def see(self, direction: Direction, frame: Frame) -> Ruling:
        """Judge a frame before it goes on.

        It is shown every `<stream:features/>`, every element of SASL and SASL2, and every stream
        error, always whole.
        """

    def ended(self) -> Ruling:
        """The connection has ended; only `notes` and `troubles` count."""
