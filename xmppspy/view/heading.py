"""How every line about a frame or an event begins: when, which connection, which way, what."""

from typing import Final

from xmppspy.protocol.events import FrameRecord
from xmppspy.view.describe import condition
from xmppspy.view.escape import escape_line
from xmppspy.view.look import Look
from xmppspy.view.notices import Notice
from xmppspy.view.segments import Segment

UNFINISHED: Final = frozenset({"opaque", "partial"})
"""Frames that are no whole element: something went wrong."""


def heading(frame: FrameRecord, look: Look) -> list[Segment]:
    """`07:40:12.345 #1 C→S iq get`."""
    meta, kind = look.palette.meta, look.palette.kind
    ink, arrow = look.direction(frame.dir)
    if frame.kind == "space":
        ink = kind = meta
    elif frame.kind in UNFINISHED or condition(frame) is not None:
        kind = look.palette.error
    words = frame.kind if frame.type is None else f"{frame.kind} {frame.type}"
    return [
        (meta, f"{look.clock(frame.t)} #{frame.conn} "),
        (ink, arrow),
        (kind, f" {escape_line(words)}"),
    ]


def notice_heading(t: float, told: Notice, look: Look) -> list[Segment]:
    """`07:40:12.345 #1 C→S `, as far as it is known; what happened stands behind it."""
    conn = "" if told.conn is None else f" #{told.conn}"
    segments = [(look.palette.meta, f"{look.clock(t)}{conn} ")]
    if told.dir is not None:
        ink, arrow = look.direction(told.dir)
        segments.append((ink, f"{arrow} "))
    return segments
