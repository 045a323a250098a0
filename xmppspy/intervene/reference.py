"""The tables of the manual about rules, made from what rules can say."""

from collections.abc import Iterable, Iterator
from typing import Final

from xmppspy.intervene.kinds import Kind
from xmppspy.intervene.patterns import PLACES
from xmppspy.intervene.replies import CONDITIONS
from xmppspy.intervene.vocabulary import KINDS

BEGIN: Final = "<!-- made by scripts/update_rule_tables.py, do not edit -->"
END: Final = "<!-- end of what is made -->"


def markdown() -> str:
    """The tables."""
    of_frames = [kind for kind in KINDS.values() if kind.toxic is None]
    of_lines = [kind for kind in KINDS.values() if kind.toxic is not None]
    parts = (
        "### Actions on frames",
        _table(("action", "what becomes of the frame", "example"), map(_action, of_frames)),
        "### Faults of the line, in toxiproxy's words",
        _table(("action", "what is wrong", "example"), map(_action, of_lines)),
        "### What they can be told",
        "The first parameter of an action is the one that needs no name; those in bold are needed.",
        _table(("action", "parameter", "what it is"), _parameters()),
        "### Places to be filled in",
        _table(("place", "stands for"), ((f"`{{{name}}}`", said) for name, said in PLACES.items())),
        "### Conditions of errors, with their usual types",
        ", ".join(f"`{condition}` ({type_})" for condition, type_ in CONDITIONS.items()) + ".",
    )
    return "\n\n".join(parts) + "\n"


def updated(manual: str) -> str:
    """The manual's text with the tables between its two marks made anew."""
    before, _, rest = manual.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{markdown()}\n{END}{after}"


def _action(kind: Kind) -> tuple[str, str, str]:
    last = "; no further rule is looked at" if kind.is_last else ""
    return f"`{kind.name}`", kind.help + last, f"`{kind.example}`"


def _parameters() -> Iterator[tuple[str, str, str]]:
    for kind in KINDS.values():
        for parameter in kind.parameters:
            name = f"`{parameter.name}`"
            yield f"`{kind.name}`", f"**{name}**" if parameter.is_needed else name, parameter.help


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
