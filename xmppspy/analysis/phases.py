"""Phases: the steps of a connection from TCP to the first presence, and how long each took."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.events import (
    ConnectionOpened,
    Event,
    FrameRecord,
    Gap,
    Mark,
    Side,
    Skipped,
    TLSEstablished,
)

Name: TypeAlias = Literal["tcp", "stream", "tls", "sasl", "bind", "sm", "roster", "presence"]

MAX_CONNECTIONS: Final = 1000
"""Of more, the oldest are forgotten."""
MAX_PHASES: Final = 50
"""Of one connection, for clients that try to log in again and again."""
MAX_OUTSTANDING: Final = 50

_BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
_BIND2: Final = "urn:xmpp:bind:"
_ROSTER: Final = "jabber:iq:roster"
_AUTH: Final = "jabber:iq:auth"
_SASL2: Final = "urn:xmpp:sasl:"
_IQ_PHASES: Final[dict[str, Name]] = {_BIND: "bind", _ROSTER: "roster", _AUTH: "sasl"}
_MAX_DETAIL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One step, done or failed.

    `tcp` is from the client's connection to the first thing that happened on it; `stream` from the
    first header to the first features; `tls` from `<starttls/>`, or what happened before it, to the
    client's handshake; `sasl` (also a legacy login, or a component's), `bind`, `sm` and `roster`
    from the question to the answer, and without duration where another step had it inline;
    `presence` is a moment.
    """

    name: Name
    began: float
    ended: float
    failed: bool = False
    detail: str = ""
    """TLS version, mechanism; `inline` or `resumed`."""

    @property
    def duration(self) -> float:
        """Seconds from its beginning to its end."""
        return max(self.ended - self.began, 0.0)


@dataclass(slots=True)
class _Connection:
    """How far a connection has come."""

    last: float
    """When something happened on it."""
    done: list[Phase] = field(default_factory=list)
    started: dict[str, tuple[float, str]] = field(default_factory=dict)
    """When a phase began that is not over, and its detail."""
    asked: Bounded[str, Name] = field(default_factory=lambda: Bounded(MAX_OUTSTANDING))
    """The phase that an iq of the client began, by its id."""

    def has(self, name: Name) -> bool:
        """Whether a phase was completed."""
        return any(phase.name == name and not phase.failed for phase in self.done)


class Phases:
    """Follows the phases of each connection. To be shown every event, in order."""

    def __init__(self) -> None:
        self._connections: Bounded[int, _Connection] = Bounded(MAX_CONNECTIONS)

    def of(self, conn: int) -> tuple[Phase, ...]:
        """The phases of a connection that are over, in the order of their ends."""
        found = self._connections.get(conn)
        return () if found is None else tuple(found.done)

    def see(self, event: Event) -> None:
        """Take the next event."""
        if isinstance(event, Gap | Skipped | Mark) or event.conn is None:
            return
        if isinstance(event, ConnectionOpened):
            connection = _Connection(event.t)
            connection.started["tcp"] = (event.t, "")
            self._connections.put(event.conn, connection)
            return
        found = self._connections.get(event.conn)
        if found is None:
            found = _Connection(event.t)
            self._connections.put(event.conn, found)
        _finish(found, "tcp", event.t)
        if isinstance(event, TLSEstablished):
            _secure(found, event)
        elif isinstance(event, FrameRecord):
            _see_frame(found, event)
        found.last = event.t


def _start(connection: _Connection, name: Name, t: float, detail: str = "") -> None:
    connection.started[name] = (t, detail)


def _finish(
    connection: _Connection, name: Name, t: float, detail: str = "", *, failed: bool = False
) -> None:
    """A phase is over; nothing happens where it had not begun."""
    if name in connection.started:
        began, known = connection.started.pop(name)
        _complete(connection, name, began, t, detail or known, failed=failed)


def _complete(
    connection: _Connection,
    name: Name,
    began: float,
    ended: float,
    detail: str,
    *,
    failed: bool = False,
) -> None:
    if len(connection.done) < MAX_PHASES and not connection.has(name):
        connection.done.append(
            Phase(name=name, began=began, ended=ended, failed=failed, detail=detail[:_MAX_DETAIL])
        )


def _secure(connection: _Connection, event: TLSEstablished) -> None:
    if event.leg is Side.CLIENT:
        # Without STARTTLS, the handshake began with what happened last.
        connection.started.setdefault("tls", (connection.last, ""))
        _finish(connection, "tls", event.t, event.version)


def _see_frame(connection: _Connection, record: FrameRecord) -> None:
    if record.kind == "iq":
        _see_iq(connection, record)
    elif record.dir == "c2s":
        _see_client(connection, record)
    else:
        _see_server(connection, record)
    for element in sm_elements(record):
        _manage(connection, record, local_name(element))


def _see_client(connection: _Connection, record: FrameRecord) -> None:
    if record.kind == "stream":
        if not connection.has("stream") and "stream" not in connection.started:
            _start(connection, "stream", record.t)
    elif record.kind == "starttls" and not record.injected:
        _start(connection, "tls", record.t)
    elif record.kind in ("auth", "authenticate") and _is_sasl(record):
        _start(connection, "sasl", record.t, _mechanism(record.data))
    elif record.kind == "handshake":
        _start(connection, "sasl", record.t, record.kind)
    elif record.kind == "presence" and record.type is None and not record.injected:
        _complete(connection, "presence", record.t, record.t, "")


def _see_server(connection: _Connection, record: FrameRecord) -> None:
    if record.kind == "features":
        _finish(connection, "stream", record.t)
    elif record.kind == "failure":
        name: Name = "tls" if record.xmlns == ns.TLS else "sasl"
        _finish(connection, name, record.t, failed=True)
    elif record.kind == "handshake":
        _finish(connection, "sasl", record.t)
    elif record.kind == "success" and _is_sasl(record):
        _finish(connection, "sasl", record.t)
        if any(namespace.startswith(_BIND2) for namespace in record.ns):
            _complete(connection, "bind", record.t, record.t, "inline")


def _see_iq(connection: _Connection, record: FrameRecord) -> None:
    if record.id is None:
        return
    if record.dir == "c2s" and record.type in ("get", "set") and record.ns:
        name = _IQ_PHASES.get(record.ns[0])
        is_login = record.ns[0] != _AUTH or record.type == "set"
        if name is not None and is_login and not connection.has(name):
            connection.asked.put(record.id, name)
            _start(connection, name, record.t, _AUTH if name == "sasl" else "")
    elif record.dir == "s2c" and record.type in ("result", "error"):
        name = connection.asked.pop(record.id)
        if name is not None:
            _finish(connection, name, record.t, failed=record.type == "error")


def _manage(connection: _Connection, record: FrameRecord, name: str) -> None:
    inline = record.kind == "success"
    if record.dir == "c2s":
        if record.kind in ("enable", "resume"):
            _start(connection, "sm", record.t)
    elif name in ("enabled", "resumed"):
        detail = "resumed" if name == "resumed" else "inline" if inline else ""
        connection.started.setdefault("sm", (record.t, ""))
        _finish(connection, "sm", record.t, detail)
    elif name == "failed":
        _finish(connection, "sm", record.t, failed=True)


def _is_sasl(record: FrameRecord) -> bool:
    namespace = record.xmlns or ""
    return namespace == ns.SASL or namespace.startswith(_SASL2)


def _mechanism(data: bytes) -> str:
    match = lex.TOKEN.match(data)
    region = b"" if match is None or match["start"] is None else match["attributes"]
    return dict(lex.attributes(region)).get("mechanism", "")
