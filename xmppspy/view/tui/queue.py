"""Queue: the frames that wait at the proxy for a decision."""

from collections.abc import Sequence

from xmppspy.control.replies import HeldFrame


class Queue:
    """Held frames by their numbers, and the one that keys are about. Times are the caller's."""

    def __init__(self) -> None:
        self._frames: dict[int, HeldFrame] = {}
        self._until: dict[int, float] = {}
        self._meant = 0

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, n: object) -> bool:
        return n in self._frames

    @property
    def frames(self) -> Sequence[HeldFrame]:
        """All of them, the oldest first."""
        return [self._frames[n] for n in sorted(self._frames)]

    @property
    def meant(self) -> HeldFrame | None:
        """The one that keys are about: the one that was chosen, or else the oldest."""
        n = self._meant if self._meant in self._frames else min(self._frames, default=0)
        return self._frames.get(n)

    def mean(self, n: int) -> bool:
        """Choose one; False when it is not held, or chosen already."""
        if n not in self._frames or self.meant is self._frames[n]:
            return False
        self._meant = n
        return True

    def left(self, n: int, now: float) -> float:
        """Seconds until time is up for a frame."""
        return max(self._until[n] - now, 0.0)

    def take(self, frame: HeldFrame, now: float) -> None:
        """One more is held."""
        self._frames[frame.n] = frame
        self._until[frame.n] = now + frame.left

    def extend(self, n: int, left: float, now: float) -> None:
        """A frame waits for longer."""
        if n in self._frames:
            self._until[n] = now + left

    def remove(self, n: int) -> None:
        """A frame waits no more; the next one is meant then."""
        if self._frames.pop(n, None) is None:
            return
        del self._until[n]
        if n == self._meant:
            self._meant = min((each for each in self._frames if each > n), default=0)

    def clear(self) -> None:
        """None is held any more."""
        self._frames.clear()
        self._until.clear()
