"""Player: shows a recording again at its own pace, and stops, steps and skips when told to."""

from collections.abc import Callable, Iterable
from typing import Protocol

from xmppspy.protocol.events import Event, Mark
from xmppspy.replay.timeline import Timeline

PAUSE, STEP, NEXT_MARK, QUIT = " ", ".", "]", "q"
"""The keys, as asciinema has them."""


class Keys(Protocol):
    """Where the person's keys come from."""

    def wait(self, seconds: float | None) -> str | None:
        """The next key, or None when `seconds` have passed without one; None waits for ever."""

    @property
    def are_there(self) -> bool:
        """Whether a person can press any."""


class Player:
    """Plays events one by one.

    Space pauses and goes on, `.` shows the next event of a paused recording, `]` runs to the next
    mark, `q` ends. At a mark the recording pauses by itself, if there is somebody to let it go
    on. With `stepping` it is paused from the beginning, and space shows the next event.
    """

    def __init__(
        self,
        show: Callable[[Event], None],
        timeline: Timeline,
        keys: Keys,
        clock: Callable[[], float],
        *,
        stepping: bool = False,
    ) -> None:
        self._show = show
        self._timeline = timeline
        self._keys = keys
        self._clock = clock
        self._stepping = stepping
        self._paused = stepping
        self._running_to_mark = False

    def play(self, events: Iterable[Event]) -> bool:
        """Show events to the end; False when the person ended it before."""
        for event in events:
            wait = self._timeline.wait_before(event.t)
            if not self._running_to_mark and not self._let_pass(wait):
                return False
            self._show(event)
            if isinstance(event, Mark) and event.n is None:
                self._running_to_mark = False
                self._paused = self._paused or self._keys.are_there
        return True

    def _let_pass(self, left: float) -> bool:
        """Wait until the next event is due; False when the person has had enough."""
        while self._paused or left > 0:
            began = self._clock()
            key = self._keys.wait(None if self._paused else left)
            if not self._paused:
                left -= self._clock() - began
            if key == QUIT:
                return False
            if key == NEXT_MARK:
                self._running_to_mark, self._paused = True, False
                return True
            if self._paused and (key == STEP or (key == PAUSE and self._stepping)):
                return True
            if key == PAUSE:
                self._paused = not self._paused
        return True
