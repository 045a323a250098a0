"""Flow: what one side says, on its way to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FateDecided, Side
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.verdicts import Drop, Forward, Hold, Interceptor, Replace, Verdict

UNFINISHED_AFTER: Final = 5.0
"""Seconds after which an unfinished frame is worth a note."""

_WHOLE: Final = frozenset({ns.TLS, ns.SASL, ns.SASL2, ns.COMPRESS})


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

    def next_frame(self, now: float) -> Frame | None:
        """Pull the next frame, unless the flow is stopped or held up."""
        if self.stopped or self._held is not None:
            return None
        frame = self.source.framer.next_frame()
        if frame is not None:
            self._since = None
        elif self.source.framer.unfinished and self._since is None:
            self._since = now
        return frame

    def judge(self, frame: Frame, now: float) -> None:
        """Record a frame and let it go on, unless an interceptor has another verdict."""
        if self._passed or not self._wanted(frame):
            self.forward(frame, now)
            return
        verdict = self._verdict(frame)
        if isinstance(verdict, Hold):
            n = self._recorder.frame(now, self.direction, frame)
            self._held = _Held(n, frame, now)
        elif isinstance(verdict, Drop):
            self.swallow(frame, now)
        elif isinstance(verdict, Replace):
            self.replace(frame, verdict, now)
        else:
            self.forward(frame, now)

    def forward(self, frame: Frame, now: float) -> int:
        """Record a frame and send what has not left of it yet; return its number."""
        self._send_rest(frame)
        n = self._recorder.frame(now, self.direction, frame)
        self._flush_injections(now)
        return n

    def swallow(self, frame: Frame, now: float) -> int:
        """Record a frame of which nothing is sent."""
        n = self._recorder.frame(now, self.direction, frame, sent=None)
        self._flush_injections(now)
        return n

    def replace(self, frame: Frame, verdict: Replace, now: float) -> None:
        """Record a frame and send other bytes in its stead."""
        self.sink.send(verdict.data)
        n = self._recorder.frame(now, self.direction, frame, sent=verdict.data)
        if verdict.note:
            self._recorder.note(now, verdict.note, n)
        self._flush_injections(now)

    def decide(self, n: int, verdict: Verdict, now: float) -> bool:
        """Release the held frame `n` by a verdict; False when it is not the one that is held."""
        held = self._held
        if held is None or held.n != n or isinstance(verdict, Hold):
            return False
        self._held = None
        action: Literal["forward", "drop", "replace"] = "forward"
        data = held.frame.data
        if isinstance(verdict, Drop):
            action, data = "drop", b""
        elif isinstance(verdict, Replace):
            action, data = "replace", verdict.data
        self.sink.send(data)
        self._recorder.add(
            FateDecided(
                t=now,
                conn=self._recorder.conn,
                n=n,
                action=action,
                sent=data if action == "replace" else None,
                held=round(now - held.since, 6),
            )
        )
        self._flush_injections(now)
        return True

    def inject(self, data: bytes, now: float, stream: Framer | None = None) -> None:
        """Send bytes of our own to the sink, behind the frame that is on its way.

        `stream` is the framer of the stream they stand in, if it is not the source's present one.
        """
        self._injections.append((data, stream))
        if not self._passed and self._held is None:
            self._flush_injections(now)

    def cut_through(self) -> None:
        """Let the bytes at hand of an arriving frame go on, if nobody wants to judge it."""
        framer = self.source.framer
        if self.stopped or self._held is not None or not framer.unfinished:
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
        """The source has ended: record, and `deliver`, what no frame has taken."""
        framer = self.source.framer
        while frame := framer.next_frame() or framer.end():
            if deliver and self._held is None:
                self.forward(frame, now)
            else:
                self.swallow(frame, now)

    def reset(self) -> None:
        """A new layer begins: nothing of the frame that was arriving matters any more."""
        self._passed, self._streaming, self._since = 0, None, None
        self.stopped = False

    def overdue(self, now: float) -> str | None:
        """A sentence about a frame that has been unfinished for too long, said once."""
        if self._since is None or self._since == float("inf"):
            return None
        if now - self._since < UNFINISHED_AFTER or self.source.framer.opaque:
            return None
        self._since = float("inf")
        return _unfinished(self.source.framer, self.source.side)

    @property
    def overdue_at(self) -> float | None:
        """When the arriving frame will be overdue."""
        if self._since is None or self._since == float("inf"):
            return None
        return self._since + UNFINISHED_AFTER

    @property
    def blocked(self) -> bool:
        """Whether nothing is pulled at present, so that reading on would only fill memory."""
        return self.stopped or self._held is not None

    def _send_rest(self, frame: Frame) -> None:
        skip = min(self._passed, len(frame.data))
        self._passed -= skip
        if not self._passed:
            self._streaming = None
        self.sink.send(frame.data[skip:] if skip else frame.data)

    def _wanted(self, head: Frame) -> bool:
        return any(each.wants(self.direction, head) for each in self._interceptors)

    def _verdict(self, frame: Frame) -> Verdict:
        for each in self._interceptors:
            verdict = each.judge(self.direction, frame)
            if not isinstance(verdict, Forward):
                return verdict
        return Forward()

    def _must_be_whole(self, head: Frame) -> bool:
        return head.xmlns in _WHOLE or (head.xmlns == ns.STREAMS and head.kind == "features")

    def _flush_injections(self, now: float) -> None:
        while self._injections and not self._passed and self._held is None:
            data, stream = self._injections.pop(0)
            self.sink.send(data)
            framer = (stream or self.source.framer).beside()
            framer.receive_data(data)
            while frame := framer.next_frame() or framer.end():
                self._recorder.frame(now, self.direction, frame, injected=True)


def _unfinished(framer: Framer, side: Side) -> str:
    head = framer.head
    what = f"<{head.kind}>" if head else "something"
    return (
        f"the {side} has not finished {what} for {UNFINISHED_AFTER:.0f} s; "
        f"{framer.unfinished:,} bytes of it are here"
    )
