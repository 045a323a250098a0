"""Outlet: where one direction leaves, and where it is recorded what has left."""

from collections import deque
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from xmppspy.protocol.events import UNCHANGED, FateDecided, Mark, Unchanged
from xmppspy.protocol.frames import Run
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.ledger import Ledger
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.line import BACKLOG
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.stanzas import is_counted, is_stanza, name_of, stanzas_in
from xmppspy.protocol.verdicts import FORWARD, Verdict
from xmppspy.protocol.waiting import Waiting

Sent: TypeAlias = bytes | Literal[Unchanged.UNCHANGED] | None
Action: TypeAlias = Literal["forward", "drop", "replace", "duplicate"]

MOST_COPIED: Final = 32 * 1024 * 1024
"""Bytes that the copies of a frame have together at most: its sender, who chooses its size, does not
choose how much memory they take."""


class Outlet:
    """Sends what one side has said, or what is said in its stead, to the other, the sink.

    A frame can leave in parts, as it arrives: `passed` is how much of it has left. What is put in
    waits for the end of such a frame.
    """

    def __init__(self, source: Leg, sink: Leg, recorder: Recorder) -> None:
        self.source, self.sink = source, sink
        self.direction = source.side.direction
        self.passed = 0
        self.is_open = False
        """Whether the sink is in a stream, so that an element may follow."""
        self.ends = False
        """Whether nothing more can be put in, because the source has ended."""
        self.ledger: Ledger | None = None
        """How the stanzas are numbered, once stream management counts them."""
        self.kept: list[Waiting] = []
        """What was recorded, and leaves when something else has been done."""
        self.wishes: deque[Verdict] = deque()
        """Verdicts that were carried out, and want something of the other direction, or an end."""
        self._recorder = recorder
        self._injections: deque[tuple[bytes, Framer | None]] = deque()
        self._queued = 0  # bytes of them

    # --- frames

    def forward(self, frame: Frame, now: float) -> int:
        """Record a frame and send what has not left of it yet; return its number."""
        if self.sink.line is not None:
            return self.leave(Waiting(frame, now), frame, frame.data, now)
        skip = self._take_passed(frame.data) if self.passed else 0
        self.sink.send(frame.data[skip:] if skip else frame.data)
        if self.ledger is not None and is_counted(frame):
            self.ledger.leave()
        n = self._recorder.frame(now, self.direction, frame)
        if self._injections:
            self._flush(now)
        return n

    def forward_run(self, run: Run, now: float) -> None:
        """Record the stanzas of a run and send them."""
        skip = self._take_passed(run.data) if self.passed else 0
        self.sink.send(run.data[skip:] if skip else run.data)
        if self.ledger is not None:
            for _ in range(run.number):
                self.ledger.leave()
        self._recorder.run(now, self.direction, run)
        if self._injections:
            self._flush(now)

    def leave(self, turn: Waiting, frame: Frame, data: bytes | None, now: float) -> int:
        """Record the frame whose turn it is and send `data` in its stead; return its number.

        `frame` is what it has become, of which a part may have left already.
        """
        skip = self._take_passed(frame.data)
        copies = _copies(turn.verdict, data or b"")
        whole = frame.data[:skip] if data is None else data * copies
        left = whole[: skip + self.sink.send(whole[skip:])]
        sent: Sent = UNCHANGED if left == turn.frame.data else left or None
        n = self._record(turn, sent, now)
        if self.ledger is not None:
            self._count(self.ledger, turn, sent, is_lost=len(left) < len(whole))
        if data and copies < turn.verdict.copies:
            too_many = f"not {turn.verdict.copies:,}, which would be over {MOST_COPIED:,} bytes"
            self._recorder.note(now, f"copies that left: {copies:,}, {too_many}", n)
        if turn.verdict is not FORWARD:
            self._follow(turn.verdict, n, now)
        self._flush(now)
        return n

    def keep_back(self, turn: Waiting, now: float) -> int:
        """Record a frame that leaves when something else has been done; return its number."""
        if turn.n is None:
            turn.n = self._recorder.frame(now, self.direction, turn.frame)
        self.kept.append(turn)
        return turn.n

    def release(self, now: float) -> None:
        """Let leave what was kept back."""
        while self.kept:
            turn = self.kept.pop(0)
            self.leave(turn, turn.frame, turn.data, now)
            self.is_open = self.is_open or turn.frame.kind == "stream"

    def drop_kept(self, now: float) -> None:
        """What was kept back will never leave."""
        while self.kept:
            self.drop(self.kept.pop(0), now)

    def stream(self) -> None:
        """Let the bytes at hand of the arriving frame leave."""
        framer = self.source.framer
        self.sink.send(framer.peek(self.passed))
        self.passed = framer.unfinished

    def drop(self, waiting: Waiting, now: float) -> None:
        """Nothing of a frame that waited will leave, because the connection has ended."""
        self._record(waiting, None, now)

    def _take_passed(self, data: bytes) -> int:
        """How much of what was read has left already; from here on it is the turn of what follows."""
        passed = min(self.passed, len(data))
        self.passed -= passed
        return passed

    # --- what is known of them

    def _record(self, turn: Waiting, sent: Sent, now: float) -> int:
        if turn.n is None:
            turn.n = self._recorder.frame(now, self.direction, turn.frame, sent=sent)
        elif turn.waits or sent is not UNCHANGED:
            self._recorder.add(
                FateDecided(
                    t=now,
                    conn=self._recorder.conn,
                    n=turn.n,
                    action=_action(turn.verdict, sent),
                    sent=sent if isinstance(sent, bytes) else None,
                    held=round(now - turn.since, 6) if turn.waits else None,
                )
            )
        if turn.is_shown:
            self._recorder.holds_changed()
        return turn.n

    def _count(self, ledger: Ledger, turn: Waiting, sent: Sent, *, is_lost: bool) -> None:
        left = b"" if is_lost or sent is None else sent
        if is_counted(turn.frame):
            if is_lost:
                ledger.lose(turn.ahead)
                return
            received = 1 if left is UNCHANGED else stanzas_in(left, turn.frame.context)
            ledger.leave(received, turn.ahead, sent, name_of(turn.frame))
        elif left is not UNCHANGED:
            for frame in self._framed(left):
                if is_stanza(frame):
                    ledger.put_in(frame.data)

    def _follow(self, verdict: Verdict, n: int, now: float) -> None:
        """What a verdict wants besides."""
        for note in verdict.notes:
            self._recorder.note(now, note, n)
        for mark in verdict.marks:
            self._recorder.add(Mark(t=now, text=mark, conn=self._recorder.conn))
        if verdict.behind:
            self.inject(verdict.behind, now)
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
        self._queued += len(data)
        self._flush(now)
        if self.ends:
            self.forget_injections(now)

    def forget_injections(self, now: float) -> None:
        """Tell what has not been put in, and never will be."""
        for data, _ in self._injections:
            what = f"{len(data)} bytes were not injected towards the {self.sink.side}"
            self._recorder.note(now, f"{what}: the stream has ended")
        self._injections.clear()
        self._queued = 0

    @property
    def injects(self) -> bool:
        """Whether bytes of our own wait for the end of a frame."""
        return bool(self._injections)

    @property
    def is_full(self) -> bool:
        """Whether so much waits for the end of a frame that no more is to be caused."""
        return self._queued > BACKLOG

    def _flush(self, now: float) -> None:
        while self._injections and self._is_between_frames:
            data, stream = self._injections.popleft()
            self._queued -= len(data)
            left = self.sink.send(data)
            for frame in self._framed(data, stream):
                self._has_put_in(frame, left, now)
                left = max(left - len(frame.data), 0)

    def _framed(self, data: bytes, stream: Framer | None = None) -> Iterator[Frame]:
        """The frames that bytes of our own are in a stream, the source's unless told otherwise."""
        framer = (stream or self.source.framer).beside()
        framer.receive_data(data)
        while frame := framer.next_frame() or framer.end():
            yield frame

    def _has_put_in(self, frame: Frame, left: int, now: float) -> None:
        """Record a frame of our own, of which at most `left` bytes have left."""
        sent = UNCHANGED if left >= len(frame.data) else frame.data[:left] or None
        self._recorder.frame(now, self.direction, frame, sent=sent, injected=True)
        self.is_open = self.is_open or frame.kind == "stream"
        if self.ledger is not None and is_stanza(frame) and sent is UNCHANGED:
            self.ledger.put_in(frame.data)

    @property
    def _is_between_frames(self) -> bool:
        """Whether what has left ends with a whole frame, and the next one may be our own."""
        return not (self.passed or self.source.framer.oversize or self.ends)


def _copies(verdict: Verdict, data: bytes) -> int:
    """How often what is to leave does so."""
    return min(verdict.copies, max(MOST_COPIED // max(len(data), 1), 1))


def _action(verdict: Verdict, sent: Sent) -> Action:
    """What a capture calls it."""
    if sent is UNCHANGED:
        return "forward"
    if sent is None:
        return "drop"
    return "duplicate" if verdict.copies > 1 else "replace"
