"""The closed vocabulary every room speaks: what happened.

The events are the lines of a capture (one class each). Times are seconds since the capture's
`created`. What a `Session` asks for besides, and is never recorded, is in `requests`.
"""

from dataclasses import dataclass, fields
from enum import Enum, StrEnum
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from xmppspy.protocol.accelerator import Watch
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext

Direction: TypeAlias = Literal["c2s", "s2c"]
"""`c2s`: from the connection's initiator; `s2c`: towards it."""

ErrorName: TypeAlias = Literal[
    # what a peer sent
    "not-well-formed",
    "invalid-utf8",
    "duplicate-attribute",
    "undeclared-prefix",
    "invalid-namespace",
    "restricted-xml",
    "no-stream-header",
    "stanza-too-big",
    # the way to the server, and TLS
    "starttls-injection",
    "upstream-unreachable",
    "upstream-refused",
    "no-starttls",
    "timeout",
    "tls-failed",
    "certificate-invalid",
    "client-refused-certificate",
    # logins
    "channel-binding",
    "downgrade",
    "login-failed",
    "server-unproved",
]
"""The names of all errors that xmppspy itself records, as docs/capture-format.md lists them."""


class Side(StrEnum):
    """Which peer of a connection, and so which leg."""

    CLIENT = "client"
    SERVER = "server"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.SERVER if self is Side.CLIENT else Side.CLIENT

    @property
    def direction(self) -> Direction:
        """The direction of what this side says."""
        return "c2s" if self is Side.CLIENT else "s2c"


class Unchanged(Enum):
    """The type of `UNCHANGED`."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
"""What `FrameRecord.sent` holds when the bytes that left are the bytes that came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRecord:
    """One frame of a connection: a stanza, a nonza, a header, white space, or unframed bytes."""

    n: int
    """Number of the frame in its capture, from 1."""
    t: float
    """When its last byte arrived; when it left, for an injected one."""
    conn: int
    """Number of the connection in its capture, from 1."""
    dir: Direction
    kind: str
    """Local name of the element, or `stream` (a header), `/stream` (its end), `space`, `text`,
    `comment`, `pi`, `opaque` (unframed bytes), `partial` (unfinished when the connection ended)."""
    data: bytes
    """The exact bytes received."""
    xmlns: str | None = None
    """The element's own namespace, when it is not the stream's content namespace."""
    type: str | None = None
    id: str | None = None
    from_: str | None = None
    to: str | None = None
    ns: tuple[str, ...] = ()
    """Distinct namespaces of its child elements, in order, without the content namespace."""
    sent: bytes | Literal[Unchanged.UNCHANGED] | None = UNCHANGED
    """What left in its stead, when that was known at once: other bytes, or None for nothing."""
    injected: bool = False
    """Whether xmppspy itself put it into the stream."""
    waits: bool = False
    """Whether it had not left when it was written; a `FateDecided` tells when and how it did."""
    redacted: tuple[str, ...] = ()
    """What was masked, as `{ns}name` or `{ns}name/@attribute`."""
    repeated: bool = False
    """Whether it only says again what an earlier part of the capture has said: key `context`."""
    context: StreamContext = DEFAULT_CONTEXT
    """The stream it was read in; not written to captures, derived again from the headers."""

    @property
    def xml(self) -> str | None:
        """The bytes as text; None where they are not UTF-8."""
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return None

    @property
    def left(self) -> bytes:
        """The bytes that went on to the other side because of this frame."""
        if self.sent is UNCHANGED:
            return self.data
        return self.sent or b""


class _Draft:
    """A `FrameRecord` in the making: to set the attributes of a frozen one takes five times as long."""

    __slots__ = tuple(field.name for field in fields(FrameRecord))


