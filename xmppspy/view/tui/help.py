"""Help: what works here, made of the table of commands."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from xmppspy.view.tui.columns import SIGNS
from xmppspy.view.tui.commands import Command, shown
from xmppspy.view.tui.lines import Line

if TYPE_CHECKING:
    from xmppspy.view.tui.app import Viewer

_GROUPS: Final = {
    "look": "Looking closely",
    "find": "Filtering and searching",
    "go": "Going somewhere",
    "act": "Acting, on a running proxy",
    "keep": "Keeping",
    "view": "View",
}
_MOVES: Final = (
    ("↑ ↓  j k", "one row"),
    ("PgUp PgDn", "a page; also Ctrl-B, Ctrl-F, Space"),
    ("g G  Home End", "the first row; the last row, and follow"),
    ("← → Enter", "in the detail: fold, unfold, either"),
    ("+", "in the detail: fold what is inside, or unfold all"),
)
_SIGN_WORDS: Final = {
    "★": "marked", "…": "is or was held", "⊘": "was dropped", "✎": "was changed", "+": "was put in",
    "✗": "an error", "!": "the linter finds an error", "?": "the linter finds a warning",
    "~": "an odd answer: late, twice, or to nothing",
}  # fmt: skip
_KEYS: Final = 16
_TWO: Final = 150
"""Columns from which on there are two columns."""


def help_lines(viewer: "Viewer", width: int) -> list[Line]:
    """The lines of the help, in two columns where these fit."""
    remark = (("meta", "What does nothing here and now is grey."),)
    tables = [list(table) for table in _tables(viewer)]
    if width < _TWO:
        return [remark, *itertools.chain(*tables)]
    half = sum(map(len, tables)) // 2
    left, right = list[Line](), list[Line]()
    for table in tables:
        (left if len(left) + len(table) // 2 <= half and not right else right).extend(table)
    return [remark, *_beside(left, right, width // 2)]


def _tables(viewer: "Viewer") -> Iterator[Iterator[Line]]:
    yield _table("Moving", [(keys, said, True) for keys, said in _MOVES])
    for group, title in _GROUPS.items():
        commands = viewer.table.of_group(group)
        yield _table(title, [(_keys(each), each.help, each.works(viewer)) for each in commands])
    signs = [(sign, _SIGN_WORDS[sign], True) for signs in SIGNS for _, _, sign in signs]
    yield _table("Signs before a row", signs)


def _beside(left: list[Line], right: list[Line], width: int) -> Iterator[Line]:
    for one, other in itertools.zip_longest(left, right, fillvalue=()):
        gap = width - sum(cell_len(text) for _, text in one)
        yield (*one, ("text", " " * gap), *other)


def _keys(command: "Command[Viewer]") -> str:
    return " ".join(map(shown, command.keys.split(",")))


def _table(title: str, rows: list[tuple[str, str, bool]]) -> Iterator[Line]:
    yield ()
    yield (("title", title),)
    for keys, said, works in rows:
        gap = " " * max(_KEYS - cell_len(keys), 1)
        yield ("key" if works else "meta", f"  {keys}{gap}"), ("text" if works else "meta", said)
