"""Scene: a recorded session played to one client, step by step, without input and output."""

# Theory of operation
#
# The recorded lines of both sides stand in one order. A cursor walks along them. At a line of the
# client it waits until the live client has said something of the same meaning; at a line of the
# server it waits as long as the recorded server did, and the line goes out. So everything comes
# after the same triggers, in the recorded order, at the recorded pace, as long as the client does
# what it did.
#
# A live client does things in another order, or not at all. Therefore answers do not depend on the
# cursor: they are due when the request has come and the recorded time has passed, wherever the
# cursor is. Both kinds of lines leave by the time when they are due, then by their number.
#
# Every wait of the cursor has a limit. When it is over, that is said, and the cursor goes on.

import heapq
from collections import deque
from dataclasses import dataclass
from typing import Final, Protocol

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.quoting import quoteattr
from xmppspy.protocol.tokens import attribute_spans, attribute_value, start_tag, tokens
from xmppspy.replay.matching import fingerprint, meaning
from xmppspy.replay.remap import Remap
from xmppspy.replay.script import PING, Line, Role, Script

SESSION: Final = "urn:ietf:params:xml:ns:xmpp-session"
BATCH: Final = 1024
"""Stanzas that leave at once when there is no time between them."""

_REFERRING: Final = frozenset({"id", "queryid", "sid"})


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a recording is played."""

    speed: float = 1.0
    """Recorded delays are divided by it; infinite for none."""
    idle_limit: float = float("inf")
    """Seconds that no recorded delay is longer than, before it is divided."""
    patience: float = 10.0
    """Seconds that a trigger may be late, compared with the recording."""

    def delay(self, recorded: float) -> float:
        """How long a recorded delay is now."""
        return min(max(recorded, 0.0), self.idle_limit) / self.speed


class Cues(Protocol):
    """What a scene knows of the other scenes that are played at the same time."""

    def given(self, cause: tuple[int, int]) -> bool:
        """Whether a recorded client, by its connection, has said its frame of that number.

        Also when nobody plays that client.
        """

    def say(self, text: str, *, serious: bool = False) -> None:
        """Tell a person; `serious` when the client does what the recording does not hold."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be sent now."""

    data: bytes = b""
    stanzas: int = 0
    asks: bool = False
    """An acknowledgement is to be asked for."""
    ends: bool = False
    """The stream is to be ended."""


