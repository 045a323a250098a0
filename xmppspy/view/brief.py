"""Brief: one line for each frame or event."""

from collections.abc import Sequence
from typing import Final

from xmppspy.protocol.events import Event, FrameRecord
from xmppspy.view.describe import condition, marks, summary
from xmppspy.view.escape import escape_line
from xmppspy.view.fold import cut, size_of
from xmppspy.view.heading import UNFINISHED, heading, notice_heading
from xmppspy.view.look import Look
from xmppspy.view.notices import Occurrence, notice
from xmppspy.view.segments import Segment, cut_to, paint, width

_ROOM: Final = 120
"""Columns for what was said, where there is no terminal."""
_LEAST_ROOM: Final = 24
_SHORT_ID: Final = 9


class Brief:
    """Shows an event as one line. Unless the look is `full`, frames are cut where the terminal ends."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._palette = look.palette

    def __call__(self, event: Event) -> str:
        """The event as a line, ended by a line break."""
        columns = None if self._look.full else self._look.columns()
        segments: Sequence[Segment]
        if isinstance(event, FrameRecord):
            segments = self._frame(event, columns)
            if columns is not None:
                segments = cut_to(segments, columns)
        else:
            segments = self._notice(event)
        return paint(self._palette, segments) + "\n"

    def _frame(self, frame: FrameRecord, columns: int | None) -> list[Segment]:
        head, tail = self._head(frame), self._tail(frame)
        room = _ROOM
        if self._look.full:
            room = len(frame.data) * 4 + 2
        elif columns is not None:
            if columns - width(head) - width(tail) < _LEAST_ROOM:
                tail = self._tail(frame, _SHORT_ID)
            room = max(columns - width(head) - width(tail) - 1, _LEAST_ROOM)
        said = summary(frame, room)
        ink = self._palette.meta if frame.kind == "space" else self._palette.text
        return [*head, (ink, f" {said}" if said else ""), *tail]

    def _head(self, frame: FrameRecord) -> list[Segment]:
        head = heading(frame, self._look)
        head += [(self._palette.change, f" {mark}") for mark in marks(frame)]
        fault = condition(frame)
        return head if fault is None else [*head, (self._palette.error, f" {fault}")]

    def _tail(self, frame: FrameRecord, id_room: int | None = None) -> list[Segment]:
        """Which one it is, and the other side's address."""
        words = []
        if frame.id is not None:
            words.append(f"id={frame.id if id_room is None else cut(frame.id, id_room)}")
        name, address = ("to", frame.to) if frame.dir == "c2s" else ("from", frame.from_)
        if address is not None:
            words.append(f"{name}={address}")
        if frame.kind in UNFINISHED:
            words.append(size_of(len(frame.data)))
        return [(self._palette.meta, escape_line("".join(f" {word}" for word in words)))]

    def _notice(self, event: Occurrence) -> list[Segment]:
        told = notice(event, self._palette)
        segments = notice_heading(event.t, told, self._look)
        return [*segments, (told.ink, f"{told.name}: {', '.join(told.details)}")]
