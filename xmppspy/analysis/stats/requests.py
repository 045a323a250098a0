"""Requests: how many there were, how they were answered, and how quickly."""

import heapq
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.exchanges import MAX_PENDING, Answer, Exchanges, Request, State
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.stats.quantiles import Quantiles
from xmppspy.protocol.events import Direction, Event, FrameRecord

SLOWEST: Final = 10
MAX_NAMESPACES: Final = 200
"""Namespaces with percentiles of their own; the requests of others are counted in the totals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long answers took, in seconds. Percentiles of many answers are right to one percent."""

    namespace: str
    """Of the requests' payload; empty for all requests."""
    dir: Direction | None
    """Who asked; None for all requests."""
    count: int
    mean: float
    p50: float
    p90: float
    p99: float
    maximum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowAnswer:
    """One of the answers that took longest."""

    latency: float
    n: int
    t: float
    conn: int
    type: str
    """`result` or `error`."""
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReport:
    """All IQ requests that count: whose own frame does, or whose answer's."""

    requests: int
    answered: int
    errors: int
    """Answers that are errors."""
    states: dict[str, int]
    """Answers by how they stand to a request: see `State`."""
    unanswered: int
    """Requests without an answer when their session, or the capture, ended."""
    latencies: tuple[Latency, ...]
    """By namespace and who asked, the most frequent first."""
    total: Latency
    slowest: tuple[SlowAnswer, ...]
    without_id: int
    """Requests that cannot be answered, for lack of an id; not among the unanswered ones."""
    dropped: int
    """Requests that were given up because too many were outstanding."""


class Requests:
    """Follows all requests of a capture; `identities` are shown each event first."""

    def __init__(self, identities: Identities) -> None:
        self._exchanges = Exchanges(identities)
        self._counting: Bounded[int, Request | None] = Bounded(MAX_PENDING)
        self._requests = self._errors = self._unanswered = self._without_id = 0
        self._states = dict.fromkeys(State, 0)
        self._total = Quantiles()
        self._latencies: dict[tuple[str, Direction], Quantiles] = {}
        self._slowest: list[tuple[float, int, SlowAnswer]] = []

    def see(self, event: Event, *, counts: bool) -> Answer | None:
        """Take the next event; returns what `Exchanges.see` does."""
        answer = self._exchanges.see(event)
        self._give_up(self._exchanges.take_unanswered())
        if answer is not None:
            self._answer(answer, counts=counts)
        elif counts and isinstance(event, FrameRecord) and _is_request(event):
            self._requests += 1
            self._without_id += event.id is None
            self._counting.put(event.n, None)
        return answer

    def report(self) -> RequestReport:
        """What was found so far; requests still outstanding are unanswered."""
        outstanding = sum(1 for each in self._exchanges.pending() if each.n in self._counting)
        latencies = [
            _latency(namespace, direction, each)
            for (namespace, direction), each in self._latencies.items()
        ]
        return RequestReport(
            requests=self._requests,
            answered=self._total.count,
            errors=self._errors,
            states={state.value: count for state, count in self._states.items()},
            unanswered=self._unanswered + outstanding,
            latencies=tuple(sorted(latencies, key=lambda each: (-each.count, each.namespace))),
            total=_latency("", None, self._total),
            slowest=tuple(each for _, _, each in sorted(self._slowest, key=lambda each: -each[0])),
            without_id=self._without_id,
            dropped=self._exchanges.dropped,
        )

    def _give_up(self, requests: list[Request]) -> None:
        for request in requests:
            if request.n in self._counting:
                self._counting.pop(request.n)
                self._unanswered += 1

    def _answer(self, answer: Answer, *, counts: bool) -> None:
        request = answer.request
        asked = request is not None and request.n in self._counting
        if not asked and not counts:
            return
        self._states[answer.state] += 1
        if request is None or answer.latency is None:
            return
        if asked:
            self._counting.pop(request.n)
        else:
            self._requests += 1
        self._errors += answer.type == "error"
        self._measure(answer, request, answer.latency)

    def _measure(self, answer: Answer, request: Request, latency: float) -> None:
        self._total.add(latency)
        key = request.namespace, request.dir
        if key not in self._latencies and len(self._latencies) < MAX_NAMESPACES:
            self._latencies[key] = Quantiles()
        if key in self._latencies:
            self._latencies[key].add(latency)
        slow = SlowAnswer(
            latency=latency,
            n=answer.n,
            t=answer.t,
            conn=answer.conn,
            type=answer.type,
            request=request,
        )
        heapq.heappush(self._slowest, (latency, -answer.n, slow))
        if len(self._slowest) > SLOWEST:
            heapq.heappop(self._slowest)


def _is_request(record: FrameRecord) -> bool:
    return record.kind == "iq" and record.xmlns is None and record.type in ("get", "set")


def _latency(namespace: str, direction: Direction | None, measured: Quantiles) -> Latency:
    return Latency(
        namespace=namespace,
        dir=direction,
        count=measured.count,
        mean=round(measured.mean, 6),
        p50=round(measured.quantile(0.5), 6),
        p90=round(measured.quantile(0.9), 6),
        p99=round(measured.quantile(0.99), 6),
        maximum=measured.maximum,
    )
