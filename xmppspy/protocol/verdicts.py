"""Verdicts: what becomes of a frame on its way, and who may pass them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol, TypeAlias

from xmppspy.protocol.events import UNCHANGED, Direction, Unchanged
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.toxics import Toxic


class End(StrEnum):
    """How a connection is ended on both legs."""

    CLOSE = "close"
    """In order: all that has been sent leaves, then close_notify and FIN."""
    RESET = "reset"
    """By RST, at once."""

    def by(self, who: str) -> str:
        """The reason that a capture gives: `closed by a rule`."""
        return f"{'reset' if self is End.RESET else 'closed'} by {who}"


@dataclass(frozen=True, slots=True)
class Hold:
    """The frame waits for a person, who says by `Session.decide` what becomes of it."""

    seconds: float = 30.0
    """How long, at most, so that the session outlives an absent person."""
    drops: bool = False
    """What then becomes of it: it is dropped; else it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one frame. Without arguments: it goes on as it came.

    The parts are carried out in this order: the frame waits (`delay`, `hold`), leaves (`data`,
    `copies`), what is `behind` follows, its sender gets `back`, the `toxics` begin to work on its
    direction, and the connection may `end`.
    """

    data: bytes | Literal[Unchanged.UNCHANGED] | None = UNCHANGED
    """What leaves in its stead; None: nothing."""
    copies: int = 1
    """How often it leaves, from 1."""
    delay: float = 0.0
    """Seconds, from its arrival, that it waits before anything else; its direction waits behind."""
    overtaken: bool = False
    """Whether it lets the next stanza of its direction go first, if one comes within a second."""
    hold: Hold | None = None
    behind: bytes = b""
    """Elements of our own that follow it."""
    back: bytes = b""
    """Elements of our own for its sender, such as an answer in the other side's place."""
    toxics: tuple[Toxic, ...] = ()
    end: End | None = None
    ender: str = field(default="a rule", compare=False)
    """Who wants the end, for the capture; verdicts that differ in nothing else are equal."""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def then(self, later: "Verdict") -> "Verdict":
        """Both verdicts: where they disagree the later one counts, what can be added up is."""
        return Verdict(
            data=self.data if later.data is UNCHANGED else later.data,
            copies=self.copies if later.copies == 1 else later.copies,
            delay=self.delay + later.delay,
            overtaken=self.overtaken or later.overtaken,
            hold=later.hold or self.hold,
            behind=self.behind + later.behind,
            back=self.back + later.back,
            toxics=self.toxics + later.toxics,
            end=later.end or self.end,
            ender=later.ender if later.end else self.ender,
            notes=self.notes + later.notes,
            marks=self.marks + later.marks,
        )


FORWARD: Final = Verdict()
"""It goes on as it came. Compared by identity where every frame counts: return this very one."""

DROP: Final = Verdict(data=None)
"""Nothing of it leaves."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Somebody else is being asked, who answers by `Session.settle(ticket, verdict)`.

    The frame waits, and its direction behind it.
    """

    ticket: int
    """By which the answer names it; unique within the session."""
    seconds: float
    """How long an answer is waited for."""
    otherwise: Verdict = FORWARD
    """What becomes of the frame without an answer."""


Judgement: TypeAlias = Verdict | Undecided


class Interceptor(Protocol):
    """One who may pass verdicts on the frames of one session.

    Of a frame that arrives in pieces it is asked at the start tag whether it wants the whole;
    every whole frame of which nothing has left is for it to judge, once. Bytes without boundaries
    (`opaque`), the client's first header, and whatever xmppspy says itself are not judged, nor is
    a stanza that comes again after a resumption (XEP-0198) and was dropped or edited before.
    """

    @property
    def idle(self) -> bool:
        """Whether it forwards everything at present: then it is not asked, which costs nothing."""

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Whether the frame could be anything but forwarded.

        `head` is the frame as far as its start tag tells: its `data` is the start tag alone and
        its `ns` is empty. A frame nobody wants leaves byte by byte as it arrives.
        """

    def judge(self, direction: Direction, frame: Frame, now: float) -> Judgement:
        """The verdict on a whole frame; `FORWARD` for the usual one."""
