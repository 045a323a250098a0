"""The breakpoint: what stops in front of a person."""

from dataclasses import dataclass
from typing import Final

from xmppspy.filters import Filter
from xmppspy.protocol.verdicts import Hold

_USUAL: Final = Hold()


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Frames that a filter matches wait until a person decides about each."""

    filter: Filter
    hold: Hold = _USUAL
    """How long at most, and what then becomes of them."""
    is_on: bool = True

    def __str__(self) -> str:
        what = str(self.filter) or "everything"
        then = "dropped" if self.hold.drops else "let go"
        off = "" if self.is_on else " (off)"
        return f"{what}: held, after {self.hold.seconds:g} s {then}{off}"