class Scene:
    """One client's session. Times are seconds of one clock that never goes back.

    Show it every stanza of the client (`take`), then ask for `next` until it gives None; ask again
    at `wake_at`, and when another scene's client has said something.
    """

    def __init__(self, script: Script, remap: Remap, pace: Pace, cues: Cues, now: float) -> None:
        self._script, self._remap, self._pace, self._cues = script, remap, pace, cues
        self._matcher = script.matcher()
        self._at = 0
        self._come: dict[int, float] = {}  # when the client's lines came, by number
        self._done: set[int] = set()  # answers that left
        self._answers: list[tuple[float, int, str | None]] = []  # when due, number, live id
        self._replies: deque[bytes] = deque()  # of our own
        self._live, self._recorded = now, script.begin  # the same moment by both clocks
        self._since: float | None = None  # when the cursor's wait began
        self._now = now
        self.wake_at: float | None = None
        """When there is something to do without the client; None when there is nothing."""
        self.come: set[int] = set()
        """The numbers of the recorded frames of the client that it has said by now."""

    @property
    def over(self) -> bool:
        """Whether everything that was recorded has been played."""
        return self._at > self._script.last_said and not self._answers

    @property
    def left(self) -> int:
        """How many of the server's lines were not played."""
        return sum(
            line.role is Role.SAID or (line.role is Role.ANSWER and index not in self._done)
            for index, line in enumerate(self._script.lines[self._at :], self._at)
        )

    def resume(self, now: float) -> None:
        """The client was away, and is back: no time has passed for it."""
        away = now - self._now
        self._live += away
        self._since = None if self._since is None else self._since + away

    # --- the client

    def take(self, frame: Frame, now: float) -> None:
        """The client has said a stanza."""
        self._now = now
        to = None if frame.to is None else self._remap.recorded_jid(frame.to)
        what = meaning(frame, frame.type, to, self._script.identity.bare)
        says = fingerprint(frame)
        index = self._matcher.match(what, says)
        if index is None and self._is_request(frame):
            index = self._matcher.repeated(what, says)
        if index is None:
            self._improvise(frame)
            return
        record = self._script.lines[index].turn.record
        self._learn(record, frame)
        self._come.setdefault(index, now)
        self.come.add(record.n)
        for answer in self._script.answers.get(index, ()):
            delay = self._pace.delay(self._script.lines[answer].t - record.t)
            heapq.heappush(self._answers, (now + delay, answer, frame.id))

    @staticmethod
    def _is_request(frame: Frame) -> bool:
        return frame.kind == "iq" and frame.type in ("get", "set")

    def _learn(self, record: FrameRecord, frame: Frame) -> None:
        """What the client calls otherwise than when it was recorded."""
        shared = record.kind != "iq"
        for recorded, live in zip(_names(record.data), _names(frame.data), strict=False):
            if recorded[0] != live[0]:
                break
            self._remap.learn_id(recorded[1], live[1], shared=shared)
        if record.to and frame.to and self._remap.live_jid(record.to) != frame.to:
            self._remap.learn_jid(record.to, frame.to)

    def _improvise(self, frame: Frame) -> None:
        """Answer what the recording does not hold."""
        if self._is_request(frame) and {PING, SESSION}.intersection(frame.ns):
            self._replies.append(_reply(frame, "result", b""))
            return
        known = f"the client's {describe(frame)} is not in the recording"
        if self._is_request(frame):
            error = (
                f'<error type="cancel"><service-unavailable xmlns="{ns.STANZA_ERRORS}"/></error>'
            )
            self._replies.append(_reply(frame, "error", error.encode()))
            known += "; answered service-unavailable"
        self._cues.say(known, serious=True)

    # --- the server

    def next(self, now: float) -> Piece | None:
        """What is to be sent now; None when nothing is, until `wake_at` or the client speaks."""
        self._now = now
        if self._replies:
            return Piece(self._replies.popleft(), 1)
        said = self._advance(now)
        answer = self._answers[0][:2] if self._answers else None
        due = min((each for each in (said, answer) if each is not None), default=None)
        if due is None or due[0] > now:
            self._wake(due)
            return None
        return self._answer() if due == answer else self._line(due)

    def _wake(self, due: tuple[float, int] | None) -> None:
        limits = [] if due is None else [due[0]]
        if self._since is not None and self._at <= self._script.last_said:
            limits.append(self._limit())
        self.wake_at = min(limits, default=None)

    def _advance(self, now: float) -> tuple[float, int] | None:
        """Move the cursor to the next line that is to be said; when it is due, and its number."""
        lines = self._script.lines
        while self._at < len(lines):
            line = lines[self._at]
            if line.role is Role.TRIGGER:
                if not self._triggered(line, now):
                    return None
            elif line.role is Role.ANSWER:
                if not self._answered(line):
                    return None
            elif line.role is not Role.OPTIONAL:
                if line.cause is not None and not self._caused(line.cause, now):
                    return None
                return self._live + self._pace.delay(line.t - self._recorded), self._at
            self._at += 1
            self._since = None
        return None

    def _triggered(self, line: Line, now: float) -> bool:
        """Whether the cursor may pass a line of the client."""
        come = self._come.get(self._at)
        if come is None:
            if not self._waited(now):
                return False
            self._cues.say(
                f"the client's {describe(line.turn.record)} did not come within "
                f"{self._allowance():.3g} s; going on without it"
            )
            come = now
        self._live, self._recorded = max(self._live, come), line.t
        return True

    def _answered(self, line: Line) -> bool:
        """Whether the cursor may pass an answer: it has left, or nobody asked."""
        return self._at in self._done or line.request not in self._come

    def _caused(self, cause: tuple[int, int], now: float) -> bool:
        if self._cues.given(cause):
            self._since = None
            return True
        if not self._waited(now):
            return False
        self._cues.say(
            f"frame {cause[1]} of connection #{cause[0]} was not said within "
            f"{self._pace.patience:g} s; going on without it"
        )
        self._script.lines[self._at].cause = None  # for those who play it after this one, too
        self._since = None
        return True

    def _waited(self, now: float) -> bool:
        """Whether the cursor has waited long enough at this line."""
        if self._since is None:
            self._since = max(now, self._live)
        return self._at <= self._script.last_said and now >= self._limit()

    def _limit(self) -> float:
        return (self._since or 0.0) + self._allowance()

    def _allowance(self) -> float:
        """How long the line at the cursor is waited for: as it was recorded, and the patience."""
        recorded = max(self._script.lines[self._at].t - self._recorded, 0.0)
        return min(recorded, self._pace.idle_limit) + self._pace.patience

    def _answer(self) -> Piece:
        _, index, name = heapq.heappop(self._answers)
        self._done.add(index)
        data = self._remap.to_live(self._script.lines[index].data)
        if name is not None and self._script.lines[index].turn.record.kind == "iq":
            data = with_id(data, name)
        return Piece(data, 1)

    def _line(self, due: tuple[float, int]) -> Piece:
        """The line at the cursor, with those behind it that are due as well."""
        lines = self._script.lines
        first = lines[self._at]
        stop = self._at + 1
        if first.role is Role.SAID and self._pace.speed == float("inf") and not self._answers:
            stop = min(self._script.runs[self._at], self._at + BATCH)
            stop = max(stop, self._at + 1)
        data = b"".join(self._script.texts[self._at : stop])
        self._live, self._recorded = due[0], lines[stop - 1].t
        count = stop - self._at
        self._at, self._since = stop, None
        if first.role is Role.ASKING:
            return Piece(asks=True)
        if first.role is Role.END:
            return Piece(ends=True)
        return Piece(self._remap.to_live(data), count if first.turn.is_stanza else 0)


