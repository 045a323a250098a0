"""Rules: what is wrong in XMPP, where it is written, and how it is noticed.

A rule is declared as a constant; the functions that notice its breaches are attached to it by
decorators, which say what they have to be shown. Such a function gives a sentence, or a `Breach`,
for each breach it finds, and changes nothing but what it alone keeps.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from xmppspy.protocol.events import Direction, Fault, FrameRecord

if TYPE_CHECKING:
    from xmppspy.analysis.exchanges import Request
    from xmppspy.analysis.lint.sight import Ending, Secured, Sight, Unanswered

STANZAS: Final = frozenset({"message", "presence", "iq"})


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """A peer breaks a requirement: others may refuse what it sends, or misread it."""
    WARNING = "warning"
    """Against a recommendation, insecure, or out of date."""
    INFO = "info"
    """Worth knowing: unusual, or a chance that is missed."""

    def reaches(self, lowest: "Severity") -> bool:
        """Whether it is at least as bad as `lowest`."""
        order = list(Severity)
        return order.index(self) <= order.index(lowest)


class Place(NamedTuple):
    """What a finding points at: a frame, or a moment of a connection."""

    conn: int
    t: float
    dir: Direction | None = None
    n: int | None = None
    """Number of the frame; None where it is about no frame."""


def place_of(where: "FrameRecord | Request") -> Place:
    """Where a frame is."""
    return Place(where.conn, where.t, where.dir, where.n)


@dataclass(frozen=True, slots=True)
class Breach:
    """What a check noticed, when it is more than a sentence about the frame at hand."""

    message: str
    severity: Severity | None = None
    """Another one than the rule's."""
    place: Place | None = None
    """Elsewhere than at the frame at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule, and where it was broken."""

    rule: str
    severity: Severity
    conn: int
    dir: Direction | None
    n: int | None
    t: float
    ref: str
    """The section of the specification."""
    message: str
    """One sentence about this breach. It quotes the traffic, made harmless for terminals."""


class Mood(IntFlag):
    """How a connection stands. A check that asks for moods is spared all other frames."""

    UNSETTLED = 1
    """Login and resource binding are not over, or features are due."""
    ENDED = 2
    """A side has closed its stream, or has sent a stream error."""
    FEDERATED = 4
    """It is between servers, or a component's."""
    MANAGED = 8
    """Stream management is enabled, or asked for."""
    RESUMED = 16
    """It goes on with a session of stream management."""
    LIMITED = 32
    """The server has announced how large a stanza may be."""
    PREFIXED = 64
    """A header declares a prefix for a content namespace."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Which frames a check is to be shown; what is left empty does not restrict them."""

    kinds: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    """Kinds that are not among them."""
    types: frozenset[str | None] = frozenset()
    own: frozenset[str] = frozenset()
    """Namespaces of the element itself; stanzas have none."""
    holding: frozenset[str] = frozenset()
    """Namespaces of children."""
    way: Direction | None = None
    content: bool | None = None
    """Only elements of the stream's content namespace, or only others."""
    raw: bool = False
    """Also what is not well-formed, or no element at all."""
    flawed: bool = False
    """Only what is not well-formed, or not framed, or forbidden."""
    mood: int = 0
    """Any of these (`Mood`); 0 for whatever mood."""
    only: Callable[[FrameRecord], bool] | None = None
    """A further condition on the same things, and on whether there is a `from`. It is asked once
    for all frames that are alike in them."""
    text: tuple[bytes, ...] = ()
    """Any of these stands in the bytes; a quick look before the check."""

    def cover(self, frame: FrameRecord) -> bool:
        """Whether the frame is among them by what stands beside its bytes."""
        return (
            (not self.kinds or frame.kind in self.kinds)
            and frame.kind not in self.but
            and (not self.types or frame.type in self.types)
            and (not self.own or frame.xmlns in self.own)
            and (not self.holding or not self.holding.isdisjoint(frame.ns))
            and (self.way is None or frame.dir == self.way)
            and (self.content is None or self.content is (frame.xmlns is None))
            and (self.only is None or self.only(frame))
        )


