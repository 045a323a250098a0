"""Contrast: what was expected and what came, line by line, the differing parts in colour."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from xmppspy.view.escape import escape_line
from xmppspy.view.fold import size_of
from xmppspy.view.ink import Ink
from xmppspy.view.look import Look
from xmppspy.view.segments import Segment, paint

CONTEXT: Final = 3
"""Lines around each change that are the same on both sides."""
MOST_LINES: Final = 60
"""Lines of one contrast that are shown; the rest is counted."""

_ROOM: Final = 120
"""Characters of a part of a line that are shown."""
_AROUND: Final = 40
"""Of a part that is the same in both lines, how many are shown beside the differing one."""
_FOLDED: Final = "  …"
_MOST: Final = 4_000_000

_Line: TypeAlias = tuple[str, list[Segment]]
"""A sign, ` `, `-` or `+`, and what stands behind it."""


class Contrast:
    """Shows two texts in lines as one, with what is gone (`-`) and what is new (`+`)."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._inks = {"-": look.palette.error, "+": look.palette.value, " ": look.palette.meta}

    def __call__(self, before: Sequence[str], after: Sequence[str]) -> str:
        """The contrast as text; each line ends with a line break."""
        lines = list(self._lines(before, after))
        shown = lines if self._look.full else lines[:MOST_LINES]
        text = "".join(self._painted(sign, segments) for sign, segments in shown)
        if len(shown) < len(lines):
            more = f"{_FOLDED} {len(lines) - len(shown):,} more lines (--full shows them)"
            text += self._look.palette.paint(self._look.palette.aside, more) + "\n"
        return text

    def _painted(self, sign: str, segments: list[Segment]) -> str:
        if not sign:
            return paint(self._look.palette, segments) + "\n"
        return paint(self._look.palette, [(self._inks[sign], f"{sign} "), *segments]) + "\n"

    def _lines(self, before: Sequence[str], after: Sequence[str]) -> Iterator[_Line]:
        if not before or not after:
            yield from self._alone("-", before)
            yield from self._alone("+", after)
            return
        # Its heuristic is wanted where comparing all with all would take long.
        matcher = SequenceMatcher(None, before, after, len(before) * len(after) > _MOST)
        for group in matcher.get_grouped_opcodes(CONTEXT):
            if group[0][1] > 0:
                yield "", [(self._look.palette.aside, _FOLDED)]
            for tag, start, stop, start_after, stop_after in group:
                if tag == "equal":
                    yield from self._alone(" ", before[start:stop])
                else:
                    yield from self._changed(before[start:stop], after[start_after:stop_after])
            if group[-1][2] < len(before):
                yield "", [(self._look.palette.aside, _FOLDED)]

    def _alone(self, sign: str, lines: Sequence[str]) -> Iterator[_Line]:
        """Lines without a counterpart, or the same as theirs."""
        for line in lines:
            yield sign, [(self._inks[sign], self._cut(line))]

    def _changed(self, before: Sequence[str], after: Sequence[str]) -> Iterator[_Line]:
        """Lines that stand for each other, one by one as far as they go."""
        pairs = list(zip(before, after, strict=False))
        for line, other in pairs:
            yield "-", self._apart(line, other, self._inks["-"])
        yield from self._alone("-", before[len(pairs) :])
        for line, other in pairs:
            yield "+", self._apart(other, line, self._inks["+"])
        yield from self._alone("+", after[len(pairs) :])

    def _apart(self, line: str, other: str, ink: Ink) -> list[Segment]:
        """A line whose differing part stands out; long parts are folded."""
        start = _common(line, other)
        indent = len(line) - len(line.lstrip())
        end = len(line) - _common(line[start:][::-1], other[start:][::-1])
        start = 0 if start < indent else start
        text = self._look.palette.text
        return [
            (text, self._cut(line[:start], from_end=True)),
            (ink, self._cut(line[start:end])),
            (text, self._cut(line[end:])),
        ]

    def _cut(self, text: str, *, from_end: bool = False) -> str:
        if self._look.full or len(text) <= _ROOM:
            return escape_line(text)
        left_out = f"…[{size_of(len(text.encode()))}]"
        if from_end:
            return f"{escape_line(text[:_AROUND])}{left_out}{escape_line(text[-_AROUND:])}"
        return escape_line(text[:_ROOM]) + left_out


def _common(one: str, other: str) -> int:
    """How many characters the two begin with alike."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)
