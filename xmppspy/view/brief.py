"""Brief: one line for each frame or event."""

from collections.abc import Sequence
from typing import Final

from xmppspy.analysis.explainer import Explanation
from xmppspy.analysis.summary import Outline
from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.describe import doubts, is_error, is_stanza, kind_of, latency_of, outline_of
from xmppspy.view.escape import escape_line
from xmppspy.view.fold import cut, size_of, wrapped
from xmppspy.view.heading import UNFINISHED, heading, kind_ink, notice_heading
from xmppspy.view.ink import Ink
from xmppspy.view.look import Look
from xmppspy.view.notices import Occurrence, notice
from xmppspy.view.segments import Segment, cut_to, paint, width

_ROOM: Final = 120
"""Columns for what was said, where there is no terminal."""
_LEAST_ROOM: Final = 24
_SHORT_ID: Final = 9
_HANGING: Final = " " * 4


class Brief:
    """Shows an event as one line.

    On a terminal, unless the look is `full`, frames are cut where it ends, and what else happened
    goes on below: an error says at its end what to do.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._palette = look.palette

    def __call__(self, event: Event, explanation: Explanation | None = None) -> str:
        """The event as text that ends with a line break; without `explanation` by itself alone."""
        columns = None if self._look.full else self._look.columns()
        segments: Sequence[Segment]
        if isinstance(event, FrameRecord):
            segments = self._frame(explanation or Explanation(event), columns)
            if columns is not None:
                segments = cut_to(segments, columns)
        else:
            segments = self._notice(event, columns)
        return paint(self._palette, segments) + "\n"

    def _frame(self, told: Explanation, columns: int | None) -> list[Segment]:
        frame = told.record
        outline = outline_of(told, self._room(frame, columns))
        head, tail, details = self._head(told, outline), self._tail(told), outline.details
        if columns is not None:
            if columns - width(head) - width([tail]) < _LEAST_ROOM:
                tail = self._tail(told, _SHORT_ID)
            details = cut(details, max(columns - width(head) - width([tail]) - 1, _LEAST_ROOM))
        return [*head, (self._ink(frame), f" {details}" if details else ""), tail]

    def _room(self, frame: FrameRecord, columns: int | None) -> int:
        """Characters of what was said that may be shown."""
        if self._look.full:
            return len(frame.data) * 4 + 2
        return _ROOM if columns is None else max(columns, _LEAST_ROOM)

    def _head(self, told: Explanation, outline: Outline) -> list[Segment]:
        """When, which connection, which way, what; and what is odd about it."""
        frame, kind = told.record, kind_of(told.record, outline)
        head = heading(frame, kind, self._look)
        head += [(self._palette.change, f" {doubt}") for doubt in doubts(told)]
        if outline.topic:
            ink = self._ink(frame) if kind else kind_ink(frame, self._look)
            head.append((ink, f" {outline.topic}"))
        return head

    def _ink(self, frame: FrameRecord) -> Ink:
        if is_error(frame):
            return self._palette.error
        return self._palette.meta if frame.kind == "space" else self._palette.text

    def _tail(self, told: Explanation, id_room: int | None = None) -> Segment:
        """How long it took, which one it is, and the other side's address."""
        frame, latency = told.record, latency_of(told)
        text = f" ({latency})" if latency else ""
        if is_stanza(frame):
            if frame.id is not None:
                text += f" id={frame.id if id_room is None else cut(frame.id, id_room)}"
            name, address = ("to", frame.to) if frame.dir == "c2s" else ("from", frame.from_)
            if address is not None:
                text += f" {name}={told.identity.shorten(address)}"
        if frame.kind in UNFINISHED:
            text += f" {size_of(len(frame.data))}"
        return self._palette.meta, escape_line(text)

    def _notice(self, event: Occurrence, columns: int | None) -> list[Segment]:
        told = notice(event, self._palette)
        segments = notice_heading(event.t, told, self._look)
        rest = f"{told.name}: {', '.join(told.details)}"
        if columns is not None:
            rest = wrapped(rest, width(segments), columns, _HANGING)
        return [*segments, (told.ink, rest)]
