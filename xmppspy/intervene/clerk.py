"""Clerk: passes the verdicts on the frames of one session."""

# A frame is looked at by the rules, in their order; then by whoever else is asked, if anybody is,
# for whom it waits; then by the breakpoint. Filters judge it as it was received, edits are made one
# after the other. Every frame of the session comes by here, so what need not be done is not: a
# clerk with nothing to do is idle, and a record of the frame is made once, when it is looked at.

from dataclasses import dataclass, replace
from typing import Final

from xmppspy.intervene.draws import Draws
from xmppspy.intervene.expectations import PATIENCE, Expectations, Expected, Report
from xmppspy.intervene.ids import Ids
from xmppspy.intervene.linefaults import LineFaults
from xmppspy.intervene.orders import Orders
from xmppspy.intervene.records import record_of, reread
from xmppspy.intervene.rules import Rule
from xmppspy.intervene.rulework import Findings, RuleWork
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import UNCHANGED, Direction, FrameRecord
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.toxics import Toxic
from xmppspy.protocol.verdicts import FORWARD, Hold, Judgement, Undecided, Verdict

_OPPOSITE: Final[dict[Direction, Direction]] = {"c2s": "s2c", "s2c": "c2s"}


_ASKED: Final = "asked"
"""What has let a fault begin, when it was no rule."""

_KEPT_BACK: Final[dict[Direction, Verdict]] = {
    "c2s": Verdict(data=None, notes=("the answer to an injected request, kept from the server",)),
    "s2c": Verdict(data=None, notes=("the answer to an injected request, kept from the client",)),
}


@dataclass(frozen=True, slots=True)
class _Question:
    """A frame about which somebody else was asked."""

    direction: Direction
    verdict: Verdict
    """What the rules say."""
    hold: Hold | None
    """What the breakpoint says."""
    until: float


class Clerk:
    """An `Interceptor` that follows orders; make one for each session by `Desk.clerk`."""

    def __init__(self, conn: int, orders: Orders, report: Report | None = None) -> None:
        self.conn = conn
        self.idle = True
        """Whether it forwards everything at present."""
        self._orders = orders
        self._report = report
        self._expected = Expectations()
        self._faults = LineFaults()
        self._questions: dict[int, _Question] = {}
        self._contexts: dict[Direction, StreamContext] = {}
        self._begin(orders)

    def _begin(self, orders: Orders) -> None:
        draws = self._draws = Draws(orders.seed, self.conn)
        self._work = RuleWork(draws, Ids(draws.of("", "")))
        self.follow(orders)

    # --- orders

    def follow(self, orders: Orders) -> None:
        """From now on do what these say. Another seed lets all counting begin anew."""
        before, self._orders = self._orders, orders
        if orders.seed != before.seed:
            self._begin(orders)
            return
        self._work.follow(orders)
        self._faults.follow(orders.book.of_lines, self._draws)
        is_same_asker = orders.asker is before.asker
        self._faults.end_all_but([*orders.book.of_frames, *([_ASKED] if is_same_asker else [])])
        stop = orders.stop
        self._hold = stop.hold if stop else None
        self._stops = orders.filter_for_one(stop.filter) if stop else None
        self._rest()

    def expect(
        self,
        id_: str,
        direction: Direction,
        now: float,
        *,
        responder: str | None = None,
        is_private: bool = False,
        seconds: float = PATIENCE,
    ) -> None:
        """A request with this id, to `responder`, was injected into a direction.

        Its answer will be reported, and when that is private kept from the peer.
        """
        until = now + seconds
        answer = Expected(id_, _OPPOSITE[direction], until, responder, is_private)
        self._expected.add(answer)
        self._rest()

    def toxics(self, direction: Direction) -> tuple[Toxic, ...]:
        """What is to be wrong with the line of a direction at present."""
        return self._faults.of(direction)

    @property
    def counts(self) -> dict[Rule, tuple[int, int]]:
        """How many frames have matched each rule, and how many of them it has acted upon."""
        return self._work.counts

    def _rest(self) -> None:
        """Be idle if there is nothing to do."""
        work = self._work.active or self._stops or self._orders.asker or self._expected
        self.idle = not work

    # --- the interceptor

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Whether a frame of which only the start tag is known could be anything but forwarded."""
        if self._expected.find(direction, head):
            return True
        record = record_of(self.conn, direction, head, 0.0)
        if self._work.may_match(record):
            return True
        stops, asker = self._stops, self._orders.asker
        if stops is not None and (stops.follows or stops.may_match(record)):
            return True
        return asker is not None and asker.wants(record)

    def judge(self, direction: Direction, frame: Frame, now: float) -> Judgement:
        """The verdict on a whole frame, or a question about it. Never fails."""
        self._contexts[direction] = frame.context
        record = record_of(self.conn, direction, frame, now)
        if self._expected and self._is_kept_back(frame, record):
            return _KEPT_BACK[direction]
        hold = self._hold if self._stops is not None and self._stops.match(record) else None
        verdict = FORWARD
        if self._work.active:
            opposite = self._contexts.get(_OPPOSITE[direction], frame.context)
            findings = self._work.look_at(record, opposite)
            if findings is not None:
                verdict = self._found(findings)
        asker = self._orders.asker
        if asker is not None and verdict.data is not None and verdict.end is None:
            asked = record if verdict.data is UNCHANGED else reread(record, verdict.data)
            question = asker.ask(asked, now)
            if question is not None:
                self._keep(
                    question, _Question(direction, verdict, hold, now + question.seconds), now
                )
                return replace(question, otherwise=_with_hold(verdict, hold))
        return _with_hold(verdict, hold)

    def answered(self, ticket: int, verdict: Verdict | None) -> Verdict | None:
        """Somebody who was asked has answered, with None that there is no answer.

        Settle the question with what this returns: the whole verdict on the frame. None: there is
        no such question.
        """
        question = self._questions.pop(ticket, None)
        if question is None:
            return None
        if verdict is None:
            return _with_hold(question.verdict, question.hold)
        if verdict.toxics:
            self._faults.begin(_ASKED, question.direction, verdict.toxics)
        return _with_hold(question.verdict.then(verdict), question.hold)

    # --- parts of a verdict

    def _is_kept_back(self, frame: Frame, record: FrameRecord) -> bool:
        """Report an answer that was expected; whether it is private."""
        expected = self._expected.take(record.dir, frame, record.t)
        self._rest()
        if expected is None:
            return False
        if self._report is not None:
            self._report(expected, record)
        return expected.is_private

    def _found(self, findings: Findings) -> Verdict:
        for rule, toxics in findings.begun:
            self._faults.begin(rule, findings.frame.dir, toxics)
        if not self._work.active:
            self._rest()
        return findings.verdict

    def _keep(self, asked: Undecided, question: _Question, now: float) -> None:
        """Remember a question, and forget those that have been given up."""
        while self._questions and self._questions[first := next(iter(self._questions))].until < now:
            del self._questions[first]  # those behind it were asked later
        self._questions[asked.ticket] = question


def _with_hold(verdict: Verdict, hold: Hold | None) -> Verdict:
    """What is dropped is not held; what a rule holds, is held as the rule says."""
    if verdict.data is None:
        return replace(verdict, hold=None) if verdict.hold else verdict
    return verdict.then(Verdict(hold=hold)) if hold and not verdict.hold else verdict
