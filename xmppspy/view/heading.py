"""How every line about a frame or an event begins: when, which connection, which way, what."""

from typing import Final

from xmppspy.protocol.events import FrameRecord
from xmppspy.view.describe import is_error
from xmppspy.view.escape import escape_line
from xmppspy.view.ink import Ink
from xmppspy.view.look import Look
from xmppspy.view.notices import Notice
from xmppspy.view.segments import Segment

UNFINISHED: Final = frozenset({"opaque", "partial"})
"""Frames that are no whole element: something went wrong."""


def heading(frame: FrameRecord, kind: str, look: Look) -> list[Segment]:
    """`07:40:12.345 #1 C→S iq get`; `kind` may be empty."""
    meta = look.palette.meta
    ink, arrow = look.direction(frame.dir)
    if frame.kind == "space":
        ink = meta
    return [
        (meta, f"{look.clock(frame.t)} #{frame.conn} "),
        (ink, arrow),
        (kind_ink(frame, look), f" {escape_line(kind)}" if kind else ""),
    ]


def kind_ink(frame: FrameRecord, look: Look) -> Ink:
    """What the kind of a frame is painted with."""
    if frame.kind == "space":
        return look.palette.meta
    if frame.kind in UNFINISHED or is_error(frame):
        return look.palette.error
    return look.palette.kind


def notice_heading(t: float, told: Notice, look: Look) -> list[Segment]:
    """`07:40:12.345 #1 C→S `, as far as it is known; what happened stands behind it."""
    conn = "" if told.conn is None else f" #{told.conn}"
    segments = [(look.palette.meta, f"{look.clock(t)}{conn} ")]
    if told.dir is not None:
        ink, arrow = look.direction(told.dir)
        segments.append((ink, f"{arrow} "))
    return segments
