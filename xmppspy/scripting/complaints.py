"""Complaints: what went wrong in a script, and where, in one line."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.words import harmless
from xmppspy.errors import FilterError, MalformedXML

QUIET: Final = 5.0
"""Seconds in which the same thing at the same place is not told again."""

_AROUND: Final = 20
_ROOM: Final = 400
"""Characters of what an exception says."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a script."""

    name: str
    """Of the file."""
    line: int
    """From 1; 0 when no line of it is to blame."""
    text: str
    """What it says."""

    def __str__(self) -> str:
        return f"{self.name}:{self.line}" if self.line else self.name


def complaint(place: Place, reason: str) -> str:
    """One line about something wrong at a place."""
    shown = f", in: {place.text}" if place.text else ""
    return harmless(f"{place}: {reason}{shown}")


def said(error: BaseException) -> str:
    """What an exception says, in one line."""
    if isinstance(error, FilterError):
        hint = f" ({error.hint})" if error.hint else ""
        return f"FilterError: {error.reason}{hint}, in {error.text!r}"
    if isinstance(error, MalformedXML):
        start = max(error.position - _AROUND, 0)
        near = error.text[start : error.position + _AROUND]
        return f"MalformedXML: {error.reason}, at character {error.position}, near {near!r}"
    try:
        text = " ".join(str(error).split())
    except Exception as worse:  # noqa: BLE001 - an exception of the script's own may do anything
        text = f"what it says cannot be had: {type(worse).__name__}"
    text = text if len(text) <= _ROOM else f"{text[:_ROOM]}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@dataclass
class Often:
    """Keeps what happens with every stanza from being told with every stanza."""

    clock: Callable[[], float] = time.monotonic
    _told: dict[tuple[str, int], float] = field(default_factory=dict)
    _untold: dict[tuple[str, int], int] = field(default_factory=dict)

    def tell(self, kind: str, line: int) -> str | None:
        """What to add, telling how often it came meanwhile; None when it is not to be told now."""
        key, now = (kind, line), self.clock()
        last = self._told.get(key)
        if last is not None and now - last < QUIET:
            self._untold[key] = self._untold.get(key, 0) + 1
            return None
        self._told[key] = now
        untold = self._untold.pop(key, 0)
        return f" ({untold} more like it before)" if untold else ""
