"""Judging: interceptors for tests."""

from xmppspy.protocol.events import Direction
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.verdicts import FORWARD, Judgement


class ByKind:
    """An interceptor with a verdict for the frames of some kinds, in either direction."""

    idle = False

    def __init__(self, **verdicts: Judgement) -> None:
        self.verdicts = verdicts
        self.judged: list[Frame] = []

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Whether there is a verdict for it."""
        return head.kind in self.verdicts

    def judge(self, direction: Direction, frame: Frame, now: float) -> Judgement:
        """The verdict."""
        self.judged.append(frame)
        return self.verdicts.get(frame.kind, FORWARD)
