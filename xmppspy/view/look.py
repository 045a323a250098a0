"""How a person wants to see things: what every style of output is told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from xmppspy.view.clock import Clock
from xmppspy.view.ink import Ink, Palette

if TYPE_CHECKING:
    from xmppspy.protocol.events import Direction

StyleName: TypeAlias = Literal["pretty", "brief", "raw", "bytes", "json"]
"""The styles of output; see `printer`."""

ARROWS: "Final[dict[Direction, str]]" = {"c2s": "C→S", "s2c": "S→C"}


def _endless() -> int | None:
    return None


class Look(NamedTuple):
    """Colours, times and sizes."""

    palette: Palette = Palette()
    clock: Clock = Clock()
    full: bool = False
    """Nothing is folded or cut off."""
    columns: Callable[[], int | None] = _endless
    """The width of the terminal, which may change; None where nothing is to be wrapped."""

    def direction(self, direction: "Direction") -> tuple[Ink, str]:
        """The arrow of a direction, and its ink."""
        ink = self.palette.c2s if direction == "c2s" else self.palette.s2c
        return ink, ARROWS[direction]
