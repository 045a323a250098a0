"""Schemes: the colours of the interactive view, on dark and light ground, and as the terminal has.

Who cannot tell red from green misses nothing: the directions are orange and blue, and whatever
else a colour says is said by a sign, a word or bold letters, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rich.style import Style

from xmppspy.view.browse.row import TONES, tone
from xmppspy.view.theme import STYLES


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is painted how. Inks are those of a `Palette`."""

    name: str
    is_dark: bool
    inks: Mapping[str, str]
    """Styles of rich, by the names of inks."""
    ground: str
    """Behind everything else."""
    raised: str
    """Behind the lines at the top and at the bottom."""
    chosen: str
    """Behind the row at the cursor."""
    is_plain: bool = False
    """Whether the colours are the terminal's own."""


_DARK_INKS: Final = MappingProxyType({
    "c2s": "bold #e8a65a",
    "s2c": "bold #63b3ed",
    "text": "#d6d9e0",
    "kind": "bold #f0f2f6",
    "meta": "#818a99",
    "error": "bold #ff7b7b",
    "change": "#e18be1",
    "event": "#5bbfb5",
    "tag": "#6cb8dd",
    "attribute": "#b8a1ea",
    "value": "#a3c76d",
    "namespace": "#818a99",
    "comment": "italic #818a99",
    "escape": "#16181d on #ff7b7b",
    "aside": "italic #818a99",
    "found": "#16181d on #f2d06b",
    "key": "bold #8fb8ff",
    "title": "bold #f0f2f6",
    "conn0": "#c9c27c",
    "conn1": "#9ab0c9",
    "conn2": "#c9a97c",
    "conn3": "#8fbf9f",
    "conn4": "#c79bc4",
})  # fmt: skip
_LIGHT_INKS: Final = MappingProxyType({
    "c2s": "bold #9c5400",
    "s2c": "bold #0b5fae",
    "text": "#24292f",
    "kind": "bold #0f1419",
    "meta": "#66707c",
    "error": "bold #c0232c",
    "change": "#a0309c",
    "event": "#0b7772",
    "tag": "#0b688c",
    "attribute": "#6a3fc0",
    "value": "#3d7410",
    "namespace": "#66707c",
    "comment": "italic #66707c",
    "escape": "#ffffff on #c0232c",
    "aside": "italic #66707c",
    "found": "#24292f on #ffdf5d",
    "key": "bold #1d4fc4",
    "title": "bold #0f1419",
    "conn0": "#6a6414",
    "conn1": "#45648a",
    "conn2": "#86540f",
    "conn3": "#2c6e4b",
    "conn4": "#86447f",
})  # fmt: skip
_PLAIN_INKS: Final = MappingProxyType({
    **STYLES,
    **{tone(conn): STYLES["meta"] for conn in range(TONES)},
    "found": "reverse",
    "key": "bold",
    "title": "bold",
})  # fmt: skip

DARK: Final = Scheme("xmppspy-dark", True, _DARK_INKS, "#16181d", "#22262f", "#2d3a50")
LIGHT: Final = Scheme("xmppspy-light", False, _LIGHT_INKS, "#fbfbfc", "#e9ebef", "#cfe0f7")
PLAIN: Final = Scheme(
    "xmppspy-plain", True, _PLAIN_INKS, "default", "default", "default", is_plain=True
)

SCHEMES: Final = MappingProxyType({scheme.name: scheme for scheme in (DARK, LIGHT, PLAIN)})


class Inks:
    """The styles of a scheme, each made once."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self._styles: dict[tuple[str, str], Style] = {}

    def change(self, scheme: Scheme) -> None:
        """Go over to another scheme."""
        self.scheme = scheme
        self._styles.clear()

    def style(self, ink: str, ground: str = "ground") -> Style:
        """The style of an ink on a ground: `ground`, `raised` or `chosen`."""
        found = self._styles.get((ink, ground))
        if found is None:
            found = self._styles[ink, ground] = self._ground(ground) + Style.parse(
                self.scheme.inks[ink]
            )
        return found

    def _ground(self, name: str) -> Style:
        scheme = self.scheme
        colours = {"ground": scheme.ground, "raised": scheme.raised, "chosen": scheme.chosen}
        reverse = True if scheme.is_plain and name != "ground" else None
        return Style(bgcolor=colours[name], reverse=reverse)
