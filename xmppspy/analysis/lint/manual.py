"""Manual: the rules in words, for `--explain` and docs/lint.md."""

from collections.abc import Iterable, Iterator
from typing import Final

from xmppspy.analysis.lint.catalog import RULES
from xmppspy.analysis.lint.examples import Example, Line, examples
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.rules import FAMILIES

BEGIN: Final = "<!-- made by scripts/lint_rules.py, do not edit -->"
END: Final = "<!-- end of what is made -->"
"""Between these marks stand the tables in docs/lint.md."""

_ARROWS: Final = {"c2s": "C→S", "s2c": "S→C"}
_UNTOLD: Final = frozenset({"event", "t", "conn"})


def severities(rule: Rule) -> str:
    """`error`, or `error, warning` where it has milder breaches."""
    return ", ".join(filter(None, (rule.severity, rule.lesser)))


def updated(page: str) -> str:
    """The page's text with the tables between its two marks made anew."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{_tables()}\n{END}{after}"


def _tables() -> str:
    seen = [
        (rule.id, severities(rule), _escaped(rule.title), rule.ref)
        for rule in RULES.values()
        if not rule.unseen
    ]
    unseen = [
        (rule.id, _escaped(rule.title), rule.ref, rule.unseen)
        for rule in RULES.values()
        if rule.unseen
    ]
    return (
        _table(("rule", "severity", "what is wrong", "section"), seen)
        + "\n### Not checked\n\n"
        + _table(("rule", "what is wrong", "section", "why it is not checked"), unseen)
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _escaped(title: str) -> str:
    return title.replace("<", "\\<").replace("|", "\\|")


def explanation(rule: Rule) -> str:
    """What a rule is about, with an example of what breaks it and one of what keeps it."""
    lines = [f"{rule.id} ({severities(rule)}): {rule.title}", f"    {rule.ref}"]
    if rule.unseen:
        lines += ["", f"Not checked: {rule.unseen}."]
    for clean, heading in ((False, "Wrong:"), (True, "Right:")):
        found = next((each for each in _examples(rule) if each.clean is clean), None)
        if found is not None:
            lines += ["", heading, *_lines(found)]
    return "\n".join(lines) + "\n"


def _examples(rule: Rule) -> Iterator[Example]:
    for module in FAMILIES:
        if any(each is rule for each in vars(module).values()) and not rule.unseen:
            yield from (
                each for each in examples(module.__name__.rpartition(".")[2])
                if each.rule == rule.id
            )  # fmt: skip


def _lines(example: Example) -> Iterator[str]:
    """Those of the example itself; what only sets the scene is left out."""
    own = [line for line in example.lines if not line.lent] or example.lines
    connections = {line.record.get("conn", 1) for line in own}
    for line in own:
        mark = "  ← here" if line.marked else ""
        conn = f"#{line.record.get('conn', 1)} " if len(connections) > 1 else ""
        yield f"    {conn}{_told(line)}{mark}"


def _told(line: Line) -> str:
    record = line.record
    if "xml" in record:
        told = str(record["xml"])
        shown = told if told.strip() and told.isprintable() else ascii(told)
        return f"{_ARROWS[record['dir']]} {shown}"
    details = (f"{key} {value}" for key, value in record.items() if key not in _UNTOLD)
    return f"({record['event']}: {', '.join(details)})"
