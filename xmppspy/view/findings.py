"""Findings of the linter as lines: by themselves, or under what they are about."""

from collections.abc import Collection, Mapping
from typing import Final

from xmppspy.analysis.lint import Finding, Severity
from xmppspy.analysis.words import counted
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.escape import escape_line
from xmppspy.view.escape import in_comment as fit_for_comment
from xmppspy.view.ink import Ink
from xmppspy.view.look import Look
from xmppspy.view.segments import Segment, paint

_INDENT: Final = "  "


class Findings:
    """Shows findings in one line each."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._palette = look.palette

    def line(self, found: Finding) -> str:
        """`07:40:12.345 #1 C→S n:23 error S16: … (RFC 6120 §4.4)`, for a list of them."""
        meta = self._palette.meta
        segments: list[Segment] = [(meta, f"{self._look.clock(found.t)} #{found.conn} ")]
        if found.dir is not None:
            ink, arrow = self._look.direction(found.dir)
            segments.append((ink, f"{arrow} "))
        if found.n is not None:
            segments.append((meta, f"n:{found.n} "))
        return paint(self._palette, [*segments, *self._said(found)]) + "\n"

    def remark(self, found: Finding, under: Event, *, in_comment: bool) -> str:
        """The finding under an event, as a comment of XML where that is what is shown."""
        said = self._said(found)
        if found.n is not None and not (isinstance(under, FrameRecord) and under.n == found.n):
            said = [(self._palette.meta, f"frame {found.n} "), *said]
        meta = self._palette.meta
        if in_comment:
            said = [(ink, fit_for_comment(text)) for ink, text in said]
            return paint(self._palette, [(meta, "<!-- lint: "), *said, (meta, " -->")]) + "\n"
        return paint(self._palette, [(meta, f"{_INDENT}lint: "), *said]) + "\n"

    def summary(self, counts: Mapping[str, int], shown: Collection[str]) -> str:
        """What was found, by severity; what of it was not `shown` is told apart."""
        above = [counted(counts[each], each) for each in Severity if each in shown and counts[each]]
        below = [counted(counts[each], each) for each in Severity if each not in shown]
        hidden = [text for text in below if not text.startswith("0 ")]
        text = ", ".join(above) or "nothing found"
        if hidden:
            text += f"; {' and '.join(hidden)} not shown (see --severity)"
        return paint(self._palette, [(self._palette.meta, text)]) + "\n"

    def _said(self, found: Finding) -> list[Segment]:
        palette = self._palette
        return [
            (self._ink(found.severity), f"{found.severity} {found.rule}"),
            (palette.text, f": {escape_line(found.message)}"),
            (palette.meta, f" ({found.ref})"),
        ]

    def _ink(self, severity: Severity) -> Ink:
        inks = {
            Severity.ERROR: self._palette.error,
            Severity.WARNING: self._palette.change,
            Severity.INFO: self._palette.event,
        }
        return inks[severity]
