"""Flow: what one side says, on its way to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol import tokens as lex
from xmppspy.protocol.events import UNCHANGED, FateDecided, Side
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.verdicts import Drop, Forward, Hold, Interceptor, Replace, Verdict

UNFINISHED_AFTER: Final = 5.0
"""Seconds after which an unfinished frame is worth a note."""

_SHOWN: Final = 40

_WHOLE: Final = frozenset({ns.TLS, ns.SASL, ns.SASL2, ns.COMPRESS})
_WHOLE_KINDS: Final = {
    ns.STREAMS: ("features", "error"),
    ns.SM: ("enabled",),
    ns.SM_OLD: ("enabled",),
}
"""What is judged, or edited, as a whole, whoever else wants it."""


@dataclass(slots=True)
class _Held:
    """A frame that waits for a verdict."""

    n: int
    frame: Frame
    since: float


class Flow:
    """One direction: frames are pulled from the source's framer and sent to the sink.

    A frame nobody wants to judge leaves as it arrives (`cut_through`); how much of it has left
    is kept in `_passed`. `stopped` keeps everything in the framer. A held frame stops the flow
    until `decide`.
    """

    def __init__(
        self, source: Leg, sink: Leg, recorder: Recorder, interceptors: Sequence[Interceptor]
    ) -> None:
        self.source, self.sink = source, sink
        self.direction = source.side.direction
        self.stopped = False
        self._recorder = recorder
        self._interceptors = interceptors
        self._passed = 0
        self._streaming: bool | None = None  # whether the arriving frame leaves as it comes
        self._held: _Held | None = None
        self._injections: list[tuple[bytes, Framer | None]] = []
        self._since: float | None = None  # when the arriving frame began
        self._finished = False

    def next_frame(self, now: float) -> Frame | None:
        """Pull the next frame, unless the flow is stopped or held up."""
        if self.stopped or self._held is not None:
            return None
        frame = self.source.framer.next_frame()
        if frame is not None:
            self._since = self._streaming = None
        elif self._since is None and self.source.framer.unfinished:
            self._since = now
        return frame

    def judge(self, frame: Frame, now: float) -> int:
        """Record a frame and let it go on, unless an interceptor has another verdict.

        Returns its number.
        """
        if self._passed or not self._interceptors or _is_unframed(frame):
            return self.forward(frame, now)
        verdict = self._verdict(frame)
        if isinstance(verdict, Hold):
            n = self._recorder.frame(now, self.direction, frame)
            self._held = _Held(n, frame, now)
            return n
        if isinstance(verdict, Drop):
            return self.swallow(frame, now)
        if isinstance(verdict, Replace):
            return self.replace(frame, verdict, now)
        return self.forward(frame, now)

    def forward(self, frame: Frame, now: float) -> int:
        """Record a frame and send what has not left of it yet; return its number."""
        skip = self._take_passed(frame)
        self.sink.send(frame.data[skip:] if skip else frame.data)
        n = self._recorder.frame(now, self.direction, frame)
        self._flush_injections(now)
        return n

    def swallow(self, frame: Frame, now: float) -> int:
        """Record a frame of which nothing more is sent; return its number."""
        left = frame.data[: self._take_passed(frame)]
        sent = UNCHANGED if left == frame.data else left or None
        n = self._recorder.frame(now, self.direction, frame, sent=sent)
        self._flush_injections(now)
        return n

    def replace(self, frame: Frame, verdict: Replace, now: float) -> int:
        """Record a frame and send other bytes in its stead; return its number."""
        self.sink.send(verdict.data)
        n = self._recorder.frame(now, self.direction, frame, sent=verdict.data)
        self._tell(verdict, n, now)
        self._flush_injections(now)
        return n

    def decide(self, n: int, verdict: Verdict, now: float) -> bool:
        """Release the held frame `n` by a verdict; False when it is not the one that is held."""
        held = self._held
        if held is None or held.n != n or isinstance(verdict, Hold):
            return False
        if isinstance(verdict, Drop):
            self._release(held, "drop", now)
        elif isinstance(verdict, Replace):
            self.sink.send(verdict.data)
            self._release(held, "replace", now, verdict.data)
            self._tell(verdict, n, now)
        else:
            self.sink.send(held.frame.data)
            self._release(held, "forward", now)
        self._flush_injections(now)
        return True

    def inject(self, data: bytes, now: float, stream: Framer | None = None) -> None:
        """Send bytes of our own to the sink, behind the frame that is on its way.

        `stream` is the framer of the stream they stand in, if it is not the source's present one.
        """
        self._injections.append((data, stream))
        self._flush_injections(now)
        if self._finished:
            self._forget_injections(now)

    def cut_through(self) -> None:
        """Let the bytes at hand of an arriving frame go on, if nobody wants to judge it."""
        framer = self.source.framer
        if self.blocked or not framer.unfinished:
            return
        if self._streaming is None:
            head = framer.head
            if head is None:
                return
            self._streaming = not self._must_be_whole(head) and not self._wanted(head)
        if self._streaming:
            self.sink.send(framer.peek(self._passed))
            self._passed = framer.unfinished

    def finish(self, now: float, *, deliver: bool = True) -> None:
        """The source has ended: record, and `deliver`, what no frame has taken.

        Whatever is held is dropped.
        """
        if self._held is not None:
            self._release(self._held, "drop", now)
            deliver = False
        self._finished = True
        framer = self.source.framer
        while frame := framer.next_frame() or framer.end():
            if deliver:
                self.forward(frame, now)
            else:
                self.swallow(frame, now)
        self._forget_injections(now)

    def reset(self) -> None:
        """A new layer begins: nothing of the frame that was arriving matters any more."""
        self._passed, self._streaming, self._since = 0, None, None
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

    @property
    def holds(self) -> bool:
        """Whether a frame waits for a verdict."""
        return self._held is not None

    @property
    def blocked(self) -> bool:
        """Whether nothing is pulled at present, so that reading on would only fill memory."""
        return self.stopped or self._held is not None

    def _take_passed(self, frame: Frame) -> int:
        """How much of a frame has left already; from here on it is the next one's turn."""
        passed = min(self._passed, len(frame.data))
        self._passed -= passed
        return passed

    def _wanted(self, head: Frame) -> bool:
        return any(each.wants(self.direction, head) for each in self._interceptors)

    def _verdict(self, frame: Frame) -> Verdict:
        for each in self._interceptors:
            verdict = each.judge(self.direction, frame)
            if not isinstance(verdict, Forward):
                return verdict
        return Forward()

    def _must_be_whole(self, head: Frame) -> bool:
        kinds = _WHOLE_KINDS.get(head.xmlns) if head.xmlns else None
        return head.xmlns in _WHOLE or (kinds is not None and head.kind in kinds)

    def _release(
        self,
        held: _Held,
        action: Literal["forward", "drop", "replace"],
        now: float,
        sent: bytes | None = None,
    ) -> None:
        self._held = None
        waited = round(now - held.since, 6)
        self._recorder.add(
            FateDecided(
                t=now, conn=self._recorder.conn, n=held.n, action=action, sent=sent, held=waited
            )
        )

    def _tell(self, verdict: Replace, n: int, now: float) -> None:
        if verdict.note:
            self._recorder.note(now, verdict.note, n)

    def _flush_injections(self, now: float) -> None:
        while self._injections and self._is_between_frames:
            data, stream = self._injections.pop(0)
            self.sink.send(data)
            framer = (stream or self.source.framer).beside()
            framer.receive_data(data)
            while frame := framer.next_frame() or framer.end():
                self._recorder.frame(now, self.direction, frame, injected=True)

    @property
    def _is_between_frames(self) -> bool:
        """Whether what has left ends with a whole frame, and the next one may be our own."""
        arriving = self._passed or self._held is not None or self.source.framer.oversize
        return not arriving and not self._finished

    def _forget_injections(self, now: float) -> None:
        for data, _ in self._injections:
            what = f"{len(data)} bytes were not injected towards the {self.sink.side}"
            self._recorder.note(now, f"{what}: the stream has ended")
        self._injections.clear()


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
