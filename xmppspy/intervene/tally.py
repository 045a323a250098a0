"""Tally: what a rule has counted for one connection."""

from xmppspy.filters import Filter
from xmppspy.intervene.draws import Draws
from xmppspy.intervene.rules import Rule
from xmppspy.protocol.events import FrameRecord


class Tally:
    """One rule as it works on one connection.

    `filter` is the rule's, or one of this connection alone if it follows requests. Show `matches`
    each frame once; carry the rule out where it and `has_turn` say so.
    """

    def __init__(self, rule: Rule, filter_: Filter, draws: Draws) -> None:
        self.rule = rule
        self.filter = filter_
        self.matches = filter_.match
        self.matched = 0
        """How many frames have matched."""
        self.acted = 0
        """How many of them were acted upon."""
        self._draws = draws
        self._is_plain = rule.every == 1 and rule.first is None and rule.probability == 1.0

    @property
    def is_spent(self) -> bool:
        """Whether it will never act again."""
        return self.rule.first is not None and self.matched >= self.rule.first

    def has_turn(self, frame: FrameRecord) -> bool:
        """Count a match; whether it is one to act upon."""
        rule = self.rule
        if self.is_spent:
            return False
        self.matched += 1
        has_turn = self._is_plain or (
            self.matched % rule.every == 0
            and self._draws.of(rule.name, frame.dir).random() < rule.probability
        )
        self.acted += has_turn
        return has_turn