def stanza(
    *kinds: str,
    types: Iterable[str | None] = (),
    holding: Iterable[str] = (),
    way: Direction | None = None,
    mood: int = 0,
    only: Callable[[FrameRecord], bool] | None = None,
    text: tuple[bytes, ...] = (),
) -> Frames:
    """Stanzas of the named kinds, or of all three."""
    return Frames(
        kinds=frozenset(kinds) or STANZAS,
        types=frozenset(types),
        holding=frozenset(holding),
        way=way,
        content=True,
        mood=mood,
        only=only,
        text=text,
    )


def element(*namespaces: str, names: Iterable[str] = (), way: Direction | None = None) -> Frames:
    """First-level elements of namespaces of their own."""
    return Frames(kinds=frozenset(names), own=frozenset(namespaces), way=way)


def raw(*kinds: str, way: Direction | None = None, mood: int = 0) -> Frames:
    """Frames as they came, whether they can be read as elements or not."""
    return Frames(kinds=frozenset(kinds), way=way, raw=True, mood=mood)


Said: TypeAlias = str | Breach
FrameCheck: TypeAlias = "Callable[[Sight], Iterable[Said]]"
TLSCheck: TypeAlias = "Callable[[Secured], Iterable[Said]]"
EndCheck: TypeAlias = "Callable[[Ending], Iterable[Said]]"
FaultCheck: TypeAlias = "Callable[[Fault], Iterable[Said]]"
RequestCheck: TypeAlias = "Callable[[Unanswered], Iterable[Said]]"


class Rule:
    """One rule, with its checks."""

    def __init__(
        self,
        id_: str,
        severity: Severity,
        ref: str,
        title: str,
        *,
        lesser: Severity | None = None,
        unseen: str = "",
    ) -> None:
        self.id = id_
        self.severity = severity
        self.ref = ref
        """The section of the specification, as people cite it."""
        self.title = title
        """What is wrong, in a few words."""
        self.lesser = lesser
        """The severity of its milder breaches, where there are such."""
        self.unseen = unseen
        """Why no capture can show it; empty for those that are checked."""
        self.frame_checks: list[tuple[Frames, FrameCheck]] = []
        self.tls_checks: list[TLSCheck] = []
        self.fault_checks: list[FaultCheck] = []
        self.end_checks: list[EndCheck] = []
        self.request_checks: list[RequestCheck] = []

    def on(self, frames: Frames) -> Callable[[FrameCheck], FrameCheck]:
        """Have the function shown such frames, with what was known before each."""

        def attach(check: FrameCheck) -> FrameCheck:
            self.frame_checks.append((frames, check))
            return check

        return attach

    def on_tls(self, check: TLSCheck) -> TLSCheck:
        """Have the function told when TLS is up on a leg."""
        self.tls_checks.append(check)
        return check

    def on_fault(self, check: FaultCheck) -> FaultCheck:
        """Have the function told of what xmppspy itself found wrong with a connection."""
        self.fault_checks.append(check)
        return check

    def at_end(self, check: EndCheck) -> EndCheck:
        """Have the function told when a connection is over, or the capture."""
        self.end_checks.append(check)
        return check

    def on_unanswered(self, check: RequestCheck) -> RequestCheck:
        """Have the function told of an iq request that nobody will answer any more."""
        self.request_checks.append(check)
        return check

    def __repr__(self) -> str:
        return f"<Rule {self.id}: {self.title}>"


class Follower(NamedTuple):
    """A function that keeps in mind what the checks of a family need to know later.

    It is shown each such frame after all checks.
    """

    frames: Frames
    follow: "Callable[[Sight], None]"


def follows(frames: Frames) -> "Callable[[Callable[[Sight], None]], Follower]":
    """Make a function a `Follower`."""

    def make(function: "Callable[[Sight], None]") -> Follower:
        return Follower(frames, function)

    return make
