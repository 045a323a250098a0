"""Connection: what the rules have to know of the past of a connection, kept once for all."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypeVar

from xmppspy.analysis.exchanges import Request
from xmppspy.analysis.legs import heard
from xmppspy.analysis.lint.finding import Place, place_of
from xmppspy.analysis.lint.frames import Mood
from xmppspy.analysis.lint.header import Header, read_header
from xmppspy.analysis.lint.keeping import Memories
from xmppspy.analysis.lint.offer import Offer, read_offer
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction, FrameRecord, Side, TLSEstablished
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.stanza import read

T = TypeVar("T")

Profile: TypeAlias = Literal["", "sasl", "sasl2", "legacy", "handshake"]
"""By what a client was authenticated."""

BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
BIND2: Final = "urn:xmpp:bind:0"
LEGACY_AUTH: Final = "jabber:iq:auth"
_BIND2_ALSO: Final = frozenset({BIND2, "urn:xmpp:bind2:0", "urn:xmpp:bind2:1"})
_MAX_SAID: Final = 1000
_LOOSE: Final = frozenset({"space", "comment", "pi", "text"})


@dataclass(slots=True)
class Way:
    """One direction of a connection, and the stream that is open in it."""

    header: Header | None = None
    headers: int = 0
    """How many headers there were."""
    last: FrameRecord | None = None
    """What came last, white space and such left out."""
    last_t: float | None = None
    """When anything came last."""
    closed: Place | None = None
    """The end tag, if it was sent, and no header after it."""
    failed: Place | None = None
    """The stream error, if one was sent."""


@dataclass(slots=True)
class Login:
    """How a client comes to be authenticated."""

    profile: Profile = ""
    """Empty until it is."""
    asked: Profile = ""
    """What is under way."""
    mechanism: str = ""
    """The one that the client has chosen last."""
    told: str = ""
    """The one that the server was told; another one where xmppspy logs in for the client."""
    restarted: bool = False
    """Whether the client has sent a header since it asked."""
    resumed: bool = False
    """Whether a session was resumed instead of binding a resource."""


Upgrade: TypeAlias = Literal["", "asked", "agreed"]
Binding: TypeAlias = Literal["", "asked", "bound"]
Management: TypeAlias = Literal["", "asked", "on"]


@dataclass(slots=True)
class Connection:
    """A connection as it stands before the frame that is looked at."""

    number: int
    begun: bool = False
    """Whether the capture has it from its beginning."""
    whole: bool = True
    """Whether no record was lost since."""
    opened: bool = False
    """Whether the capture has the event of its opening."""
    transport: str = "tcp"
    up: Way = field(default_factory=Way)
    """What the initiator sends."""
    down: Way = field(default_factory=Way)
    """What the initiator gets."""
    offer: Offer | None = None
    """The features of the open stream as the client saw them; None while there are none yet."""
    offered: Offer | None = None
    """The same as the server made them. xmppspy may change what is offered for logging in."""
    offers_due: bool = False
    """Whether the next element of the server has to be features."""
    tls: dict[Side, TLSEstablished] = field(default_factory=dict)
    upgrade: Upgrade = ""
    """STARTTLS; `agreed` from `<proceed/>` on."""
    login: Login = field(default_factory=Login)
    binding: Binding = ""
    management: Management = ""
    """Stream management."""
    resumable: bool = False
    """Whether the session outlives the connection."""
    resuming: bool = False
    compressed: bool = False
    mood: int = Mood.UNSETTLED.value
    """What `Frames.mood` is compared with."""
    said: set[object] = field(default_factory=set)
    """What is to be said once only, and was."""
    _memories: Memories = field(default_factory=Memories)

    # --- what the rules ask

    @property
    def certain(self) -> bool:
        """Whether all of it is known."""
        return self.begun and self.whole

    @property
    def kind(self) -> str:
        """`client`, `server` or `component`, by the content namespace."""
        header = self.up.header or self.down.header
        content = ns.CLIENT if header is None else header.context.content
        if content == ns.SERVER:
            return "server"
        return "component" if content.startswith("jabber:component:") else "client"

    @property
    def awaits_binding(self) -> bool:
        """Whether login is over, as far as one can see, and no resource bound or asked for."""
        offered = self.offer is not None and f"{{{BIND}}}bind" in self.offer.tags
        return not self.binding and (bool(self.login.profile) or offered)

    def way(self, direction: Direction) -> Way:
        """What goes that way."""
        return self.up if direction == "c2s" else self.down

    def against(self, direction: Direction) -> Way:
        """What goes the other way."""
        return self.down if direction == "c2s" else self.up

    def secured(self, side: Side) -> bool:
        """Whether TLS is up between that peer and the other one, or xmppspy."""
        return side in self.tls or self.upgrade == "agreed"

    def exposed(self, side: Side) -> bool:
        """Whether there is no TLS on that side, as far as the capture tells."""
        if self.secured(side) or self.transport != "tcp":
            return False
        return self.begun or (self.offer is not None and self.offer.starttls)

    def once(self, key: object) -> bool:
        """Whether this is the first time that it is asked; to say things once only.

        After very many different things, nothing is a first time any more.
        """
        if key in self.said or len(self.said) >= _MAX_SAID:
            return False
        self.said.add(key)
        return True

    def memory(self, kind: type[T]) -> T:
        """What a family of rules keeps in mind of this connection."""
        return self._memories.of(kind)

    # --- what happened

    def take(self, record: FrameRecord, answered: Request | None) -> None:
        """Take a frame, after all rules have seen it; `answered` is the request it answers."""
        way = self.way(record.dir)
        way.last_t = record.t
        if record.xmlns is None and record.kind in _LOOSE:
            return
        was_due = self.offers_due
        if record.dir == "s2c" and record.kind != "success":
            self.offers_due = False
        if record.xmlns is not None or record.kind not in STANZAS:
            self._take_other(record, way)
            self.mood = self._mood()
        elif (
            record.kind == "iq" and self._take_iq(record, answered)
        ) or was_due is not self.offers_due:
            self.mood = self._mood()
        way.last = record

    def _take_other(self, record: FrameRecord, way: Way) -> None:
        if record.kind == "stream":
            self._open(record, way)
        elif record.kind == "/stream":
            way.closed = place_of(record)
        elif record.xmlns is not None:
            self._take_nonza(record)
        elif record.kind == "handshake" and record.dir == "s2c":
            self.login.profile = "handshake"

    def _mood(self) -> int:
        login, offer = self.login, self.offer
        settled = bool(login.profile) and self.binding == "bound" and not self.offers_due
        seen = self.begun or self.up.headers or self.down.headers or login.asked or login.profile
        ends = (self.up.closed, self.up.failed, self.down.closed, self.down.failed)
        moods = (
            (Mood.UNSETTLED, not settled and bool(seen or self.upgrade)),
            (Mood.ENDED, any(ends)),
            (Mood.FEDERATED, self.kind != "client"),
            (Mood.MANAGED, bool(self.management)),
            (Mood.RESUMED, login.resumed),
            (Mood.LIMITED, offer is not None and offer.max_bytes is not None),
            (Mood.PREFIXED, _lends_content(self.up.header) or _lends_content(self.down.header)),
        )
        return sum(mood.value for mood, is_so in moods if is_so)

    def _open(self, record: FrameRecord, way: Way) -> None:
        way.header = read_header(record)
        way.headers += 1
        way.closed = way.failed = None
        if record.dir == "c2s":
            self.login.restarted = True
            return
        self.offer = self.offered = None
        self.offers_due = self._expects_features(way.header)

    def _expects_features(self, answer: Header) -> bool:
        version = answer.version
        asked = None if self.up.header is None else self.up.header.version
        is_late = self.up.header is not None and (asked is None or asked < (1, 0))
        return version is not None and version >= (1, 0) and not is_late

    def _take_nonza(self, record: FrameRecord) -> None:
        namespace, name = record.xmlns or "", record.kind
        if namespace == ns.STREAMS:
            self._take_stream_element(record)
        elif namespace == ns.TLS:
            self._upgrade(name)
        elif namespace in (ns.SASL, ns.SASL2):
            self._log_in(record, "sasl" if namespace == ns.SASL else "sasl2")
        elif namespace in (ns.SM, ns.SM_OLD):
            self._manage(record, name)
        elif namespace == ns.COMPRESS and name == "compressed":
            self.compressed = True

    def _take_stream_element(self, record: FrameRecord) -> None:
        if record.kind == "features" and record.dir == "s2c":
            self._take_offer(record)
        elif record.kind == "error":
            self.way(record.dir).failed = place_of(record)

    def _take_offer(self, record: FrameRecord) -> None:
        left = heard(record)
        self.offer = None if left is None else read_offer(left)
        if not record.injected:
            self.offered = self.offer if left is record else read_offer(record)

    def _upgrade(self, name: str) -> None:
        if name == "starttls":
            self.upgrade = "asked"
        elif name == "proceed":
            self.upgrade = "agreed"
        elif name == "failure":
            self.upgrade = ""

    def _log_in(self, record: FrameRecord, profile: Profile) -> None:
        login, name = self.login, record.kind
        if record.dir == "c2s":
            if name in ("auth", "authenticate"):
                login.asked, login.restarted = profile, False
                login.mechanism = _mechanism(record)
            left = heard(record)
            if left is not None and left.kind in ("auth", "authenticate"):
                login.told = login.mechanism if left is record else _mechanism(left)
        elif name == "failure":
            login.asked = ""
        elif name == "success":
            login.asked, login.profile = "", profile
            if profile == "sasl2":
                self._succeed(record)

    def _succeed(self, record: FrameRecord) -> None:
        """What comes with the success of SASL2 (XEP-0388 §2.6, XEP-0386, XEP-0198 §9)."""
        tree = read(record).element
        tags = set() if tree is None else {str(each.tag) for each in tree.iter("*")}
        if f"{{{ns.SM}}}resumed" in tags:
            self._manage(record, "resumed")
        else:
            self.offers_due = True
            if f"{{{ns.SM}}}enabled" in tags:
                self._manage(record, "enabled")
            if any(f"{{{each}}}bound" in tags for each in _BIND2_ALSO):
                self.binding = "bound"

    def _manage(self, record: FrameRecord, name: str) -> None:
        if name == "enable":
            self.management = "asked"
        elif name == "enabled":
            self.management = "on"
            self.resumable = _can_be_resumed(record)
        elif name == "resume":
            self.resuming = True
        elif name == "resumed":
            self.management, self.binding, self.resuming = "on", "bound", False
            self.login.resumed = self.resumable = True
        elif name == "failed":
            self.resuming = False
            self.management = "" if self.management == "asked" else self.management

    def _take_iq(self, record: FrameRecord, answered: Request | None) -> bool:
        """Follow resource binding and the legacy login; returns whether it is about them."""
        if BIND in record.ns:
            if record.dir == "c2s" and record.type == "set":
                self.binding = self.binding or "asked"
            elif record.dir == "s2c" and record.type == "result":
                self.binding = "bound"
            return True
        if record.dir == "c2s" or answered is None or answered.type != "set":
            return False
        if answered.namespace == BIND and record.type == "error":
            self.binding = ""
        elif answered.namespace == LEGACY_AUTH and record.type == "result":
            self.login.profile, self.binding = "legacy", "bound"
        return answered.namespace in (BIND, LEGACY_AUTH)


def _mechanism(record: FrameRecord) -> str:
    tree = read(record).element
    return "" if tree is None else str(tree.get("mechanism") or "")


def _lends_content(header: Header | None) -> bool:
    return header is not None and any(
        namespace in ns.CONTENT for namespace in header.context.prefixes.values()
    )


def _can_be_resumed(record: FrameRecord) -> bool:
    enabled = (each for each in sm_elements(record) if local_name(each) == "enabled")
    return any(each.get("resume") in ("true", "1") for each in enabled)


def is_stanza(record: FrameRecord) -> bool:
    """Whether it is a message, a presence or an iq of its stream."""
    return record.xmlns is None and record.kind in STANZAS


def tag_of(record: FrameRecord) -> str:
    """`{ns}name` of a first-level element."""
    return f"{{{record.xmlns or record.context.content}}}{record.kind}"
