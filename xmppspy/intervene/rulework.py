"""Rule work: the rules about frames as they work on one connection."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from xmppspy.intervene.actions import Scene
from xmppspy.intervene.carrying import Outcome, carried_out
from xmppspy.intervene.draws import Draws
from xmppspy.intervene.orders import Orders
from xmppspy.intervene.rules import Rule
from xmppspy.intervene.tally import Tally
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.toxics import Toxic
from xmppspy.protocol.verdicts import FORWARD, Verdict


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules have come to about one frame."""

    verdict: Verdict
    frame: FrameRecord
    """As it would leave by now."""
    begun: tuple[tuple[Rule, tuple[Toxic, ...]], ...] = ()
    """What they let be wrong with its direction from now on."""


class RuleWork:
    """All rules of a book, with what each has counted.

    `new_id` makes the ids of what they send.
    """

    def __init__(self, draws: Draws, new_id: Callable[[], str]) -> None:
        self._draws = draws
        self._new_id = new_id
        self._tallies: tuple[Tally, ...] = ()
        self.active: tuple[Tally, ...] = ()
        """Those of the rules that are on and not spent."""

    def follow(self, orders: Orders) -> None:
        """Let the rules of these orders work; rules that have worked before go on counting."""
        known = {tally.rule: tally for tally in self._tallies}
        rules = [rule for rule in orders.book.rules if isinstance(rule, Rule)]
        self._tallies = tuple(
            known.get(rule) or Tally(rule, orders.filter_for_one(rule.filter), self._draws)
            for rule in rules
        )
        on = {*orders.book.of_frames}
        self.active = tuple(t for t in self._tallies if t.rule in on and not t.is_spent)

    @property
    def counts(self) -> dict[Rule, tuple[int, int]]:
        """How many frames have matched each rule, and how many of them it has acted upon."""
        return {tally.rule: (tally.matched, tally.acted) for tally in self._tallies}

    def may_match(self, head: FrameRecord) -> bool:
        """Whether any rule could act upon a frame of which only the start tag is known."""
        return any(each.filter.follows or each.filter.may_match(head) for each in self.active)

    def look_at(self, frame: FrameRecord, opposite: StreamContext) -> Findings | None:
        """Carry out the rules that match; None when none does. `opposite`: the stream back."""
        matching = [tally for tally in self.active if tally.matches(frame)]
        if not matching:
            return None
        findings = Findings(FORWARD, frame)
        for tally in matching:
            if tally.has_turn(frame):
                draws = partial(self._draws.of, tally.rule.name, frame.dir)
                scene = Scene(findings.frame, frame, opposite, draws, self._new_id)
                outcome = carried_out(tally.rule, scene)
                findings = _more(findings, tally.rule, outcome)
                if outcome.is_last:
                    break
        if any(tally.is_spent for tally in matching):
            self.active = tuple(tally for tally in self.active if not tally.is_spent)
        return findings


def _more(findings: Findings, rule: Rule, outcome: Outcome) -> Findings:
    if outcome.verdict == FORWARD:
        return findings
    toxics = outcome.verdict.toxics
    begun = (*findings.begun, (rule, toxics)) if toxics else findings.begun
    verdict = outcome.verdict
    if findings.verdict is not FORWARD:
        verdict = findings.verdict.then(verdict)
    return Findings(verdict, outcome.scene.frame, begun)
