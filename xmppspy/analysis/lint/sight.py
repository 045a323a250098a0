"""What a check is shown: a frame, TLS that is up, a connection that is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from xmppspy.analysis.exchanges import Answer, Request
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.lint.connection import Connection
from xmppspy.analysis.lint.header import Header, read_header
from xmppspy.analysis.lint.keeping import Memories
from xmppspy.analysis.responders import same
from xmppspy.analysis.streammanagement import Acknowledgement
from xmppspy.analysis.words import word
from xmppspy.protocol.events import ConnectionClosed, FrameRecord, TLSEstablished
from xmppspy.protocol.framing import Flaw
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.readable import Element

MASK = "***"
"""How masked values look."""


class Sight:
    """A frame, and what was known before it."""

    __slots__ = (
        "_children", "_content", "_header", "acknowledged", "answer", "capture", "conn", "flaw",
        "me", "record", "root", "up",
    )  # fmt: skip

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
        self.up = record.dir == "c2s"
        """Whether the connection's initiator sent it."""
        self._children: list[Element] | None = None
        self._content: dict[str, list[Element]] | None = None
        self._header: Header | None = None

    @property
    def tree(self) -> Element:
        """The element, for checks that are only shown frames which have one."""
        root = self.root
        assert root is not None  # noqa: S101 - the linter sees to it
        return root

    @property
    def children(self) -> list[Element]:
        """The element's child elements."""
        if self._children is None:
            self._look_inside()
        return self._children or []

    @property
    def content(self) -> dict[str, list[Element]]:
        """The children in the element's own namespace, such as `body` of a message, by name."""
        if self._content is None:
            self._look_inside()
        return self._content or {}

    def _look_inside(self) -> None:
        root = self.tree
        start = str(root.tag).rpartition("}")[0] + "}"
        children: list[Element] = []
        content: dict[str, list[Element]] = {}
        # As in `tree`: a slice is the quickest look; it holds comments too.
        inside: list[Element] = root[:]  # type: ignore[index, assignment]
        for each in inside:
            tag = each.tag
            if isinstance(tag, str):
                children.append(each)
                if tag.startswith(start):
                    content.setdefault(tag[len(start) :], []).append(each)
        self._children, self._content = children, content

    @property
    def header(self) -> Header:
        """A stream header, taken apart."""
        if self._header is None:
            self._header = read_header(self.record)
        return self._header

    def child(self, namespace: str, name: str) -> Element | None:
        """The first child of that name."""
        tag = f"{{{namespace}}}{name}"
        for each in self.children:
            if each.tag == tag:
                return each
        return None

    def own(self, name: str) -> Sequence[Element]:
        """The children of that name in the element's own namespace."""
        return self.content.get(name, ())

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


def named(record: FrameRecord) -> str:
    """What a frame is called in a finding: `an iq`, `<r>`, `</stream:stream>`, `16 bytes`."""
    if record.xmlns is None and record.kind in STANZAS:
        return "an iq" if record.kind == "iq" else f"a {record.kind}"
    if record.kind == "stream":
        return "a header"
    if record.kind == "/stream":
        return "</stream:stream>"
    if record.data[:1] != b"<" or record.kind in ("opaque", "partial", "comment", "pi"):
        return f"{len(record.data):,} bytes"
    return f"<{word(record.kind)}>"


def owns(me: Identity, jid: str) -> bool:
    """Whether it is an address of the account, with any resource or none."""
    if me.bare is None:
        return False
    return jid in (me.full, me.bare) or same(jid.partition("/")[0], me.bare)
