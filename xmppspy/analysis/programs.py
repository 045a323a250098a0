"""Programs: which software speaks at both ends of a connection, as far as it says so itself."""

from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import joined, word
from xmppspy.protocol.events import Event, FrameRecord, Side
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import read

MAX_CONNECTIONS: Final = 1000
"""Of more, the oldest are forgotten."""

_VERSION: Final = "jabber:iq:version"
_DISCO: Final = "http://jabber.org/protocol/disco#info"
_CAPS: Final = "http://jabber.org/protocol/caps"
_SASL2: Final = "urn:xmpp:sasl:"
_SIDES: Final = {"c2s": Side.CLIENT, "s2c": Side.SERVER}


@dataclass(slots=True)
class _Names:
    """What a connection's ends call themselves, and how well that tells what they are."""

    names: dict[Side, tuple[int, str]] = field(default_factory=dict)

    def learn(self, side: Side, rank: int, name: str) -> None:
        """Take a name, unless a better one is known."""
        if name and rank >= self.names.get(side, (0, ""))[0]:
            self.names[side] = rank, name


class Programs:
    """Learns the programs of each connection. Show every event to `identities` first.

    The best word is an answer about the version (XEP-0092), then what a client tells at its login
    (XEP-0388), then the name of an identity (XEP-0030), then the node of its capabilities
    (XEP-0115).
    """

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._connections: Bounded[int, _Names] = Bounded(MAX_CONNECTIONS)

    def of(self, conn: int, side: Side) -> str:
        """`Prosody 0.12.3`; empty while it is not known."""
        found = self._connections.get(conn)
        return "" if found is None else found.names.get(side, (0, ""))[1]

    def see(self, event: Event) -> None:
        """Take the next event."""
        if not isinstance(event, FrameRecord) or event.injected:
            return
        if event.kind == "iq" and event.type == "result" and self._is_of_an_end(event):
            self._see_answer(event)
        elif event.kind == "presence" and event.dir == "c2s" and _CAPS in event.ns:
            self._learn(event, 1, _node(event))
        elif event.kind == "authenticate" and (event.xmlns or "").startswith(_SASL2):
            self._learn(event, 3, _agent(event))

    def _is_of_an_end(self, record: FrameRecord) -> bool:
        """Whether it comes from the client or the server itself, not from somebody behind it."""
        if record.dir == "c2s" or record.from_ is None:
            return True
        return self._identities.of(record.conn).shorten(record.from_) in ("srv", "me")

    def _see_answer(self, record: FrameRecord) -> None:
        if _VERSION in record.ns:
            self._learn(record, 4, _version(record))
        elif _DISCO in record.ns:
            self._learn(record, 2, _identity(record))

    def _learn(self, record: FrameRecord, rank: int, name: str) -> None:
        found = self._connections.get(record.conn)
        if found is None:
            found = _Names()
            self._connections.put(record.conn, found)
        found.learn(_SIDES[record.dir], rank, name)


def _payload(record: FrameRecord, namespace: str, name: str) -> Element | None:
    root = read(record).element
    return None if root is None else tree.of(root, namespace, name)


def _version(record: FrameRecord) -> str:
    query = _payload(record, _VERSION, "query")
    return joined(word(tree.child_text(query, name)) for name in ("name", "version"))


def _identity(record: FrameRecord) -> str:
    query = _payload(record, _DISCO, "query")
    # A node with a hash stands for all that the entity is (XEP-0115 §6.2), any other for a part.
    if query is None or (query.get("node") and "#" not in (query.get("node") or "")):
        return ""
    wanted = "client" if record.dir == "c2s" else "server"
    for identity in tree.children(query, "identity"):
        if identity.get("category") == wanted:
            return word(identity.get("name"))
    return ""


def _node(record: FrameRecord) -> str:
    """The node of capabilities, which is the address of a program's page as a rule."""
    caps = _payload(record, _CAPS, "c")
    node = "" if caps is None else caps.get("node") or ""
    return word(node.removeprefix("https://").removeprefix("http://").rstrip("/#"))


def _agent(record: FrameRecord) -> str:
    root = read(record).element
    agent = None if root is None else tree.child(root, "user-agent")
    return word(tree.child_text(agent, "software"))
