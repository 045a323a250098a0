"""Folding: the parts of a leaf as lines, some of them folded away."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from xmppspy.view.browse.paper import Line, Part, wrapped
from xmppspy.view.fold import width_of
from xmppspy.view.marked import Span

GUTTER: Final = 2
"""Columns before every line, where a mark shows what can be folded."""

_TITLE: Final = -1
_OPEN: Final[Span] = ("meta", "▾ ")
_CLOSED: Final[Span] = ("key", "▸ ")
_NONE: Final[Span] = ("text", "  ")


class Place(NamedTuple):
    """A line of a part; the title is line -1."""

    part: int
    line: int


class Shown(NamedTuple):
    """A line that is shown."""

    line: Line
    place: Place
    begins: bool = False
    """Whether something begins here that can be folded."""


class Folding:
    """Knows what is folded, and what is to be seen of the parts."""

    def __init__(self, parts: Sequence[Part], width: int) -> None:
        self._parts = parts
        self._width = width
        self._folded: set[Place] = set()
        self.lines: list[Shown] = []
        """What is to be seen."""
        self._lay()

    def again(self, parts: Sequence[Part], width: int) -> "Folding":
        """Other parts about the same thing, or for another width, folded likewise."""
        made = Folding(parts, width)
        made._folded = {place for place in self._folded if made._end(place) is not None}
        made._lay()
        return made

    # --- changing

    def toggle(self, at: int) -> None:
        """Fold what begins in a line that is shown, or unfold it."""
        if self._begins(at):
            self._folded ^= {self.lines[at].place}
            self._lay()

    def fold(self, at: int) -> int:
        """Fold what a line that is shown is in; returns the line in which that begins."""
        place = self.lines[at].place if at < len(self.lines) else Place(-1, 0)
        for start in range(min(at, len(self.lines) - 1), -1, -1):
            begin = self.lines[start].place
            end = self._end(begin) if self._begins(start) else None
            if end is not None and begin.part == place.part and place.line <= end:
                if begin in self._folded:
                    continue
                self._folded.add(begin)
                self._lay()
                return start
        return at

    def unfold(self, at: int) -> None:
        """Unfold what is folded in a line that is shown."""
        if self._begins(at):
            self._folded.discard(self.lines[at].place)
            self._lay()

    def toggle_all(self) -> None:
        """Fold everything that is inside of something; or unfold everything."""
        inner = {
            Place(at, line)
            for at, part in enumerate(self._parts)
            for line in part.folds
            if any(start < line <= end for start, end in part.folds.items())
        }
        self._folded = set() if self._folded else inner
        self._lay()

    def _begins(self, at: int) -> bool:
        return at < len(self.lines) and self.lines[at].begins

    def _end(self, place: Place) -> int | None:
        """The last line of what begins at a place; None where nothing does."""
        if place.part >= len(self._parts):
            return None
        part = self._parts[place.part]
        if place.line == _TITLE:
            return len(part.lines) if part.title else None
        return part.folds.get(place.line)

    # --- laying out

    def _lay(self) -> None:
        self.lines = [
            shown for at, part in enumerate(self._parts) for shown in self._part(at, part)
        ]

    def _part(self, at: int, part: Part) -> Iterator[Shown]:
        title = Place(at, _TITLE)
        if part.title:
            yield Shown(self._titled(part.title, title in self._folded), title, begins=True)
        line = len(part.lines) if title in self._folded else 0
        while line < len(part.lines):
            place, end = Place(at, line), part.folds.get(line)
            if end is not None and place in self._folded:
                yield Shown((_CLOSED, *self._closed(part, line, end)), place, begins=True)
                line = end
            else:
                yield from self._open(part.lines[line], place, begins=end is not None)
            line += 1

    def _titled(self, title: str, is_folded: bool) -> Line:
        rule = " " + "─" * max(self._width - width_of(title) - 1, 0)
        return (_CLOSED if is_folded else _OPEN), ("title", title), ("meta", rule)

    def _open(self, line: Line, place: Place, *, begins: bool) -> Iterator[Shown]:
        mark = _OPEN if begins else _NONE
        for each in wrapped(line, self._width):
            yield Shown((mark, *each), place, begins and mark is _OPEN)
            mark = _NONE

    def _closed(self, part: Part, start: int, end: int) -> Line:
        """The first and the last line of what is folded, as one."""
        first = next(wrapped(part.lines[start], self._width))
        count = f"…[{end - start - 1} lines]" if end - start > 1 else "…"
        last = tuple(
            (ink, text.strip() if ink == "text" else text) for ink, text in part.lines[end]
        )
        return (*first, ("aside", count), *last)
