"""Outlet: where one direction leaves, and where it is recorded what has left."""

from collections import deque
from typing import Final, Literal, TypeAlias

from xmppspy.protocol.events import UNCHANGED, FateDecided, Mark, Unchanged
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.ledger import Ledger
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.stanzas import is_stanza, stanzas_in
from xmppspy.protocol.verdicts import FORWARD, Verdict
from xmppspy.protocol.waiting import Waiting

Sent: TypeAlias = bytes | Literal[Unchanged.UNCHANGED] | None
Action: TypeAlias = Literal["forward", "drop", "replace", "duplicate"]

_NOBODY: Final = 0
"""The place of one that overtakes nobody."""


class Outlet:
    """Sends what one side has said, or what is said in its stead, to the other, the sink.

    A frame can leave in parts, as it arrives: `passed` is how much of it has left. What is put in
    waits for the end of such a frame.
    """

    def __init__(self, source: Leg, sink: Leg, recorder: Recorder) -> None:
        self.source, self.sink = source, sink
        self.direction = source.side.direction
        self.passed = 0
        self.ledger: Ledger | None = None
        """How the stanzas are numbered, once stream management counts them."""
        self.wishes: deque[Verdict] = deque()
        """Verdicts that were carried out, and want something of the other direction, or an end."""
        self._recorder = recorder
        self._injections: deque[tuple[bytes, Framer | None]] = deque()
        self.ends = False
        """Whether nothing more can be put in, because the source has ended."""

    # --- frames

    def forward(self, frame: Frame, now: float) -> int:
        """Record a frame and send what has not left of it yet; return its number."""
        if self.sink.line is not None:
            return self.leave(Waiting(frame, now), frame, frame.data, now)
        skip = self._take_passed(frame)
        self.sink.send(frame.data[skip:] if skip else frame.data)
        if self.ledger is not None and is_stanza(frame):
            self.ledger.leave()
        n = self._recorder.frame(now, self.direction, frame)
        if self._injections:
            self._flush(now)
        return n

    def leave(
        self, turn: Waiting, frame: Frame, data: bytes | None, now: float, ahead: int = _NOBODY
    ) -> int:
        """Record the frame whose turn it is and send `data` in its stead; return its number.

        `frame` is what it has become, of which a part may have left already. `ahead` stanzas that
        came before it still wait.
        """
        skip = self._take_passed(frame)
        if data is None:
            left = frame.data[:skip]
        else:
            out = data * turn.verdict.copies
            left = out[: skip + self.sink.send(out[skip:])]
        sent: Sent = UNCHANGED if left == turn.frame.data else left or None
        n = self._record(turn, sent, now)
        self._count(turn.frame, sent, ahead)
        self._follow(turn.verdict, n, now)
        self._flush(now)
        return n

    def keep_back(self, turn: Waiting, now: float) -> int:
        """Record a frame that does not leave here; return its number."""
        return self._record(turn, UNCHANGED, now)

    def stream(self) -> None:
        """Let the bytes at hand of the arriving frame leave."""
        framer = self.source.framer
        self.sink.send(framer.peek(self.passed))
        self.passed = framer.unfinished

    def drop(self, waiting: Waiting, now: float) -> None:
        """Nothing of a frame that waited will leave, because the connection has ended."""
        self._record(waiting, None, now)

    def _take_passed(self, frame: Frame) -> int:
        """How much of a frame has left already; from here on it is the next one's turn."""
        if not self.passed:
            return 0
        passed = min(self.passed, len(frame.data))
        self.passed -= passed
        return passed

    # --- what is known of them

    def _record(self, turn: Waiting, sent: Sent, now: float) -> int:
        if turn.n is None:
            turn.n = self._recorder.frame(now, self.direction, turn.frame, sent=sent)
        else:
            self._recorder.add(
                FateDecided(
                    t=now,
                    conn=self._recorder.conn,
                    n=turn.n,
                    action=_action(turn.verdict, sent),
                    sent=sent if isinstance(sent, bytes) else None,
                    held=round(now - turn.since, 6),
                )
            )
            self._recorder.holds_changed()
        return turn.n

    def _count(self, frame: Frame, sent: Sent, ahead: int) -> None:
        if self.ledger is None:
            return
        received = int(is_stanza(frame)) if sent is UNCHANGED else stanzas_in(sent or b"")
        if is_stanza(frame):
            self.ledger.leave(received, ahead, sent)
        elif received and isinstance(sent, bytes):
            self.ledger.put_in(sent)

    def _follow(self, verdict: Verdict, n: int, now: float) -> None:
        """What a verdict wants besides."""
        if verdict is FORWARD:
            return
        for note in verdict.notes:
            self._recorder.note(now, note, n)
        for mark in verdict.marks:
            self._recorder.add(Mark(t=now, text=mark, conn=self._recorder.conn))
        if verdict.behind:
            self._injections.append((verdict.behind, None))
        if verdict.toxics:
            self.sink.poison(verdict.toxics, now)
        if verdict.back or verdict.end is not None:
            self.wishes.append(verdict)

    # --- what is put in

    def inject(self, data: bytes, now: float, stream: Framer | None = None) -> None:
        """Send bytes of our own to the sink, behind the frame that is on its way.

        `stream` is the framer of the stream they stand in, if it is not the source's present one.
        """
        self._injections.append((data, stream))
        self._flush(now)
        if self.ends:
            self.forget_injections(now)

    def forget_injections(self, now: float) -> None:
        """Tell what has not been put in, and never will be."""
        for data, _ in self._injections:
            what = f"{len(data)} bytes were not injected towards the {self.sink.side}"
            self._recorder.note(now, f"{what}: the stream has ended")
        self._injections.clear()

    def _flush(self, now: float) -> None:
        while self._injections and self._is_between_frames:
            data, stream = self._injections.popleft()
            self.sink.send(data)
            framer = (stream or self.source.framer).beside()
            framer.receive_data(data)
            while frame := framer.next_frame() or framer.end():
                self._recorder.frame(now, self.direction, frame, injected=True)
                if self.ledger is not None and is_stanza(frame):
                    self.ledger.put_in(frame.data)

    @property
    def _is_between_frames(self) -> bool:
        """Whether what has left ends with a whole frame, and the next one may be our own."""
        return not (self.passed or self.source.framer.oversize or self.ends)


def _action(verdict: Verdict, sent: Sent) -> Action:
    """What a capture calls it."""
    if sent is UNCHANGED:
        return "forward"
    if sent is None:
        return "drop"
    return "duplicate" if verdict.copies > 1 else "replace"
