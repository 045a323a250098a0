"""Filter: one text of the filter language, compiled."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from xmppspy.capture.format import FrameLine
from xmppspy.filters.expressions import Expression, compiled, terms
from xmppspy.filters.subject import Clock, Cost, Subject
from xmppspy.filters.syntax import parse
from xmppspy.protocol.events import Event, FrameRecord

if TYPE_CHECKING:
    from xmppspy.filters.latency import Latencies


class Filter:
    """Which events of a capture are meant.

    The text is read once, when the filter is made (an expression has been read already);
    `FilterError` says where it is wrong. The empty text means every event. `str()` gives the canonical text: two filters are equal when
    theirs are.

    A filter keeps nothing of the events it has seen, with one exception: if it asks for `latency`,
    it follows the requests of a capture. Then every event is to be shown to it, once and in order,
    and each capture needs a filter of its own.

    `created` and `utc` tell the field `time` what a clock showed: when the capture began, and
    whether times are displayed in UTC rather than local. Without `created`, `time` never matches.
    """

    __slots__ = ("_check", "_clock", "_expression", "_latencies", "hints")

    hints: tuple[str, ...]
    """What looks like a mistake without being one, a sentence each; for the person who wrote it."""

    def __init__(
        self, text: str | Expression = "", *, created: datetime | None = None, utc: bool = False
    ) -> None:
        self._expression = parse([text]) if isinstance(text, str) else text
        self._clock = Clock(created, utc)
        self._check = compiled(self._expression)
        self._latencies = _latencies(self._expression)
        hints = (hint for term in terms(self._expression) for hint in term.check.hints)
        self.hints = tuple(dict.fromkeys(hints))

    @classmethod
    def from_arguments(
        cls, arguments: Iterable[str], *, created: datetime | None = None, utc: bool = False
    ) -> "Filter":
        """Make a filter of the arguments of a command, which a shell has taken apart.

        An argument that is a complete expression by itself is a group; otherwise they are joined
        by spaces. An argument `field~…` or `xpath:…` that parses no other way is one term.
        """
        return cls(parse(list(arguments)), created=created, utc=utc)

    def with_clock(self, created: datetime | None, *, utc: bool = False) -> "Filter":
        """The same filter for another capture, that began at `created`; nothing is read again."""
        return Filter(self._expression, created=created, utc=utc)

    def match(self, event: Event) -> bool:
        """Whether the event is meant. Never fails."""
        latency = None if self._latencies is None else self._latencies.see(event)
        return self._check.holds(Subject(event, self._clock, latency))

    @property
    def reads_keys_only(self) -> bool:
        """Whether what stands beside the bytes of a frame decides, and its size."""
        return self._check.cost is Cost.KEYS

    def match_alone(self, event: Event | FrameLine, latency: float | None = None) -> bool:
        """Whether the event is meant, where its `latency` is known already. Nothing is followed.

        If the filter `reads_keys_only`, the line of a frame will do, with its keys complete.
        """
        subject = Subject(cast("Event", event), self._clock, latency)
        if isinstance(event, FrameLine):
            subject.frame = cast("FrameRecord", event)
        return self._check.holds(subject)

    def may_match(self, head: FrameRecord) -> bool:
        """Whether a frame could be meant of which only the start tag is known. Never fails.

        That is its kind, direction, connection, own namespace, type, id and addresses; the rest of
        `head` is not looked at. When this is False the whole frame does not match, whatever comes.
        A filter that asks for `latency` is not to be shown the head by `match`.
        """
        return self._check.foresees(Subject(head, self._clock)) is not False

    @property
    def follows(self) -> bool:
        """Whether it asks for `latency`, so that it has to be shown every event."""
        return self._latencies is not None

    @property
    def names(self) -> frozenset[str]:
        """The words and fields that it is made of."""
        return frozenset(term.name for term in terms(self._expression))

    def __str__(self) -> str:
        return str(self._expression)

    def __repr__(self) -> str:
        return f"Filter({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Filter):
            return NotImplemented
        return self._expression == other._expression

    def __hash__(self) -> int:
        return hash(self._expression)


def _latencies(expression: Expression) -> "Latencies | None":
    """What follows the requests, if any term asks for it."""
    if not any(term.check.follows for term in terms(expression)):
        return None
    from xmppspy.filters.latency import Latencies  # noqa: PLC0415 - it loads lxml

    return Latencies()
