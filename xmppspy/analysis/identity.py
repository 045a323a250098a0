"""Identity: whose connection it is, so that its own addresses can be told from others.

What a connection's own address is, its stream header does not say. It is learnt from what the
server grants: a bound resource (RFC 6120 §7.6), SASL2's authorization identifier with or without
Bind 2 (XEP-0388, XEP-0386), a legacy login (XEP-0078), a session that is resumed (XEP-0198 §5).
"""

from typing import Final, Literal, NamedTuple, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import ConnectionOpened, Event, FrameRecord
from xmppspy.protocol.jid import JID, flaw
from xmppspy.protocol.stanza import read

Kind: TypeAlias = Literal["client", "server", "component"]

MAX_CONNECTIONS: Final = 1000
"""Of more, the oldest are forgotten: their addresses are no longer shortened."""
MAX_RESUMABLE: Final = 1000

_BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
_AUTH: Final = "jabber:iq:auth"
_AUTHORIZATION: Final = frozenset({"authorization-identifier", "authorization-identity"})
"""The second is what the examples of XEP-0484 and XEP-0509 say."""
_COUNTS: Final = frozenset({"r", "a"})
"""Frames of stream management that tell nothing of sessions, and of which there are many."""
_KINDS: Final[dict[str, Kind]] = {
    ns.SERVER: "server",
    ns.COMPONENT_ACCEPT: "component",
    ns.COMPONENT_CONNECT: "component",
}


class Identity(NamedTuple):
    """What is known of the initiator of a connection. Addresses are as they were written."""

    kind: Kind = "client"
    """By the content namespace of its streams."""
    domain: str | None = None
    """Of a client: its server. Of a component: itself. Of a server: None."""
    bare: str | None = None
    """The account, or the component."""
    full: str | None = None
    """The account with the resource that this connection is bound to."""

    def shorten(self, jid: str) -> str:
        """`me` for the account, `me/phone` for its resources, `srv` for its server.

        Any other address is given back as it is. Addresses are compared as RFC 7622 says.
        """
        bare, slash, resource = jid.partition("/")
        compared = _compared(bare)
        if self.bare is not None and compared == _compared(self.bare):
            return f"me/{resource}" if slash else "me"
        if self.domain is not None and not slash and compared == _compared(self.domain):
            return "srv"
        return jid

    def named(self, jid: str) -> "Identity":
        """The same connection, of which the account's address is known now."""
        bare, slash, _ = jid.partition("/")
        domain = bare.rpartition("@")[2]
        return self._replace(domain=domain, bare=bare, full=jid if slash else self.full)


def _compared(bare: str) -> str:
    """A bare JID in the form in which two are compared."""
    if bare.isascii():
        return bare.lower().removesuffix(".")
    address = JID.read(bare)
    return address.domain if address.local is None else f"{address.local}@{address.domain}"


UNKNOWN: Final = Identity()
"""Of a connection of which nothing was seen."""


class _Connection:
    def __init__(self, identity: Identity = UNKNOWN) -> None:
        self.identity = identity
        self.login: tuple[str | None, str] | None = None
        """The id of a legacy login that is not answered yet, and the address that it is about."""


class Identities:
    """Learns the identity of each connection. To be shown every event, in order."""

    def __init__(self) -> None:
        self._connections: Bounded[int, _Connection] = Bounded(MAX_CONNECTIONS)
        self._resumable: Bounded[str, Identity] = Bounded(MAX_RESUMABLE)

    def of(self, conn: int) -> Identity:
        """What is known by now of a connection."""
        found = self._connections.get(conn)
        return UNKNOWN if found is None else found.identity

    def see(self, event: Event) -> None:
        """Take the next event."""
        if isinstance(event, ConnectionOpened):
            self._connections.put(event.conn, _Connection())
        elif isinstance(event, FrameRecord):
            self._see_frame(event)

    def _see_frame(self, record: FrameRecord) -> None:
        if record.kind == "stream":
            self._begin(record)
        elif record.kind == "iq":
            self._see_iq(record)
        elif record.dir == "s2c" and record.xmlns is not None and record.kind not in _COUNTS:
            if record.kind == "success" and record.xmlns != ns.SASL:
                self._authorize(record)
            self._manage(record)

    def _connection(self, record: FrameRecord) -> _Connection:
        found = self._connections.get(record.conn)
        if found is None:
            found = _Connection()
            self._connections.put(record.conn, found)
        return found

    def _begin(self, record: FrameRecord) -> None:
        connection = self._connection(record)
        kind = _KINDS.get(record.context.content, "client")
        identity = connection.identity._replace(kind=kind)
        named = record.to if record.dir == "c2s" else record.from_
        if kind == "component":
            named = named or identity.bare
            identity = identity._replace(bare=named, domain=named)
        elif kind == "client" and identity.bare is None:
            identity = identity._replace(domain=named or identity.domain)
        connection.identity = identity

    # --- addresses that the server grants

    def _see_iq(self, record: FrameRecord) -> None:
        if record.dir == "c2s":
            if record.type == "set" and _AUTH in record.ns:
                self._ask(record)
        elif record.type == "result":
            if _BIND in record.ns:
                self._name(record, _text(record, f"{{{_BIND}}}jid"))
            else:
                self._answer(record)

    def _ask(self, record: FrameRecord) -> None:
        user = _text(record, f"{{{_AUTH}}}username")
        resource = _text(record, f"{{{_AUTH}}}resource")
        connection = self._connection(record)
        domain = connection.identity.domain or record.to
        if user and domain:
            jid = f"{user}@{domain}" + (f"/{resource}" if resource else "")
            connection.login = (record.id, jid)

    def _answer(self, record: FrameRecord) -> None:
        connection = self._connections.get(record.conn)
        if connection is not None and connection.login and connection.login[0] == record.id:
            self._name(record, connection.login[1])

    def _authorize(self, record: FrameRecord) -> None:
        tree = read(record).element
        for element in () if tree is None else tree.iterchildren("{*}*"):
            if local_name(element) in _AUTHORIZATION:
                self._name(record, (element.text or "").strip())

    def _name(self, record: FrameRecord, jid: str) -> None:
        connection = self._connection(record)
        if connection.identity.kind != "client" or flaw(jid) is not None:
            return
        named = connection.identity.named(jid)
        # Anybody may send an iq with such a payload; only the server's own counts.
        if record.from_ is None or named.shorten(record.from_) != record.from_:
            connection.identity = named
            connection.login = None

    def _manage(self, record: FrameRecord) -> None:
        """Sessions that can be resumed, and that are."""
        for element in sm_elements(record):
            connection, name = self._connection(record), local_name(element)
            if name == "enabled" and (session := element.get("id")):
                self._resumable.put(session, connection.identity)
            elif name == "resumed":
                resumed = self._resumable.get(element.get("previd") or "")
                if resumed is not None and resumed.full is not None:
                    connection.identity = resumed


def _text(record: FrameRecord, tag: str) -> str:
    """The text of the first element of that name, empty when there is none."""
    tree = read(record).element
    found = None if tree is None else next(tree.iter(tag), None)
    return "" if found is None else (found.text or "").strip()
