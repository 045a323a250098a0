"""Searcher: the helper that searches, begun anew when it does not come to an end."""

import time
from collections.abc import Callable
from typing import Final

from xmppspy.view.browse.messages import Leave, Look, Reach, Slot
from xmppspy.view.tui.helpers import Helper, Take

PATIENCE: Final = 1.0
"""Seconds that a search may be silent, while rows are left, when another one is wanted."""


class Searcher:
    """Passes messages to a helper that `start` begins when it is first needed.

    A regular expression may take for ever on a single line. Then the helper is ended as soon as
    something else is to be searched for, and another one begins.
    """

    def __init__(self, start: Callable[[], Helper]) -> None:
        self._start = start
        self._helper: Helper | None = None
        self._take: Take = _nowhere
        self._reach = Reach(0, 0)
        self._looks: dict[Slot, Look] = {}
        self._silent_since: float | None = None

    def listen(self, take: Take) -> None:
        """Begin; what is found is given to `take`."""
        self._take = take
        self._begin()

    def send(self, message: object) -> None:
        """Send a message."""
        if isinstance(message, Reach):
            self._reach = message
        elif isinstance(message, Leave):
            self._looks.pop(message.slot, None)
        elif isinstance(message, Look):
            self._looks[message.slot] = message
            if self._is_stuck():
                self._begin()
                return
            self._silent_since = self._silent_since or time.monotonic()
        if self._helper is not None:
            self._helper.send(message)

    def stop(self) -> None:
        """End it."""
        if self._helper is not None:
            self._helper.stop()
            self._helper = None

    def _begin(self) -> None:
        self.stop()
        helper = self._helper = self._start()
        helper.listen(self._receive)
        self._silent_since = None
        for message in (self._reach, *self._looks.values()):
            helper.send(message)

    def _receive(self, message: object) -> None:
        self._silent_since = None
        self._take(message)

    def _is_stuck(self) -> bool:
        silent = self._silent_since
        return silent is not None and time.monotonic() - silent > PATIENCE


def _nowhere(_message: object) -> None:
    """Nobody listens yet."""
