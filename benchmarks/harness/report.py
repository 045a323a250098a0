"""The report: what was measured, as Markdown."""

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.harness.case import Bound
from benchmarks.harness.rounds import Results


def report(results: Sequence[Results]) -> str:
    """All tables: first what is asked and whether it holds, then a section a case."""
    return "\n".join([_summary(results), *(_section(each) for each in results)])


def _summary(results: Sequence[Results]) -> str:
    rows = [
        (each.case.name, *_judgement(bound, each.judged(bound)))
        for each in results
        for bound in each.case.bounds
    ]
    return "## What is asked, and what was found\n\n" + _table(
        ("case", "what", "must", "aim", "found", ""), rows
    )


def _judgement(bound: Bound, found: float | None) -> tuple[str, str, str, str, str]:
    sign = "≥" if bound.least else "≤"
    must, aim = (
        "" if limit is None else f"{sign} {_number(limit)} {bound.unit}"
        for limit in (bound.must, bound.aim)
    )
    if found is None:
        return bound.text, must, aim, "not measured", ""
    if bound.aim is not None and bound.holds(found, bound.aim):
        verdict = "reaches the aim"
    elif bound.must is None:
        verdict = "misses the aim"
    else:
        verdict = "holds" if bound.holds(found, bound.must) else "misses"
    return bound.text, must, aim, f"**{_number(found)}** {bound.unit}", verdict


def _section(results: Results) -> str:
    rows = []
    for contender in results.contenders:
        cells = [_cell(results.values.get((contender, figure))) for figure in results.figures]
        rows.append((contender, *cells))
    case = results.case
    head = f"## {case.title}\n\n`make bench CASE={case.name}`\n\n{case.text.strip()}\n\n"
    return head + _table(("", *results.figures), rows)


def _cell(values: list[float] | None) -> str:
    """The median, and the smallest and largest value behind it."""
    if not values:
        return "–"
    median = _number(statistics.median(values))
    if len(values) == 1:
        return median
    return f"{median} ({_number(min(values))}–{_number(max(values))})"


def _number(value: float) -> str:
    """A number with three digits that count."""
    if value >= 1000:
        return f"{round(value, -max(0, len(str(int(value))) - 3)):,.0f}"
    return f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
