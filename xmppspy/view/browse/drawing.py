"""Drawing: what is known of a line becomes a row of a list."""

from typing import Final

from xmppspy.analysis.explainer import Explanation, origin
from xmppspy.errors import CaptureError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.view.browse.browser import Told
from xmppspy.view.browse.row import Row
from xmppspy.view.describe import doubts, is_error, is_stanza, latency_of, outline_of
from xmppspy.view.escape import END, escape_line, unmarked
from xmppspy.view.heading import UNFINISHED
from xmppspy.view.ink import Ink, Palette
from xmppspy.view.marked import Span, painted
from xmppspy.view.marked import spans as pieces
from xmppspy.view.notices import Occurrence, notice

ROOM: Final = 300
"""Characters of what was said; no list is much wider."""

_TYPED: Final = frozenset({"message", "iq"})
_NAMES: Final = Palette(**{name: Ink(name) for name in Palette._fields})
"""Inks that are their names."""


def draw(told: Told) -> Row:
    """The row of a line."""
    event = told.event
    if isinstance(event, FrameRecord):
        return draw_frame(told.explanation or Explanation(event), told.record.flags)
    if event is None:
        return _other(told, "unknown", "an event that this xmppspy does not know", "meta")
    if isinstance(event, CaptureError):
        return _other(told, "unreadable", event.reason, "error")
    return _notice(told, event)


def spans(ink: str, text: str) -> tuple[Span, ...]:
    """Clean text in one ink, with what is marked in it in an ink of its own."""
    if not text:
        return ()
    return ((ink, text),) if END not in text else tuple(pieces(painted(ink, text)))


# --- frames


def draw_frame(explanation: Explanation, flags: int = 0) -> Row:
    """The row of a frame."""
    frame = explanation.record
    outline = outline_of(explanation, ROOM)
    ink = _ink(frame)
    # That it waits, a sign tells, which is right as well when it waits no more.
    said = "".join(f"{doubt} " for doubt in doubts(explanation) if doubt != "waits")
    return Row(
        t=frame.t,
        conn=frame.conn,
        dir=frame.dir,
        kind=(_kind_ink(frame), escape_line(_kind(frame))),
        topic=spans(ink, _topic(frame, outline.topic)),
        source=_source(outline.namespace),
        details=(*spans("change", said), *spans(ink, outline.details)),
        peer=_peer(explanation),
        latency=latency_of(explanation),
        size=len(frame.data),
        flags=flags,
    )


def _kind(frame: FrameRecord) -> str:
    typed = frame.kind in _TYPED or (is_stanza(frame) and frame.type == "error")
    return f"{frame.kind} {frame.type}" if typed and frame.type else frame.kind


def _kind_ink(frame: FrameRecord) -> str:
    if frame.kind == "space":
        return "meta"
    if frame.kind in UNFINISHED or is_error(frame):
        return "error"
    return "kind" if is_stanza(frame) else "text"


def _ink(frame: FrameRecord) -> str:
    if is_error(frame):
        return "error"
    return "meta" if frame.kind == "space" else "text"


def _topic(frame: FrameRecord, topic: str) -> str:
    """The topic of a summary, without the kind, which has a column of its own."""
    if is_stanza(frame):
        return topic
    name = frame.kind.lstrip("/")
    return " ".join(word for word in topic.split() if word.rstrip(":") != name)


def _source(namespace: str) -> str:
    return "" if namespace == ns.STREAMS else origin(namespace, titled=False)


def _peer(explanation: Explanation) -> str:
    frame = explanation.record
    address = frame.to if frame.dir == "c2s" else frame.from_
    if not is_stanza(frame) or address is None:
        return ""
    return unmarked(escape_line(explanation.identity.shorten(address)))


# --- other lines


def _notice(told: Told, event: Occurrence) -> Row:
    found = notice(event, _NAMES)
    return Row(
        t=event.t,
        conn=found.conn or 0,
        dir=found.dir,
        kind=(found.ink.on, unmarked(found.name.partition(" ")[0])),
        topic=spans(found.ink.on, found.name.partition(" ")[2]),
        source="",
        details=spans(found.ink.on, ", ".join(found.details)),
        peer="",
        latency="",
        size=0,
        flags=told.record.flags,
    )


def _other(told: Told, kind: str, said: str, ink: str) -> Row:
    return Row(
        None, 0, None, (ink, kind), (), "", spans(ink, escape_line(said)), "", "", 0,
        told.record.flags,
    )  # fmt: skip
