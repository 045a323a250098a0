"""The bare words: kinds, directions, and classes, which win over kinds of the same name."""

from collections.abc import Callable, Mapping
from typing import Final

from xmppspy.filters.atoms import Word
from xmppspy.filters.subject import Predicate, Subject
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, FateDecided, Fault, FrameRecord, TLSEstablished
from xmppspy.protocol.namespaces import STANZAS

NO_ELEMENT: Final = frozenset(
    {"stream", "/stream", "space", "text", "comment", "pi", "opaque", "partial"}
)
"""Kinds of frames that are no first-level element."""

_SASL2: Final = "urn:xmpp:sasl:"  # in any version, XEP-0388
_SM: Final = "urn:xmpp:sm:"  # in any version, XEP-0198


def _kind(name: str) -> Predicate:
    def holds(subject: Subject) -> bool:
        return subject.frame is not None and subject.frame.kind == name

    return holds


def _direction(name: str) -> Predicate:
    def holds(subject: Subject) -> bool:
        return getattr(subject.event, "dir", None) == name

    return holds


def _frames(test: Callable[[FrameRecord], bool]) -> Predicate:
    def holds(subject: Subject) -> bool:
        return subject.frame is not None and test(subject.frame)

    return holds


def _is_stanza(frame: FrameRecord) -> bool:
    return frame.kind in STANZAS


def _is_nonza(frame: FrameRecord) -> bool:
    return frame.kind not in STANZAS and frame.kind not in NO_ELEMENT


def _is_stream_error(frame: FrameRecord) -> bool:
    return frame.kind == "error" and frame.xmlns == ns.STREAMS


def _is_stream(frame: FrameRecord) -> bool:
    return frame.kind in ("stream", "/stream") or _is_stream_error(frame)


def _is_sasl(frame: FrameRecord) -> bool:
    own = frame.xmlns or ""
    return own == ns.SASL or own.startswith(_SASL2)


def _is_sm(frame: FrameRecord) -> bool:
    return (frame.xmlns or "").startswith(_SM)


def _is_error_frame(frame: FrameRecord) -> bool:
    if frame.kind in STANZAS:
        return frame.type == "error"
    if frame.kind == "failure":
        return _is_sasl(frame)
    if frame.kind == "failed":
        return _is_sm(frame)
    return _is_stream_error(frame)


def _is_tls(subject: Subject) -> bool:
    if subject.frame is None:
        return isinstance(subject.event, TLSEstablished)
    return subject.frame.xmlns == ns.TLS


def _is_error(subject: Subject) -> bool:
    if subject.frame is None:
        return isinstance(subject.event, Fault)
    return _is_error_frame(subject.frame)


def _is_injected(frame: FrameRecord) -> bool:
    return frame.injected


def _is_changed(subject: Subject) -> bool:
    if subject.frame is None:
        return isinstance(subject.event, FateDecided) and subject.event.action != "forward"
    return subject.frame.sent is not UNCHANGED


def _was_held(subject: Subject) -> bool:
    if subject.frame is None:
        return isinstance(subject.event, FateDecided) and subject.event.held is not None
    return subject.frame.waits


def _is_event(subject: Subject) -> bool:
    return subject.frame is None


KINDS: Final = tuple(
    Word(name, f"elements with the local name {name}", _kind(name))
    for name in (
        "message", "presence", "iq", "features", "auth", "challenge", "response", "success",
        "failure", "starttls", "proceed", "r", "a", "enable", "enabled", "resume", "resumed",
    )
)  # fmt: skip

DIRECTIONS: Final = (
    Word("c2s", "from the connection's initiator", _direction("c2s")),
    Word("s2c", "towards it", _direction("s2c")),
)

CLASSES: Final = (
    Word("stanza", "message, presence and iq", _frames(_is_stanza)),
    Word("nonza", "any other element", _frames(_is_nonza)),
    Word("stream", "stream headers, ends and errors", _frames(_is_stream)),
    Word("sasl", "elements of SASL and SASL2", _frames(_is_sasl)),
    Word("tls", "STARTTLS elements and tls events", _is_tls),
    Word("sm", "elements of stream management", _frames(_is_sm)),
    Word("error", "stanza, stream, SASL and SM errors, error events", _is_error),
    Word("injected", "what xmppspy put into a stream", _frames(_is_injected)),
    Word(
        "changed",
        "frames that did not leave as they came: edited, dropped, doubled; their fates",
        _is_changed,
    ),
    Word("held", "frames that had to wait, and what became of them", _was_held),
    Word("event", "lines that are no frames: open, tls, error, …", _is_event),
)

WORDS: Final[Mapping[str, Word]] = {
    word.name: word for word in (*KINDS, *DIRECTIONS, *CLASSES)
}  # classes come last and win
