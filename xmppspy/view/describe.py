"""What a frame is, in words: beside its XML, or instead of it."""

from typing import Final

from xmppspy.analysis.explainer import Explanation, origin
from xmppspy.analysis.summary import Outline
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, FrameRecord
from xmppspy.protocol.namespaces import STANZAS

_TYPED: Final = frozenset({"message", "iq"})
"""Stanzas whose type says something that their summary does not repeat."""
_EXACT: Final = 0.01
"""Seconds below which tenths of milliseconds are told."""
_ERROR_ELEMENTS: Final = frozenset({"error", "failure", "failed"})


def is_error(frame: FrameRecord) -> bool:
    """Whether it is an error of a stanza, a stream, SASL or stream management."""
    return frame.type == "error" or frame.kind in _ERROR_ELEMENTS


def is_stanza(frame: FrameRecord) -> bool:
    """Whether it has an id and addresses that are worth telling beside its summary."""
    return frame.kind in STANZAS


def outline_of(told: Explanation, room: int) -> Outline:
    """What stands behind the kind and type of a frame."""
    outline = told.outline(room)
    return outline._replace(topic="") if _is_stanza_error(told.record) else outline


def _is_stanza_error(frame: FrameRecord) -> bool:
    return frame.type == "error" and is_stanza(frame)


def kind_of(frame: FrameRecord, outline: Outline) -> str:
    """`iq get`: kind and type, as far as the summary does not say them itself."""
    if frame.type is not None and (frame.kind in _TYPED or _is_stanza_error(frame)):
        return f"{frame.kind} {frame.type}"
    said = outline.topic.rstrip(":").split()
    return "" if frame.kind.lstrip("/") in said and not is_stanza(frame) else frame.kind


def about(outline: Outline, *, titled: bool) -> str:
    """`roster (RFC 6121), 3 items`: the summary with the specification it is from."""
    source = "" if outline.namespace == ns.STREAMS else origin(outline.namespace, titled=titled)
    if not source:
        return outline.text
    if not outline.topic:
        return f"{outline.details} ({source})"
    topic = f"{outline.topic.rstrip(':')} ({source})"
    return f"{topic}, {outline.details}" if outline.details else topic


def doubts(told: Explanation) -> list[str]:
    """What is odd about it, and what xmppspy did with it: nothing, as a rule."""
    frame = told.record
    found = [told.doubt] if told.doubt else []
    if frame.repeated:
        found.append("repeated")
    if frame.injected:
        found.append("injected")
    if frame.waits:
        found.append("waits")
    if frame.sent is not UNCHANGED:
        found.append("changed" if frame.sent else "dropped")
    return found


def latency_of(told: Explanation) -> str:
    """How long an answer took: `0.4 ms`, `23 ms`, `1.20 s`; empty for what is none."""
    seconds = told.latency
    if seconds is None:
        return ""
    if seconds < _EXACT:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:,.2f} s"
