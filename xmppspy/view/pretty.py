"""Pretty: each stanza as indented XML, led by a comment that tells what it is.

What is copied from the terminal stays XML, so everything that is not traffic is a comment.
"""

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from xmppspy.protocol.events import UNCHANGED, Event, FateDecided, FrameRecord
from xmppspy.view.describe import condition, description, marks, short_description
from xmppspy.view.escape import escape_line
from xmppspy.view.fold import cut, folded_mark, size_of
from xmppspy.view.heading import heading, notice_heading
from xmppspy.view.hexdump import ROW, hex_rows, is_text
from xmppspy.view.look import Look
from xmppspy.view.notices import Occurrence, notice
from xmppspy.view.paint import Painter
from xmppspy.view.segments import Segment, paint, width

_DOUBLE_HYPHEN: Final = re.compile("-(?=-)")
_HANGING: Final = " " * len("<!-- ")
_ID_ROOM: Final = 40
_SHORT_ID: Final = 12
_HEX_ROWS: Final = 4
_LEAST_ROOM: Final = 24


class Pretty:
    """Shows an event as a person reads it best, as text that ends with a line break."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._palette = look.palette
        self._painter = Painter(look.palette, full=look.full)

    def __call__(self, event: Event) -> str:
        """The event as text."""
        columns = self._look.columns()
        if isinstance(event, FrameRecord):
            return self._frame(event, columns)
        return self._notice(event, columns)

    # --- frames

    def _frame(self, frame: FrameRecord, columns: int | None) -> str:
        text = self._header(frame, columns)
        if frame.kind == "space":
            return text
        text += self._content(frame.kind, frame.data, columns)
        if frame.sent is not UNCHANGED and frame.sent:
            text += self._sent_instead(frame.kind, frame.sent, columns)
        return text

    def _header(self, frame: FrameRecord, columns: int | None) -> str:
        """The leading comment: the longest that fits, for the XML shows again what it leaves out."""
        title = heading(frame, self._look)
        line: list[Segment] = []
        for about, addresses, id_room in self._variants(frame):
            line = self._comment(title, about, addresses, self._rest(frame, id_room))
            if columns is None or width(line) <= columns:
                break
        return paint(self._palette, line) + "\n"

    def _variants(self, frame: FrameRecord) -> Iterator[tuple[Segment, str, int | None]]:
        """Ever shorter descriptions, addresses, and room for the id."""
        ink = self._palette.meta if frame.kind == "space" else self._palette.text
        addresses = _addresses(frame)
        yield (ink, description(frame)), addresses, None if self._look.full else _ID_ROOM
        yield (ink, short_description(frame)), addresses, _ID_ROOM
        yield (ink, short_description(frame)), "", _SHORT_ID
        yield (ink, short_description(frame, 1)), "", _SHORT_ID

    def _comment(
        self, title: list[Segment], about: Segment, addresses: str, rest: list[Segment]
    ) -> list[Segment]:
        palette = self._palette
        segments = list(title)
        for part in (about, (palette.meta, addresses), *rest):
            if part[1]:
                segments += [(palette.meta, " · "), part]
        inside = [(ink, _in_comment(text)) for ink, text in segments]
        return [(palette.meta, "<!-- "), *inside, (palette.meta, " -->")]

    def _rest(self, frame: FrameRecord, id_room: int | None) -> list[Segment]:
        """The parts of the comment that are never left out."""
        palette = self._palette
        parts = [(palette.error, condition(frame) or "")]
        if frame.id is not None:
            identity = escape_line(frame.id)
            shown = identity if id_room is None else cut(identity, id_room)
            parts.append((palette.meta, f"id {shown}"))
        parts += [(palette.change, mark) for mark in marks(frame)]
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
            self._palette.paint(ink, f"<!-- {_in_comment(row)} -->") + "\n" for row in rows
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
            rest = _wrapped(rest, width(segments), columns - len(" -->"))
        segments.append((told.ink, _in_comment(rest)))
        text = paint(self._palette, [*segments, (meta, " -->")]) + "\n"
        if isinstance(event, FateDecided) and event.sent:
            text += self._painter.xml(event.sent, columns)
        return text


def _addresses(frame: FrameRecord) -> str:
    """`from → to`, or the one that is there."""
    if frame.from_ is not None and frame.to is not None:
        return f"{escape_line(frame.from_)} → {escape_line(frame.to)}"
    if frame.from_ is not None:
        return f"from {escape_line(frame.from_)}"
    return "" if frame.to is None else f"to {escape_line(frame.to)}"


def _in_comment(text: str) -> str:
    """`text` without the `--` that would end the comment early."""
    return _DOUBLE_HYPHEN.sub("- ", text) if "--" in text else text


def _wrapped(text: str, start: int, columns: int) -> str:
    """`text` broken at white space; its first line stands behind `start` columns."""
    if start + len(text) <= columns:
        return text
    lines = textwrap.wrap(
        text,
        max(columns, start + _LEAST_ROOM),
        initial_indent=" " * start,
        subsequent_indent=_HANGING,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)[start:]
