"""Pretty: each stanza as indented XML, led by a comment that tells what it is.

What is copied from the terminal stays XML, so everything that is not traffic is a comment.
"""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.explainer import Explanation
from xmppspy.analysis.summary import Outline
from xmppspy.protocol.events import UNCHANGED, Event, FateDecided, FrameRecord
from xmppspy.view.describe import (
    about,
    doubts,
    is_error,
    is_stanza,
    kind_of,
    latency_of,
    outline_of,
)
from xmppspy.view.escape import escape_line, in_comment
from xmppspy.view.fold import cut, folded_mark, size_of, width_of, wrapped
from xmppspy.view.heading import heading, notice_heading
from xmppspy.view.hexdump import ROW, hex_rows, is_text
from xmppspy.view.ink import Ink
from xmppspy.view.look import Look
from xmppspy.view.notices import Occurrence, notice
from xmppspy.view.paint import Painter
from xmppspy.view.segments import Segment, paint, width

_HANGING: Final = " " * len("<!-- ")
_ID_ROOM: Final = 40
_SHORT_ID: Final = 12
_HEX_ROWS: Final = 4
_LEAST_ROOM: Final = 24
_LEAST_SAID: Final = 10
_SHOWN_BELOW: Final = frozenset({"text", "comment", "pi", "opaque", "partial"})
"""Frames without any meaning besides what they consist of."""
_ROOM: Final = 60
"""Characters of what a person wrote; the XML shows all of it."""


class Pretty:
    """Shows an event as a person reads it best, as text that ends with a line break."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._palette = look.palette
        self._painter = Painter(look.palette, full=look.full)

    def __call__(self, event: Event, explanation: Explanation | None = None) -> str:
        """The event as text; without `explanation` it is explained by itself alone."""
        columns = self._look.columns()
        if isinstance(event, FrameRecord):
            return self._frame(explanation or Explanation(event), columns)
        return self._notice(event, columns)

    # --- frames

    def _frame(self, told: Explanation, columns: int | None) -> str:
        frame = told.record
        text = self._header(told, columns)
        if frame.kind == "space":
            return text
        text += self._content(frame.kind, frame.data, columns)
        if frame.sent is not UNCHANGED and frame.sent:
            text += self._sent_instead(frame.kind, frame.sent, columns)
        return text

    def _header(self, told: Explanation, columns: int | None) -> str:
        """The leading comment: the longest that fits, for the XML shows again what it leaves out."""
        outline = outline_of(told, _ROOM)
        if told.record.kind in _SHOWN_BELOW:
            outline = Outline("", "")
        line: list[Segment] = []
        for text, addresses, id_room in self._variants(told, outline):
            line = self._comment(told, outline, text, addresses, id_room)
            if columns is None or width(line) <= columns:
                break
        else:
            line = self._cut(told, outline, columns or 0)
        return paint(self._palette, line) + "\n"

    def _variants(
        self, told: Explanation, outline: Outline
    ) -> Iterator[tuple[str, str, int | None]]:
        """Ever shorter descriptions, addresses, and room for the id."""
        long, short = about(outline, titled=True), about(outline, titled=False)
        addresses = _addresses(told)
        yield long, addresses, None if self._look.full else _ID_ROOM
        yield short, addresses, _ID_ROOM
        yield short, "", _SHORT_ID
        yield outline.text, "", _SHORT_ID

    def _cut(self, told: Explanation, outline: Outline, columns: int) -> list[Segment]:
        """A comment with as much of the summary as fits; where that is too little, without id."""
        text, room, id_room = outline.text, 0, _SHORT_ID
        for id_room in (_SHORT_ID, 0):
            line = self._comment(told, outline, text, "", id_room)
            room = columns - (width(line) - width_of(text))
            if room >= _LEAST_ROOM:
                break
        return self._comment(told, outline, cut(text, max(room, _LEAST_SAID)), "", id_room)

    def _comment(
        self, told: Explanation, outline: Outline, text: str, addresses: str, id_room: int | None
    ) -> list[Segment]:
        meta, kind = self._palette.meta, kind_of(told.record, outline)
        segments = heading(told.record, kind, self._look)
        if text:
            segments += [(meta, " · " if kind else " "), (self._ink(told.record), text)]
        for part in ((meta, addresses), *self._rest(told, id_room)):
            if part[1]:
                segments += [(meta, " · "), part]
        inside = [(ink, in_comment(said)) for ink, said in segments]
        return [(meta, "<!-- "), *inside, (meta, " -->")]

    def _ink(self, frame: FrameRecord) -> Ink:
        if is_error(frame):
            return self._palette.error
        return self._palette.meta if frame.kind == "space" else self._palette.text

    def _rest(self, told: Explanation, id_room: int | None) -> list[Segment]:
        """The parts of the comment that are never left out, the id excepted where it has no room."""
        palette, frame = self._palette, told.record
        parts = []
        if frame.id is not None and is_stanza(frame) and id_room != 0:
            identity = escape_line(frame.id)
            shown = identity if id_room is None else cut(identity, id_room)
            parts.append((palette.meta, f"id {shown}"))
        parts.append((palette.meta, latency_of(told)))
        parts += [(palette.change, doubt) for doubt in doubts(told)]
        if frame.redacted:
            parts.append((palette.meta, "masked"))
        parts.append((palette.meta, size_of(len(frame.data))))
        return parts

    def _content(self, kind: str, data: bytes, columns: int | None) -> str:
        if kind != "opaque":
            return self._painter.xml(data, columns)
        return self._painter.text(data) if is_text(data) else self._hex(data)

    def _hex(self, data: bytes) -> str:
        rows = list(hex_rows(data if self._look.full else data[: _HEX_ROWS * ROW]))
        if len(rows) * ROW < len(data):
            rows.append(folded_mark(len(data)))
        ink = self._palette.comment
        return "".join(
            self._palette.paint(ink, f"<!-- {in_comment(row)} -->") + "\n" for row in rows
        )

    def _sent_instead(self, kind: str, data: bytes, columns: int | None) -> str:
        title = f"<!-- what left instead · {size_of(len(data))} -->"
        content = self._content(kind, data, columns)
        return self._palette.paint(self._palette.change, title) + "\n" + content

    # --- other events

    def _notice(self, event: Occurrence, columns: int | None) -> str:
        told = notice(event, self._palette)
        meta = self._palette.meta
        segments = [(meta, "<!-- "), *notice_heading(event.t, told, self._look)]
        rest = " · ".join((told.name, *told.details))
        if columns is not None:
            rest = wrapped(rest, width(segments), columns - len(" -->"), _HANGING)
        segments.append((told.ink, in_comment(rest)))
        text = paint(self._palette, [*segments, (meta, " -->")]) + "\n"
        if isinstance(event, FateDecided) and event.sent:
            text += self._painter.xml(event.sent, columns)
        return text


def _addresses(told: Explanation) -> str:
    """`from → to`, or the one that is there; of stanzas only, for others tell theirs themselves."""
    frame, shorten = told.record, told.identity.shorten
    if not is_stanza(frame):
        return ""
    if frame.from_ is not None and frame.to is not None:
        return f"{escape_line(shorten(frame.from_))} → {escape_line(shorten(frame.to))}"
    if frame.from_ is not None:
        return f"from {escape_line(shorten(frame.from_))}"
    return "" if frame.to is None else f"to {escape_line(shorten(frame.to))}"
