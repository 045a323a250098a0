"""Flow: what one side says, on its way to the other."""

# A frame is pulled from the source's framer, judged by the interceptor, and given to the session,
# which sends it on by `forward`, `replace` or `swallow`. Between judging and leaving it may wait.
# Then those behind it wait, too, in their order; they are taken in and judged meanwhile, up to a
# bound, and recorded, so that one sees what waits. What becomes of a frame after it was recorded
# is its fate, an event of its own.

from dataclasses import replace
from itertools import islice
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.accelerator import NOTHING, Watch
from xmppspy.protocol.events import UNCHANGED, Side
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.outlet import Outlet
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.stanzas import is_stanza, name_of
from xmppspy.protocol.urgent import Urgent
from xmppspy.protocol.verdicts import FORWARD, Interceptor, Judgement, Verdict
from xmppspy.protocol.waiting import HeldFrame, Waiters, Waiting, judged

UNFINISHED_AFTER: Final = 5.0
"""Seconds after which an unfinished frame is worth a note."""

_SHOWN: Final = 40

_WHOLE: Final = frozenset({ns.TLS, ns.SASL, ns.SASL2, ns.COMPRESS})
_WHOLE_KINDS: Final = {
    ns.STREAMS: ("features", "error"),
    ns.SM: ("enabled", "resume", "resumed", "failed", "a"),
    ns.SM_OLD: ("enabled", "resume", "resumed", "failed", "a"),
}
"""What is judged, or edited, as a whole, whoever else wants it."""

_SM: Final = frozenset({ns.SM, ns.SM_OLD})
_CHANGING: Final = _WHOLE | _SM | {ns.STREAMS}
_AGAIN: Final = "it comes again after a resumption; what became of it the first time still counts"