def describe(stanza: Frame | FrameRecord) -> str:
    """A stanza in words: `iq get jabber:iq:roster to juliet@capulet.example`."""
    words = [stanza.kind, stanza.type or "", " ".join(stanza.ns)]
    words += [f"to {stanza.to}" if stanza.to else ""]
    words += [f"(frame {stanza.n})" if isinstance(stanza, FrameRecord) else ""]
    return " ".join(word for word in words if word)[:200]


def with_id(data: bytes, name: str) -> bytes:
    """A stanza with another id."""
    tag = start_tag(data)
    if tag is not None:
        for key, start, stop in attribute_spans(data, tag.start, tag.stop):
            if key == "id":
                return data[:start] + quoteattr(name)[1:-1].encode() + data[stop:]
    return data


def _names(data: bytes) -> list[tuple[tuple[bytes, str], str]]:
    """The ids in a stanza, each with the element and the attribute that hold it."""
    return [
        ((token.name, key), attribute_value(data[start:stop]))
        for token in tokens(data)
        if token.kind in ("start", "empty")
        for key, start, stop in attribute_spans(data, token.start, token.stop)
        if key in _REFERRING
    ]


def _reply(frame: Frame, type_: str, content: bytes) -> bytes:
    attributes = f'type="{type_}"'
    if frame.id is not None:
        attributes += f" id={quoteattr(frame.id)}"
    if frame.to is not None:
        attributes += f" from={quoteattr(frame.to)}"
    if not content:
        return f"<iq {attributes}/>".encode()
    return f"<iq {attributes}>".encode() + content + b"</iq>"
