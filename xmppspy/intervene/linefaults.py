"""Line faults: what is wrong with the lines of one connection, as rules want it."""

from collections.abc import Hashable, Iterable

from xmppspy.intervene.draws import Draws
from xmppspy.intervene.rules import LineRule
from xmppspy.protocol.events import Direction
from xmppspy.protocol.toxics import Toxic


class LineFaults:
    """The toxics of both directions: those of line rules, and those that rules about frames began.

    Of each kind the last one counts.
    """

    def __init__(self) -> None:
        self._lasting: dict[Direction, list[Toxic]] = {"c2s": [], "s2c": []}
        self._begun: dict[Direction, dict[Hashable, tuple[Toxic, ...]]] = {"c2s": {}, "s2c": {}}

    def follow(self, rules: Iterable[LineRule], draws: Draws) -> None:
        """Let these rules work, and no others, as far as chance wants it for this connection."""
        self._lasting = {"c2s": [], "s2c": []}
        for rule in rules:
            if rule.probability < 1.0 and draws.once(rule.name) >= rule.probability:
                continue
            toxics = [action.toxic for action in rule.actions if action.toxic is not None]
            for direction in rule.directions:
                self._lasting[direction] += toxics

    def begin(self, cause: Hashable, direction: Direction, toxics: tuple[Toxic, ...]) -> None:
        """A frame has brought more of them, because of a rule or something else."""
        self._begun[direction][cause] = toxics

    def end_all_but(self, causes: Iterable[Hashable]) -> None:
        """Let those end that were begun by anything else than these."""
        kept = {*causes}
        for direction, begun in self._begun.items():
            self._begun[direction] = {key: each for key, each in begun.items() if key in kept}

    def of(self, direction: Direction) -> tuple[Toxic, ...]:
        """What is wrong with a direction."""
        toxics = [*self._lasting[direction]]
        for begun in self._begun[direction].values():
            toxics += begun
        return tuple({type(toxic): toxic for toxic in toxics}.values())
