"""What a check is shown: a frame, TLS that is up, a connection that is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from lxml import etree

from xmppspy.analysis.exchanges import Answer, Request
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.lint.connection import Connection, Header, read_header
from xmppspy.analysis.responders import same
from xmppspy.analysis.streammanagement import Acknowledgement
from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.tree import Element
from xmppspy.protocol.events import ConnectionClosed, FrameRecord, TLSEstablished
from xmppspy.protocol.framing import Flaw

T = TypeVar("T")

MASK = "***"
"""How masked values look."""


class Memories:
    """What families of rules keep in mind of the whole capture, one of each kind."""

    def __init__(self) -> None:
        self._kept: dict[type, object] = {}

    def of(self, kind: type[T]) -> T:
        """The one of that kind."""
        found = self._kept.get(kind)
        if not isinstance(found, kind):
            found = self._kept[kind] = kind()
        return found


class Sight:
    """A frame, and what was known before it."""

    def __init__(
        self,
        record: FrameRecord,
        conn: Connection,
        me: Identity,
        capture: Memories,
        root: Element | None,
        flaw: Flaw | None,
    ) -> None:
        self.record = record
        self.conn = conn
        self.me = me
        """Whose connection it is, as far as this frame and those before it tell."""
        self.capture = capture
        self.root = root
        """The element; None where there is none that can be relied on."""
        self.flaw = flaw
        """What keeps it from being well-formed."""
        self.answer: Answer | None = None
        """How an iq answer stands to requests."""
        self.acknowledged: Acknowledgement | None = None
        """What to think of the `h` in it, if it says one."""

    @property
    def tree(self) -> Element:
        """The element, for checks that are only shown frames which have one."""
        root = self.root
        assert root is not None  # noqa: S101 - the linter sees to it
        return root

    @cached_property
    def children(self) -> list[Element]:
        """The element's child elements."""
        return list(tree.children(self.tree))

    @cached_property
    def header(self) -> Header:
        """A stream header, taken apart."""
        return read_header(self.record)

    @property
    def stamp(self) -> str:
        """`{content namespace}`, to compare tags with."""
        return f"{{{self.record.xmlns or self.record.context.content}}}"

    def child(self, namespace: str, name: str) -> Element | None:
        """The first child of that name."""
        return tree.of(self.tree, namespace, name)

    def own(self, name: str) -> list[Element]:
        """The children in the element's own namespace, such as `body` of a message."""
        tag = str(self.tree.tag)
        return list(
            self.tree.iterchildren(tag[: tag.index("}") + 1] + name if "}" in tag else name)
        )

    def masks(self, name: str) -> bool:
        """Whether a value of that element or attribute was masked."""
        return any(place.endswith((f"}}{name}", f"@{name}")) for place in self.record.redacted)

    @property
    def up(self) -> bool:
        """Whether the connection's initiator sent it."""
        return self.record.dir == "c2s"

    @property
    def peer(self) -> str | None:
        """Whom a client's stanza is for, or whom it is from: the other one's address."""
        return self.record.to if self.record.dir == "c2s" else self.record.from_


@dataclass(frozen=True, slots=True)
class Secured:
    """TLS is up on a leg."""

    event: TLSEstablished
    conn: Connection


@dataclass(frozen=True, slots=True)
class Ending:
    """A connection is over, or the capture is."""

    conn: Connection
    closed: ConnectionClosed | None
    """None where the capture ends without its end."""
    t: float
    me: Identity
    unconfirmed_up: Sequence[int]
    """Frames of the initiator that were not acknowledged by stream management."""
    unconfirmed_down: Sequence[int]
    """The other side's."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An iq request that nobody will answer any more."""

    request: Request
    conn: Connection | None
    """What is known of its connection, if that is not forgotten."""
    me: Identity
    waited: float
    """Seconds."""


def find(root: etree._Element, tag: str) -> Element | None:
    """The first descendant of that tag, or the element itself."""
    return next(root.iter(tag), None)


def owns(me: Identity, jid: str) -> bool:
    """Whether it is an address of the account, with any resource or none."""
    if me.bare is None:
        return False
    return jid in (me.full, me.bare) or same(jid.partition("/")[0], me.bare)
