"""Which events are shown: those that match, their surroundings, or only the last ones."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xmppspy.protocol.events import Event, FrameRecord

if TYPE_CHECKING:
    from xmppspy.analysis.explainer import Explanation
    from xmppspy.analysis.lint import Finding


class Shown(NamedTuple):
    """An event that is to be shown."""

    at: int
    """Its place in the capture, from 1."""
    event: Event
    explanation: "Explanation | None" = None
    remarks: "Sequence[Finding]" = ()


class Selection:
    """Picks what is to be shown out of all events of a capture, told in order.

    With `context`, so many frames before and after each match are shown too, and the events among
    them. With `last`, nothing is shown until `release`, and then only so many matches.
    """

    def __init__(self, context: int = 0, last: int | None = None) -> None:
        self._context = context
        self._holds = last is not None
        self._held: deque[list[Shown]] = deque(maxlen=last)
        self._before: deque[Shown] = deque()
        self._frames_before = 0
        self._frames_after = 0
        self._place = 0
        self._shown = 0

    def take(
        self,
        event: Event,
        matches: bool,
        explanation: "Explanation | None" = None,
        remarks: "Sequence[Finding]" = (),
    ) -> list[Shown]:
        """Tell the next event, and whether it matches; returns what is to be shown now."""
        self._place += 1
        here = Shown(self._place, event, explanation, remarks)
        if matches and not self._context and not self._holds:
            self._shown = self._place
            return [here]
        if matches:
            return self._match(here)
        if self._frames_after > 0:
            self._frames_after -= isinstance(event, FrameRecord)
            self._remember(here)
            return self._pass([here])
        if self._context:
            self._remember(here)
        return []

    def release(self) -> list[Shown]:
        """What was held back because of `last`. From now on matches are shown as they come."""
        self._holds = False
        held = [shown for group in self._held for shown in group]
        self._held.clear()
        return list(self._new(held))

    def _match(self, here: Shown) -> list[Shown]:
        group = [*self._before, here]
        self._frames_after = self._context
        if self._context:
            self._remember(here)
        if self._holds:
            self._held.append(group)
            return []
        return list(self._new(group))

    def _pass(self, group: list[Shown]) -> list[Shown]:
        if not self._holds:
            return list(self._new(group))
        if self._held:
            self._held[-1].extend(group)
        return []

    def _new(self, group: list[Shown]) -> Iterator[Shown]:
        """Those that were not shown yet: surroundings of two matches may overlap."""
        for shown in group:
            if shown.at > self._shown:
                self._shown = shown.at
                yield shown

    def _remember(self, here: Shown) -> None:
        """Keep the last frames, `context` of them, and the events behind the first of these."""
        self._before.append(here)
        self._frames_before += isinstance(here.event, FrameRecord)
        while self._frames_before > self._context or self._begins_with_an_event():
            gone = self._before.popleft()
            self._frames_before -= isinstance(gone.event, FrameRecord)

    def _begins_with_an_event(self) -> bool:
        return (
            len(self._before) > 0
            and self._frames_before == self._context
            and not isinstance(self._before[0].event, FrameRecord)
        )
