"""Commands: what can be done, by which key; the help and the palette are made of the same table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from xmppspy.view.tui.app import Viewer

Run: TypeAlias = "Callable[[Viewer], object]"


def _always(_viewer: "Viewer") -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done."""

    name: str
    keys: str
    """With commas, as Textual names them; the first one is shown."""
    title: str
    help: str
    group: str
    run: Run
    works: "Callable[[Viewer], bool]" = _always
    """Whether it does anything here and now."""

    @property
    def key(self) -> str:
        """The key as people write it."""
        return shown(self.keys.split(",")[0])


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
