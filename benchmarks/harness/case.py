"""Case: what is compared, in which figures, and what is asked of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.harness.setting import Setting

Figures: TypeAlias = Mapping[str, float]
"""Named figures of one measurement; the name tells the unit."""

Measure: TypeAlias = Callable[[], Figures]
"""Measures once."""

Contenders: TypeAlias = Mapping[str, Measure]
"""What is measured in turn, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What is asked of one figure, beside another one or by itself."""

    text: str
    figure: tuple[str, str]
    """Contender and figure."""
    beside: tuple[str, str] | None = None
    """What it is divided by, taken in the same round."""
    must: float | None = None
    aim: float | None = None
    least: bool = False
    """Whether it has to be at least that much, rather than at most."""
    unit: str = "×"

    def holds(self, value: float, limit: float) -> bool:
        """Whether a value is good enough."""
        return value >= limit if self.least else value <= limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A comparison. Its contenders are measured in turn, round by round."""

    name: str
    title: str
    text: str
    """What is measured and how: Markdown."""
    contenders: Callable[[Setting], Contenders]
    """Prepares all, and gives what can be measured on this machine."""
    bounds: tuple[Bound, ...] = ()
    rounds: int = 5
    """Measurements of each contender, unless a quick answer is wanted."""
