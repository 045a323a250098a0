"""Script: what a server says in one recorded session, and what each of its lines waits for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import Final

from xmppspy.analysis.identity import Identity
from xmppspy.analysis.responders import may_answer
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.matching import Matcher, Meaning, fingerprint, meaning
from xmppspy.replay.recording import Part, Turn

PING: Final = "urn:xmpp:ping"
CHAT_STATES: Final = "http://jabber.org/protocol/chatstates"

_SM: Final = frozenset({ns.SM, ns.SM_OLD})
_QUERY: Final = re.compile(rb"\bqueryid\s*=\s*[\"']([^\"']+)[\"']")
_NEGOTIATING: Final = frozenset({"features", "stream", "success", "proceed", "challenge"})


class Role(Enum):
    """What a recorded frame is to a server that plays it again."""

    TRIGGER = auto()
    """The client's; what comes behind it waits for it."""
    OPTIONAL = auto()
    """The client's; it comes by a timer or a whim, so nothing waits for it."""
    ANSWER = auto()
    """The server's, to a request of the client: it comes when the request has come."""
    SAID = auto()
    """The server's, of its own accord or for somebody else."""
    ASKING = auto()
    """The server asks for an acknowledgement (XEP-0198)."""
    END = auto()
    """The server ends the stream."""


@dataclass(slots=True)
class Line:
    """A recorded frame."""

    turn: Turn
    role: Role
    request: int | None = None
    """Of an answer, and of what comes with it: the number of the request's line."""
    cause: tuple[int, int] | None = None
    """Of what another recorded client said: its connection, and the number of its frame."""

    @property
    def t(self) -> float:
        """When it was said, in seconds since the capture was created."""
        return self.turn.t

    @property
    def data(self) -> bytes:
        """What is said."""
        return self.turn.record.data


@dataclass
class Script:
    """The lines of one session, in recorded order, over all the connections that carried it."""

    identity: Identity
    begin: float
    """When the session began, in seconds since the capture was created."""
    lines: list[Line] = field(default_factory=list)
    answers: dict[int, list[int]] = field(default_factory=dict)
    """The lines that answer a request, by the number of the request's line."""
    last_said: int = -1
    """The number of the last line that is not an answer."""
    runs: list[int] = field(default_factory=list)
    """For each line, where the lines end that go out one behind the other without any trigger."""
    texts: list[bytes] = field(default_factory=list)
    """What each line says, at hand for those that go out together."""

    def matcher(self) -> Matcher:
        """A matcher that expects the client's lines."""
        matcher = Matcher()
        for index, what, says in self._expected:
            matcher.expect(index, what, says)
        return matcher

    @cached_property
    def _expected(self) -> list[tuple[int, Meaning, str]]:
        """Number, meaning and fingerprint of the client's lines; each is parsed once."""
        found = []
        for index, line in enumerate(self.lines):
            if line.role in (Role.TRIGGER, Role.OPTIONAL):
                record = line.turn.record
                what = meaning(record, record.type, record.to, self.identity.bare)
                found.append((index, what, fingerprint(record)))
        return found


def write(parts: Sequence[Part]) -> Script:
    """The script of a session: of one connection, or of those that it was resumed on."""
    first = parts[0]
    begin = first.scene[0].t if first.scene else first.opened
    if first.negotiation:
        begin = first.negotiation[-1].t
    script = Script(parts[-1].identity, begin)
    asked: dict[str, list[int]] = {}
    left = False  # the client has ended its stream: the server's end is no more than an answer
    for turn in _turns(parts):
        left = left or (turn.dir == "c2s" and turn.record.kind == "/stream")
        role = _role(turn)
        if role is not None and not (left and role is Role.END):
            line = Line(turn, role)
            if role is Role.SAID:
                _pair(script, line, asked)
            elif turn.record.kind == "iq" and turn.record.type in ("get", "set"):
                asked.setdefault(turn.record.id or "", []).append(len(script.lines))
            script.lines.append(line)
    _find_companions(script)
    for index, line in enumerate(script.lines):
        if line.role in (Role.SAID, Role.END, Role.ASKING):
            script.last_said = index
    return script


def find_runs(script: Script) -> None:
    """Fill in `runs` and `texts`, when the causes of all lines are known."""
    script.runs = [0] * len(script.lines)
    script.texts = [line.data for line in script.lines]
    stop = len(script.lines)
    for index in reversed(range(len(script.lines))):
        line = script.lines[index]
        if line.role is not Role.SAID or line.cause is not None or not line.turn.is_stanza:
            stop = index
        script.runs[index] = stop


def _turns(parts: Sequence[Part]) -> Iterable[Turn]:
    """The scenes one behind the other; what a resumption repeated is left out."""
    seen: set[tuple[str, bytes]] = set()
    for number, part in enumerate(parts):
        repeating = number > 0
        for turn in part.scene:
            key = (turn.dir, turn.record.data)
            if repeating and turn.is_stanza and key in seen:
                continue
            repeating = repeating and (turn.is_stream_management or not turn.is_stanza)
            seen.add(key)
            yield turn


def _role(turn: Turn) -> Role | None:
    """What a frame is to a server that plays it; None when it is nothing."""
    record = turn.record
    if turn.is_stream_management:
        asks = turn.dir == "s2c" and record.kind == "r"
        return Role.ASKING if asks else None
    if record.kind == "/stream":
        return Role.END if turn.dir == "s2c" else None
    if turn.dir == "s2c":
        return None if record.kind in _NEGOTIATING else Role.SAID
    if not turn.is_stanza:
        return None
    return Role.OPTIONAL if _is_whim(record) else Role.TRIGGER


def _is_whim(record: FrameRecord) -> bool:
    """Whether a client sends such a thing when it likes: pings, chat states."""
    if record.kind == "iq":
        return PING in record.ns
    return record.kind == "message" and CHAT_STATES in record.ns and b"body" not in record.data


def _pair(script: Script, line: Line, asked: dict[str, list[int]]) -> None:
    """Find the request that a stanza of the server answers, if it is an answer."""
    record = line.turn.record
    if record.kind != "iq" or record.type not in ("result", "error"):
        return
    waiting = asked.get(record.id or "", [])
    for index in waiting:
        request = script.lines[index].turn.record
        if may_answer(request.to, record.from_, script.identity):
            waiting.remove(index)
            line.role, line.request = Role.ANSWER, index
            script.answers.setdefault(index, []).append(len(script.lines))
            return


def _find_companions(script: Script) -> None:
    """What comes with an answer, such as the messages of an archive (XEP-0313), goes with it."""
    for request, answers in script.answers.items():
        found = _QUERY.search(script.lines[request].data)
        if found is None:
            continue
        last = answers[-1]
        for index in range(request + 1, last):
            line = script.lines[index]
            if line.role is Role.SAID and found[1] in line.data:
                line.role, line.request = Role.ANSWER, request
                answers.insert(-1, index)
