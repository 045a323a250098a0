"""Commands: what can be done, by which key; the help and the palette are made of the same table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

V = TypeVar("V")
"""What a command is done to: the viewer."""


def _always(_viewer: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command(Generic[V]):
    """Something that can be done."""

    name: str
    keys: str
    """With commas, as Textual names them; the first one is shown."""
    title: str
    help: str
    group: str
    run: Callable[[V], object]
    works: Callable[[V], bool] = _always
    """Whether it does anything here and now."""

    @property
    def key(self) -> str:
        """The key as people write it."""
        return shown(self.keys.split(",")[0])


@dataclass(frozen=True, slots=True)
class Table(Generic[V]):
    """All commands, and which of them are hinted at at the bottom."""

    commands: Mapping[str, Command[V]]
    """By their names."""
    at_list: Sequence[str]
    """Names of those to hint at while the list has the keys."""
    at_detail: Sequence[str]

    def of_group(self, group: str) -> Sequence[Command[V]]:
        """The commands of a group of the help."""
        return [command for command in self.commands.values() if command.group == group]

    def working(self, viewer: V) -> Sequence[Command[V]]:
        """The commands that do something here and now."""
        return [command for command in self.commands.values() if command.works(viewer)]

    def hinted(self, viewer: V, *, at_detail: bool) -> Sequence[Command[V]]:
        """What is to be hinted at here and now."""
        names = self.at_detail if at_detail else self.at_list
        return [self.commands[name] for name in names if self.commands[name].works(viewer)]


_NAMES: Final = {
    "slash": "/", "question_mark": "?", "semicolon": ";", "colon": ":", "number_sign": "#",
    "minus": "-", "plus": "+", "left_square_bracket": "[", "right_square_bracket": "]",
    "greater_than_sign": ">", "less_than_sign": "<", "escape": "Esc", "enter": "Enter",
    "tab": "Tab", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "space": "Space",
}  # fmt: skip


def shown(key: str) -> str:
    """A key as people write it."""
    if key.startswith("ctrl+"):
        return f"Ctrl-{key.removeprefix('ctrl+').upper()}"
    return _NAMES.get(key, key)
