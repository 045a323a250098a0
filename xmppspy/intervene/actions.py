"""Actions: what a rule does to a frame, as what it adds to the verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from xmppspy.intervene import replies
from xmppspy.intervene.changes import Change
from xmppspy.intervene.edits import edited
from xmppspy.intervene.patterns import Pattern
from xmppspy.intervene.trouble import TroubleError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord, Side
from xmppspy.protocol.toxics import Latency, Toxic
from xmppspy.protocol.verdicts import FORWARD, End, Verdict

if TYPE_CHECKING:
    from xmppspy.filters.places import Selector


@dataclass(frozen=True, slots=True)
class Scene:
    """What an action may know of the moment."""

    frame: FrameRecord
    """As it would leave by now, after the actions before."""
    received: FrameRecord
    opposite: StreamContext
    """The stream of the other direction."""
    draws: Callable[[], Random]
    """What chance is taken from, the same at every repetition."""
    new_id: Callable[[], str]


Act: TypeAlias = Callable[[Scene], Verdict]
"""What is added to the verdict on a frame; raises `TroubleError` when it cannot be done to it."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a rule does."""

    words: str
    """What it is, for listings and notes."""
    act: Act
    is_last: bool = False
    """Whether no further rule is looked at."""
    is_silent: bool = False
    """Whether it needs no note of its own."""
    toxic: Toxic | None = None
    """What it does to all bytes of a direction, if it can be done to them."""

    def __str__(self) -> str:
        return self.words


def always(verdict: Verdict) -> Act:
    """The same, whatever the frame."""
    return lambda _: verdict


def fault(toxic: Toxic) -> Act:
    """Something is wrong with the line, from this frame on; a latency is of this frame alone."""
    if not isinstance(toxic, Latency):
        return always(Verdict(toxics=(toxic,)))
    latency, jitter = toxic.latency, toxic.jitter
    if not jitter:
        return always(Verdict(delay=latency))
    return lambda scene: Verdict(delay=max(latency + scene.draws().uniform(-jitter, jitter), 0.0))


def replacement(target: "Selector", change: Change) -> Act:
    """Parts of the frame change, if any are selected; all other bytes stay."""

    def act(scene: Scene) -> Verdict:
        data = edited(scene.frame, target, change)
        return FORWARD if data == scene.frame.data else Verdict(data=data or None)

    return act


def result(payload: str) -> Act:
    """An IQ request does not go on; its sender gets a result."""
    return lambda scene: _answer(replies.result(scene.received, scene.opposite, payload))


def error(condition: str, type_: str, text: str) -> Act:
    """A stanza does not go on; its sender gets an error."""
    return lambda scene: _answer(
        replies.error(scene.received, scene.opposite, condition, type_, text)
    )


def answer(pattern: Pattern) -> Act:
    """The frame does not go on; its sender gets what the pattern makes of it."""
    return lambda scene: _answer(pattern.elements(scene.received, scene.new_id, scene.opposite))


def _answer(data: bytes) -> Verdict:
    return Verdict(data=None, back=data)


def injection(pattern: Pattern, to: Side | None) -> Act:
    """Elements of our own follow the frame, or go back to its sender; None: they follow."""

    def act(scene: Scene) -> Verdict:
        frame = scene.received
        if to is None or to.other.direction == frame.dir:
            return Verdict(behind=pattern.elements(frame, scene.new_id, frame.context))
        return Verdict(back=pattern.elements(frame, scene.new_id, scene.opposite))

    return act


def refusal(scene: Scene) -> Verdict:
    """`<starttls/>` is answered as by a server without TLS, which closes the connection."""
    frame = scene.received
    if (frame.kind, frame.xmlns) != ("starttls", ns.TLS):
        raise TroubleError(f"only <starttls/> can be refused, this is <{frame.kind}>")
    return Verdict(data=None, back=replies.starttls_refusal(scene.opposite), end=End.CLOSE)
