"""Steps: what recorded clients did and heard, all of them in the one order of the recording."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.casting import Character
from xmppspy.replay.recording import Part, Turn
from xmppspy.replay.roles import Role
from xmppspy.replay.script import Role as Kind

_LOGIN: Final = frozenset({"urn:ietf:params:xml:ns:xmpp-bind", "jabber:iq:auth"})
"""What the iqs of a login hold; it is done anew."""
_LOGIN_NONZAS: Final = frozenset({ns.TLS, ns.SASL, ns.SASL2, ns.COMPRESS})


class Act(Enum):
    """What a step is."""

    ENTER = auto()
    """A client logs in."""
    SAY = auto()
    """A client says something: a stanza, a nonza."""
    HEAR = auto()
    """Something came that is to come again."""
    LEAVE = auto()
    """A client ends its stream."""
    OVERHEAR = auto()
    """Something came when the client had ended its stream; it may come again, or not."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one client."""

    act: Act
    role: Role
    n: float
    """Its place in the order of the recording."""
    t: float
    """When it was, in seconds since the capture was created."""
    record: FrameRecord | None = None
    cause: int | None = None
    """The recorded connection whose client has caused what is heard; None when that is unknown."""


def steps(roles: Iterable[Role]) -> list[Step]:
    """All steps of these sessions, in the recorded order."""
    found = [step for role in roles for step in _steps(role)]
    return sorted(found, key=lambda step: step.n)


def _steps(role: Role) -> Iterator[Step]:
    """Each session enters once and leaves once; a resumption in between is not played."""
    parts = role.character.parts
    yield _entering(role, parts[0])
    last = yield from _scene(role)
    if last is None or last.act is not Act.LEAVE:
        yield _leaving(role, parts, last)


def _entering(role: Role, part: Part) -> Step:
    turn = (part.negotiation[-1:] or part.scene[:1])[0]
    before = 0.0 if part.negotiation else 0.5
    return Step(Act.ENTER, role, turn.record.n - before, turn.t)


def _scene(role: Role) -> Generator[Step, None, Step | None]:
    """The steps between; returns the last one before what may or may not come."""
    lines = {line.turn.record.n: line for line in role.character.script.lines}
    last: Step | None = None
    for turn in (turn for part in role.character.parts for turn in part.scene):
        line, act = lines.get(turn.record.n), _act(turn)
        if act is None or (turn.is_stanza and line is None):
            continue
        cause = line.cause[0] if line is not None and line.cause is not None else None
        step = Step(act, role, turn.record.n, turn.t, turn.record, cause)
        if last is None or last.act is not Act.LEAVE:
            last = step
            yield step
        elif act is Act.HEAR and turn.is_stanza:
            yield replace(step, act=Act.OVERHEAR)
    return last


def _act(turn: Turn) -> Act | None:
    record = turn.record
    if record.kind == "iq" and _LOGIN.intersection(record.ns):
        return None
    if turn.dir == "s2c":
        ends = record.kind == "/stream" or (record.kind, record.xmlns) == ("error", ns.STREAMS)
        return Act.HEAR if turn.is_stanza or ends else None
    if record.kind == "/stream":
        return Act.LEAVE
    if record.kind == "stream" or record.xmlns in _LOGIN_NONZAS:
        return None
    if turn.is_stream_management:
        return Act.SAY if record.kind in ("enable", "r") else None
    return Act.SAY


def _leaving(role: Role, parts: Sequence[Part], last: Step | None) -> Step:
    """A client that went without a word ends its stream today."""
    closed = parts[-1].closed
    if closed is None:
        return Step(Act.LEAVE, role, float("inf"), last.t if last else parts[-1].opened)
    return Step(Act.LEAVE, role, (last.n if last else 0) + 0.5, closed)


def answers(character: Character) -> dict[int, list[FrameRecord]]:
    """What answered each request of a client, by the number of the request, the answer last.

    Before it come the messages that belong to it, such as those of an archive (XEP-0313).
    """
    lines = character.script.lines
    return {
        lines[request].turn.record.n: [lines[each].turn.record for each in found]
        for request, found in character.script.answers.items()
    }


def requests(character: Character) -> dict[int, FrameRecord]:
    """What the server asked a client, by the number of the client's answer."""
    asked: dict[str, list[FrameRecord]] = {}
    found: dict[int, FrameRecord] = {}
    for line in character.script.lines:
        record = line.turn.record
        if record.kind != "iq":
            continue
        if line.role is Kind.SAID and record.type in ("get", "set"):
            asked.setdefault(record.id or "", []).append(record)
        elif line.role in (Kind.TRIGGER, Kind.OPTIONAL) and record.type in ("result", "error"):
            waiting = asked.get(record.id or "", [])
            if waiting:
                found[record.n] = waiting.pop(0)
    return found
