"""Rounds: measure all contenders of all cases in turn, several times."""

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.harness.case import Bound, Case, Contenders
from benchmarks.harness.setting import Setting


@dataclass(slots=True)
class Results:
    """What was measured of one case: by contender and figure, a value a round."""

    case: Case
    values: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    @property
    def contenders(self) -> list[str]:
        """Those that were measured."""
        return list(dict.fromkeys(contender for contender, _ in self.values))

    @property
    def figures(self) -> list[str]:
        """The figures' names."""
        return list(dict.fromkeys(figure for _, figure in self.values))

    def judged(self, bound: Bound) -> float | None:
        """The median over the rounds of what is asked; None where it was not measured."""
        ours = self.values.get(bound.figure)
        if bound.beside is None:
            return statistics.median(ours) if ours else None
        theirs = self.values.get(bound.beside)
        if not ours or not theirs:
            return None
        return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def measure(cases: Sequence[Case], setting: Setting, rounds: int | None) -> list[Results]:
    """Measure `cases`, interleaved: each round goes through all contenders of all of them."""
    results = [Results(case) for case in cases]
    prepared = [(each, _prepared(each.case, setting)) for each in results]
    most = rounds or (1 if setting.quick else max(case.rounds for case in cases))
    for number in range(most):
        for each, contenders in prepared:
            if rounds or number < each.case.rounds:
                _measure(each, contenders, number + 1)
    return results


def _prepared(case: Case, setting: Setting) -> Contenders:
    _say(f"{case.name}: preparing")
    return case.contenders(setting)


def _measure(results: Results, contenders: Contenders, number: int) -> None:
    for contender, once in contenders.items():
        began = time.monotonic()
        figures = once()
        shown = ", ".join(f"{value:.4g} {name}" for name, value in figures.items())
        took = time.monotonic() - began
        _say(f"{results.case.name}, round {number}: {contender}: {shown} ({took:.0f} s)")
        for name, value in figures.items():
            results.values.setdefault((contender, name), []).append(value)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