def frame_record(
    n: int,
    t: float,
    conn: int,
    direction: Direction,
    kind: str,
    data: bytes,
    xmlns: str | None,
    type_: str | None,
    id_: str | None,
    from_: str | None,
    to: str | None,
    namespaces: tuple[str, ...],
    context: StreamContext,
    sent: bytes | Literal[Unchanged.UNCHANGED] | None = UNCHANGED,
    *,
    injected: bool = False,
    waits: bool = False,
    redacted: tuple[str, ...] = (),
    repeated: bool = False,
) -> FrameRecord:
    """Make a `FrameRecord`, quickly."""
    draft: Any = _Draft()
    draft.n, draft.t, draft.conn, draft.dir, draft.kind, draft.data = (
        n,
        t,
        conn,
        direction,
        kind,
        data,
    )
    draft.xmlns, draft.type, draft.id, draft.from_, draft.to = xmlns, type_, id_, from_, to
    draft.ns, draft.context = namespaces, context
    draft.sent, draft.injected, draft.waits, draft.redacted = sent, injected, waits, redacted
    draft.repeated = repeated
    draft.__class__ = FrameRecord
    record: FrameRecord = draft
    return record


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionOpened:
    """A client connected to the proxy. Event `open`."""

    t: float
    conn: int
    client: str
    """HOST:PORT of the client."""
    server: str
    """Where its bytes shall go: HOST:PORT, or the domain to be looked up."""
    transport: str = "tcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class TLSEstablished:
    """A leg's TLS handshake is complete. Event `tls`."""

    t: float
    conn: int
    leg: Side
    version: str
    """As OpenSSL names it: `TLSv1.3`."""
    cipher: str
    alpn: str | None = None
    sni: str | None = None
    peer_sha256: str | None = None
    """Hex digest of the peer's certificate (DER)."""
    verified: bool | None = None
    """Whether the peer's certificate was verified; None where the peer shows none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionClosed:
    """A connection is over on both legs. Event `close`."""

    t: float
    conn: int
    by: str
    """`client`, `server` or `proxy`."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something is wrong: with a peer, with what it sent, with the way to it. Event `error`."""

    t: float
    conn: int | None = None
    error: str
    """A stable name, such as `not-well-formed`; xmppspy itself writes those of `ErrorName`."""
    detail: str = ""
    """One sentence for a person."""
    dir: Direction | None = None
    leg: Side | None = None
    offset: int | None = None
    """Bytes of the direction's current stream of bytes (the clear one, or the one inside TLS)
    before the place."""
    n: int | None = None
    """The frame it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FateDecided:
    """A frame written earlier was held or changed. Event `fate`."""

    t: float
    conn: int
    n: int
    action: Literal["forward", "drop", "replace", "duplicate"]
    sent: bytes | None = None
    """What left in its stead, for `replace` and `duplicate`."""
    held: float | None = None
    """Seconds it waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What xmppspy did or noticed, for a person. Event `note`."""

    t: float
    text: str
    conn: int | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A bookmark. Event `mark`."""

    t: float
    text: str
    conn: int | None = None
    n: int | None = None
    """The frame that is marked; None where a moment is."""
    removed: bool | None = None
    """Whether the earlier marks of that frame are taken back instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Records that could not be written. Event `gap`."""

    t: float
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """In a live view only: lines it did not get because it was slow. Event `skipped`."""

    t: float
    lost: int


Event: TypeAlias = (
    FrameRecord
    | ConnectionOpened
    | TLSEstablished
    | ConnectionClosed
    | Fault
    | FateDecided
    | Note
    | Mark
    | Gap
    | Skipped
)
"""Whatever stands on a line of a capture after its header."""


class StanzaRun(NamedTuple):
    """Several `FrameRecord`s in a row, in short: `runs.records` makes them of it.

    They are stanzas of the content namespace with which nothing is wrong; they came at once, and
    left as they came.
    """

    n: int
    """Number of the first one."""
    number: int
    """How many there are."""
    t: float
    conn: int
    dir: Direction
    data: bytes
    """The bytes of all of them."""
    context: StreamContext
    watch: Watch
    """What nothing of is in them."""
