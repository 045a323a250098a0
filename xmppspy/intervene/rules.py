"""Rules: what is to be done to which frames, or to all bytes of a direction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from xmppspy.filters import Filter
from xmppspy.intervene.actions import Action
from xmppspy.protocol.events import Direction


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rule:
    """What is done to the frames that a filter matches."""

    name: str
    filter: Filter
    actions: tuple[Action, ...]
    every: int = 1
    """Each how many-th match counts."""
    first: int | None = None
    """How many matches count at most, per connection."""
    probability: float = 1.0
    """Of a match that counts, to be acted upon."""

    @property
    def is_last(self) -> bool:
        """Whether no further rule is looked at when it has acted."""
        return any(action.is_last for action in self.actions)

    @property
    def title(self) -> str:
        """What notes call it."""
        return self.name if self.name.startswith("rule ") else f"rule {self.name}"

    @property
    def words(self) -> str:
        """What it does, for listings and notes."""
        return ", ".join(map(str, self.actions))

    def __str__(self) -> str:
        return f"{str(self.filter) or 'everything'}: {self.words}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LineRule:
    """What is done to all bytes of a direction, as long as the connection lasts."""

    name: str
    directions: tuple[Direction, ...]
    actions: tuple[Action, ...]
    """All of them toxics."""
    probability: float = 1.0
    """Of a connection, to be concerned."""

    def __str__(self) -> str:
        where = "both directions" if len(self.directions) > 1 else self.directions[0]
        return f"all bytes of {where}: {', '.join(map(str, self.actions))}"


AnyRule: TypeAlias = Rule | LineRule


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, in their order, and which of them are switched off."""

    rules: tuple[AnyRule, ...] = ()
    disabled: frozenset[str] = frozenset()
    """Names of rules."""
    files: tuple[str, ...] = ()
    """Other files that were read for it, as the rules name them."""
    hints: tuple[str, ...] = ()
    """What looks like a mistake without being one, a sentence each."""

    @property
    def names(self) -> tuple[str, ...]:
        """Those of all rules."""
        return tuple(rule.name for rule in self.rules)

    @property
    def of_frames(self) -> tuple[Rule, ...]:
        """The rules about frames that are on."""
        return tuple(rule for rule in self._enabled if isinstance(rule, Rule))

    @property
    def of_lines(self) -> tuple[LineRule, ...]:
        """The rules about bytes that are on."""
        return tuple(rule for rule in self._enabled if isinstance(rule, LineRule))

    def switched(self, names: Iterable[str], *, on: bool) -> "RuleBook":
        """The same with some rules on or off."""
        disabled = self.disabled - {*names} if on else self.disabled | {*names}
        return replace(self, disabled=disabled)

    @property
    def _enabled(self) -> Iterable[AnyRule]:
        return (rule for rule in self.rules if rule.name not in self.disabled)


NO_RULES: Final = RuleBook()
