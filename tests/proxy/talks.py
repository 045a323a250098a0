"""Connections in memory, as the control socket's commands see them: real sessions, no sockets."""

from collections.abc import Callable

from tests.conversation import ANSWER, HEADER, Conversation
from xmppspy.protocol.events import Direction, Event, Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.verdicts import FORWARD, End, Hold, Judgement, Verdict
from xmppspy.protocol.waiting import HeldFrame


class Holding:
    """An interceptor that holds stanzas of the kinds it is told."""

    idle = False

    def __init__(self, *kinds: str, seconds: float = 30.0) -> None:
        self._kinds = kinds
        self._hold = Hold(seconds)
        self.verdict = FORWARD

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Whether it may be held."""
        return head.kind in self._kinds

    def judge(self, direction: Direction, frame: Frame, now: float) -> Judgement:
        """Hold it, if it is one of them, after what a rule says."""
        if frame.kind in self._kinds:
            return self.verdict.then(Verdict(hold=self._hold))
        return FORWARD


class Talk(Conversation):
    """A conversation whose streams are open, with what a relay has besides."""

    def __init__(self, interceptor: Holding | None = None) -> None:
        super().__init__(interceptor=interceptor)
        self.watchers: list[Callable[[Event], None]] = []
        self.on_holds: Callable[[], None] = lambda: None
        self._told = 0

    def open(self) -> None:
        """Both headers are said."""
        self.client_sends(HEADER)
        self.server_sends(ANSWER)
        self.client_gets()
        self.server_gets()

    # --- as a relay

    def held(self) -> list[HeldFrame]:
        """The frames that wait for a person."""
        return self.session.held()

    def decide(self, n: int, verdict: Verdict) -> bool:
        """A person has decided."""
        done = self.session.decide(n, verdict, self.now)
        self.settle()
        return done

    def extend(self, n: int, seconds: float) -> bool:
        """A frame may wait for longer."""
        done = self.session.extend(n, self.now + seconds, self.now)
        self.settle()
        return done

    def inject(self, to: Side, data: bytes) -> bool:
        """Something is put in."""
        done = self.session.inject(to, data, self.now)
        self.settle()
        return done

    def end(self, how: End, reason: str) -> None:
        """It is ended."""
        self.session.end(how, reason, self.now)
        self.settle()

    def settle(self) -> None:
        """Carry on until nothing more happens, and tell those who watch."""
        super().settle()
        while self._told < len(self.events):
            event = self.events[self._told]
            self._told += 1
            for watcher in self.watchers:
                watcher(event)
        self.on_holds()
