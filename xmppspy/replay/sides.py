"""Sides: one of two captures that are compared, as sessions: what was asked, answered and said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from xmppspy.analysis.exchanges import Exchanges
from xmppspy.analysis.identity import Identities, Identity
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.recording import Part

_LOGIN: Final = frozenset({ns.TLS, ns.SASL, ns.SASL2, ns.COMPRESS})
_ACKS: Final = frozenset({"r", "a"})
_QUERY: Final = re.compile(rb"\bqueryid\s*=\s*[\"']([^\"']{1,4000})[\"']")


@dataclass(slots=True)
class Exchange:
    """A request and its answer, if there is one."""

    request: FrameRecord
    answer: FrameRecord | None = None


@dataclass(slots=True)
class Session:
    """What one client and its server said, on one connection or on those it was resumed on."""

    parts: list[Part]
    exchanges: list[Exchange] = field(default_factory=list)
    remarks: list[FrameRecord] = field(default_factory=list)
    """What is neither a request nor an answer: messages, presence, stream ends, and the like."""
    about: dict[int, FrameRecord] = field(default_factory=dict)
    """The request that a remark belongs to (XEP-0313), by the number of the remark."""

    @property
    def identity(self) -> Identity:
        """Whose session it is."""
        return self.parts[0].identity

    @property
    def begin(self) -> float:
        """When it began, in seconds since the capture was created."""
        first = next(self.records(), None)
        return self.parts[0].opened if first is None else first.t

    @property
    def size(self) -> int:
        """How many frames of it are compared."""
        answers = sum(exchange.answer is not None for exchange in self.exchanges)
        return len(self.exchanges) + answers + len(self.remarks)

    def records(self) -> Iterator[FrameRecord]:
        """All its frames, in order."""
        for part in self.parts:
            yield from (turn.record for turn in chain(part.negotiation, part.scene))


def sessions(parts: Iterable[Part]) -> list[Session]:
    """The sessions of a capture in the order of their beginning; connections without frames have none."""
    found: list[Session] = []
    for part in parts:
        if not part.negotiation and not part.scene:
            continue
        resumed = _resumed(part, found)
        if resumed is None:
            found.append(Session([part]))
        else:
            resumed.parts.append(part)
    _pair(found)
    return found


def _resumed(part: Part, earlier: Sequence[Session]) -> Session | None:
    """The session that a connection goes on with (XEP-0198 §5)."""
    frames = (*part.negotiation, *part.scene[:1])
    full = part.identity.full
    if full is None or not any(b"<resumed" in turn.record.data for turn in frames):
        return None
    return next((each for each in reversed(earlier) if each.identity.full == full), None)


# --- requests and answers


def _pair(found: Sequence[Session]) -> None:
    """Tell requests, answers and all else apart; answers may come on another connection."""
    identities = Identities()
    exchanges = Exchanges(identities)
    asked: dict[int, Exchange] = {}
    said = [(record, session) for session in found for record in _compared(session)]
    for record, session in sorted(said, key=lambda pair: pair[0].n):
        identities.see(record)
        answer = exchanges.see(record)
        if record.kind == "iq" and record.type in ("get", "set"):
            asked[record.n] = exchange = Exchange(record)
            session.exchanges.append(exchange)
        elif answer is not None and answer.latency is not None and answer.request is not None:
            asked[answer.request.n].answer = record
        elif _is_compared(record):
            session.remarks.append(record)
    for session in found:
        _find_companions(session)


def _compared(session: Session) -> Iterator[FrameRecord]:
    """The frames of a session that are compared, or that tell whose it is."""
    for part in session.parts:
        yield from _outcome([turn.record for turn in part.negotiation])
        yield from (turn.record for turn in part.scene)


def _outcome(negotiation: Sequence[FrameRecord]) -> Iterator[FrameRecord]:
    """A negotiation without its way: the last headers and features, how the login ended, stanzas."""
    last: dict[tuple[str, str], int] = {}
    for index, record in enumerate(negotiation):
        last[_step(record)] = index
    for index, record in enumerate(negotiation):
        step = _step(record)
        if step[1] not in ("stream", "features", "login") or last[step] == index:
            yield record


def _step(record: FrameRecord) -> tuple[str, str]:
    is_outcome = record.kind in ("success", "failure") and record.xmlns in _LOGIN - {ns.TLS}
    return record.dir, "login" if is_outcome else record.kind


def _is_compared(record: FrameRecord) -> bool:
    """Whether what is no iq is of interest: not the steps of a login, and no acknowledgements."""
    if record.xmlns in _LOGIN:
        return record.kind in ("success", "failure") and record.xmlns != ns.TLS
    return record.xmlns not in (ns.SM, ns.SM_OLD) or record.kind not in _ACKS


def _find_companions(session: Session) -> None:
    """Messages of an archive belong to the request that names the same query."""
    queries = {}
    for exchange in session.exchanges:
        if query := _QUERY.search(exchange.request.data):
            queries[query[1]] = exchange.request
    for record in session.remarks:
        query = _QUERY.search(record.data) if queries else None
        if query is not None and query[1] in queries:
            session.about[record.n] = queries[query[1]]