class Flow:
    """One direction: frames are pulled from the source's framer and leave by the `outlet`.

    A frame nobody wants to judge leaves as it arrives (`cut_through`). `stopped` keeps everything
    in the framer. `urgent` is what both flows of a connection know of what may go first.
    """

    def __init__(
        self,
        source: Leg,
        sink: Leg,
        recorder: Recorder,
        interceptor: Interceptor | None = None,
        urgent: Urgent | None = None,
        watch: Watch = NOTHING,
    ) -> None:
        self.source, self.sink = source, sink
        self.direction = source.side.direction
        self.outlet = Outlet(source, sink, recorder)
        self.stopped = False
        self.waits = False
        """Whether frames wait."""
        self._recorder = recorder
        self._interceptor = interceptor
        self._urgent = urgent or Urgent()
        self._watch = watch
        self._waiters = Waiters()
        self._turn: Waiting | None = None  # the one whose frame the session has now
        self._is_barred = False  # behind what waits comes something that must not be read yet
        self._streaming: bool | None = None  # whether the arriving frame leaves as it comes
        self._since: float | None = None  # when the arriving frame began

    # --- frames

    def pull(self, now: float) -> Frame | None:
        """Pull the next frame, whatever anybody would say of it, unless the flow is stopped."""
        if self.stopped:
            return None
        framer = self.source.framer
        frame = framer.next_frame()
        if frame is not None:
            self._since = self._streaming = None
        elif self._since is None and framer.unfinished:
            self._since = now
        return frame

    def next_frame(self, now: float) -> Frame | None:
        """Pull the next frame whose turn has come; None when there is none at present.

        It is to be sent on by `forward`, `replace`, `swallow` or `keep_back` before the next one is
        pulled, and the outlet's `wishes` are to be granted. What the interceptor drops or replaces
        never comes out, unless it is replaced by an element of the same kind that means something
        to the session.
        """
        return self._next_in_turn(now) if self._is_attended else self.pull(now)

    def pass_run(self, now: float) -> bool:
        """Record the plain stanzas at hand and send them on at once, if nobody has a say in them.

        Returns whether there were any.
        """
        if self.stopped or self._is_attended or self.sink.line is not None:
            return False
        run = self.source.framer.next_run(self._watch)
        if run is None:
            return False
        self._since = self._streaming = None
        self.outlet.forward_run(run, now)
        return True

    def forward(self, frame: Frame, now: float) -> int:
        """Record a frame and send what has not left of it yet; return its number."""
        if self._turn is None:
            return self.outlet.forward(frame, now)
        return self._leave(frame, frame.data, now)

    def swallow(self, frame: Frame, now: float) -> int:
        """Record a frame of which nothing more is sent; return its number."""
        return self._leave(frame, None, now)

    def replace(self, frame: Frame, data: bytes, now: float) -> int:
        """Record a frame and send other bytes in its stead; return its number."""
        return self._leave(frame, data, now)

    def keep_back(self, frame: Frame, now: float) -> int:
        """Record a frame that leaves when the outlet is told to `release` it; return its number."""
        turn, self._turn = self._turn or Waiting(frame, now), None
        return self.outlet.keep_back(turn, now)

    def inject(self, data: bytes, now: float, stream: Framer | None = None) -> None:
        """Send bytes of our own to the sink, behind the frame that is on its way.

        `stream` is the framer of the stream they stand in, if it is not the source's present one.
        """
        self.outlet.inject(data, now, stream)

    def cut_through(self) -> None:
        """Let the bytes at hand of an arriving frame go on, if nobody wants to judge it."""
        framer = self.source.framer
        if not framer.unfinished or self.stopped or self.waits or self.sink.line is not None:
            return
        if self._streaming is None:
            head = framer.head
            if head is None:
                return
            self._streaming = not _must_be_whole(head) and not self._wanted(head)
        if self._streaming:
            self.outlet.stream()

    # --- turns

    def _next_in_turn(self, now: float) -> Frame | None:
        while not (self.stopped or self.outlet.wishes):
            turn = self._waiters.next(now) if self.waits else None
            if turn is None:
                frame = self._take_in(now)
                if frame is None:
                    break
                found = self._judged(frame, now)
                if found is FORWARD and not self.waits:
                    return frame
                turn = self._placed(frame, found, now)
            leaving = None if turn is None else self._now_leaving(turn, now)
            if leaving is not None:
                return leaving
        self._record_waiting(now)
        return None

    def _take_in(self, now: float) -> Frame | None:
        """Pull another frame, if there is one, and room for it."""
        if self._is_barred or self._waiters.is_full:
            return None
        frame = self.pull(now)
        if frame is not None:
            self._urgent.see(self.direction, frame)
        return frame

    def _judged(self, frame: Frame, now: float) -> Judgement:
        if self.outlet.passed or _is_unframed(frame):
            return FORWARD
        ledger = self.outlet.ledger
        if ledger is not None and ledger.recalls and is_stanza(frame):
            again = ledger.recall(self._waiters.stanzas, name_of(frame))
            if again is not UNCHANGED:
                return Verdict(data=again, notes=(_AGAIN,))
        if self._interceptor is None or self._interceptor.idle:
            return FORWARD
        return self._interceptor.judge(self.direction, frame, now)

    def _placed(self, frame: Frame, found: Judgement, now: float) -> Waiting | None:
        """The frame, if it may leave at once; else it waits behind the others."""
        new, waiters = judged(frame, found, now), self._waiters
        is_urgent = self._urgent.is_urgent(self.direction, frame)
        if new.may_leave(now) and (not waiters or (is_urgent and waiters.are_held)):
            new.ahead, new.overtakes = waiters.stanzas, len(waiters)
            return new
        waiters.add(new)
        self.waits = True
        self._is_barred = frame.xmlns in _CHANGING and not is_urgent
        return None

    def _now_leaving(self, turn: Waiting, now: float) -> Frame | None:
        """Let it leave, or give the frame that the session is to send on."""
        if turn.overtakes:
            self._record_waiting(now, turn.overtakes)
        self._turn = turn
        self.waits = bool(self._waiters)
        self._is_barred = self._is_barred and self.waits
        data = turn.verdict.data
        if data is UNCHANGED:
            return turn.frame
        if data is None:
            self.swallow(turn.frame, now)
            return None
        edited = None if turn.frame.xmlns is None else self._framed_alike(turn.frame, data)
        if edited is None:
            self.replace(turn.frame, data, now)
        return edited

    def _framed_alike(self, frame: Frame, data: bytes) -> Frame | None:
        """The one element that `data` is, if it is the same one; the session knows what to do."""
        framer = self.source.framer.beside()
        framer.receive_data(data)
        edited = framer.next_frame()
        if edited is None or framer.unfinished or framer.next_frame() is not None:
            return None
        is_same = (edited.kind, edited.xmlns) == (frame.kind, frame.xmlns)
        return replace(edited, offset=frame.offset, flaw=frame.flaw) if is_same else None

    def _record_waiting(self, now: float, first: int | None = None) -> None:
        """Record those that wait, the `first` ones or all, as far as it is known what for."""
        for each in islice(self._waiters, first):
            if each.ticket is not None:
                return
            if each.n is None:
                each.n = self._recorder.frame(each.since, self.direction, each.frame, waits=True)
                each.waits = True
                if each.verdict.hold is not None:
                    seconds = each.due - each.since
                    self._recorder.note(now, f"held: it waits up to {seconds:g} s", each.n)
                    self._recorder.holds_changed()
                    each.is_shown = True

    def _leave(self, frame: Frame, data: bytes | None, now: float) -> int:
        turn, self._turn = self._turn or Waiting(frame, now), None
        return self.outlet.leave(turn, frame, data, now)

    # --- decisions

    def decide(self, n: int, verdict: Verdict) -> bool:
        """A person has decided about the held frame `n`; False when no such frame is held."""
        done = self._waiters.decide(n, verdict)
        if done:
            self._recorder.holds_changed()
        return done

    def extend(self, n: int, until: float) -> bool:
        """Let the held frame `n` wait until then at least; False when no such frame is held."""
        return self._waiters.extend(n, until)

    def settle(self, ticket: int, verdict: Verdict) -> bool:
        """Whoever was asked has answered; False when it comes too late."""
        return self._waiters.settle(ticket, verdict)

    def expire(self, now: float) -> None:
        """Have those decided that nobody has decided in time."""
        if self._waiters.expire(now):
            self._recorder.holds_changed()

    def hurry(self) -> None:
        """Let all that waits go on at once, as it would when its time was up."""
        self._waiters.hurry()
        self._recorder.holds_changed()

    def held(self) -> list[HeldFrame]:
        """The frames that wait for a person, in their order."""
        found = (each.held(self.direction) for each in self._waiters)
        return [each for each in found if each is not None]

    @property
    def due(self) -> float | None:
        """When something is to happen to what waits; None when there is nothing."""
        return None if self.stopped else self._waiters.due

    @property
    def blocked(self) -> bool:
        """Whether nothing is pulled at present, so that reading on would only fill memory."""
        return self.stopped or self._is_barred or self._waiters.is_full

    @property
    def _is_attended(self) -> bool:
        """Whether frames may have to wait, or to be judged."""
        watcher, ledger = self._interceptor, self.outlet.ledger
        watched = self.waits or (watcher is not None and not watcher.idle)
        return watched or (ledger is not None and ledger.recalls)

    def _wanted(self, head: Frame) -> bool:
        watcher, ledger = self._interceptor, self.outlet.ledger
        if ledger is not None and ledger.recalls:
            return True
        return watcher is not None and not watcher.idle and watcher.wants(self.direction, head)

    # --- ends

    def finish(self, now: float, *, deliver: bool = True) -> None:
        """The source has ended: record, and `deliver`, what no frame has taken.

        Whatever waits is dropped, and what is behind it.
        """
        self.outlet.ends = True
        self.outlet.drop_kept(now)
        for waiting in self._waiters.clear():
            self.outlet.drop(waiting, now)
            deliver = False
        framer = self.source.framer
        self._turn, self.waits = None, False
        while frame := framer.next_frame() or framer.end():
            if deliver:
                self.forward(frame, now)
            else:
                self.swallow(frame, now)
        self.outlet.forget_injections(now)

    def reset(self) -> None:
        """A new layer begins: nothing of the frame that was arriving matters any more."""
        self.outlet.passed = 0
        self._streaming = self._since = None
        self.stopped = False

    def overdue(self, now: float) -> str | None:
        """A sentence about a frame that has been unfinished for too long, said once."""
        if self._since is None or now - self._since < UNFINISHED_AFTER:
            return None
        self._since = float("inf")
        framer = self.source.framer
        return None if framer.opaque else _unfinished(framer, self.source.side)

    @property
    def overdue_at(self) -> float | None:
        """When the arriving frame will be overdue."""
        if self._since is None or self._since == float("inf"):
            return None
        return self._since + UNFINISHED_AFTER


def _must_be_whole(head: Frame) -> bool:
    kinds = _WHOLE_KINDS.get(head.xmlns) if head.xmlns else None
    return head.xmlns in _WHOLE or (kinds is not None and head.kind in kinds)


def _is_unframed(frame: Frame) -> bool:
    """Whether it is bytes without boundaries, and no element that is just called so."""
    return frame.kind == "opaque" and frame.xmlns is None


def _unfinished(framer: Framer, side: Side) -> str:
    head = framer.head
    # No more than a name: the rest may hold a secret.
    name = lex.NAME.match(framer.peek()[:_SHOWN].removeprefix(b"<"))
    what = f"<{head.kind}>" if head else f"<{name[0].decode(errors='replace')}" if name else "text"
    return (
        f"the {side} has not finished {what} for {UNFINISHED_AFTER:.0f} s; "
        f"{framer.unfinished:,} bytes of it are here"
    )
