"""Help: what works here, made of the table of commands."""

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
    "★": "marked", "…": "was held", "⊘": "was dropped", "✎": "was changed", "+": "was put in",
    "✗": "an error", "!": "the linter finds an error", "?": "the linter finds a warning",
    "~": "an odd answer: late, twice, or to nothing",
}  # fmt: skip
_KEYS: Final = 16


def help_lines(viewer: "Viewer") -> list[Line]:
    """The lines of the help."""
    return list(_lines(viewer))


def _lines(viewer: "Viewer") -> Iterator[Line]:
    yield (("meta", "What does nothing here and now is grey."),)
    yield from _table("Moving", [(keys, said, True) for keys, said in _MOVES])
    for group, title in _GROUPS.items():
        commands = viewer.table.of_group(group)
        yield from _table(
            title, [(_keys(each), each.help, each.works(viewer)) for each in commands]
        )
    signs = [(sign, _SIGN_WORDS[sign], True) for signs in SIGNS for _, _, sign in signs]
    yield from _table("Signs before a row", signs)


def _keys(command: "Command[Viewer]") -> str:
    return " ".join(map(shown, command.keys.split(",")))


def _table(title: str, rows: list[tuple[str, str, bool]]) -> Iterator[Line]:
    yield ()
    yield (("title", title),)
    for keys, said, works in rows:
        gap = " " * max(_KEYS - cell_len(keys), 1)
        yield ("key" if works else "meta", f"  {keys}{gap}"), ("text" if works else "meta", said)
