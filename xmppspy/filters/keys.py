"""Fields that read what stands beside the bytes: kind, direction, attributes, addresses."""

from collections.abc import Callable, Mapping
from typing import Final

from xmppspy.filters.atoms import BadValueError, Compile, Field, Match, matcher
from xmppspy.filters.subject import Check, Subject
from xmppspy.filters.words import CLASSES, KINDS
from xmppspy.protocol import jid
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Gap,
    Mark,
    Note,
    Skipped,
    TLSEstablished,
)

EVENT_NAMES: Final[Mapping[type[Event], str]] = {
    ConnectionOpened: "open",
    TLSEstablished: "tls",
    ConnectionClosed: "close",
    Fault: "error",
    FateDecided: "fate",
    Note: "note",
    Mark: "mark",
    Gap: "gap",
    Skipped: "skipped",
}
"""What a capture calls each kind of event."""

_NO_KIND: Final = {word.name for word in CLASSES} - {word.name for word in KINDS} - {
    "stream", "error"
}  # fmt: skip


def operator_in(field: str, value: str) -> tuple[str, ...]:
    """A hint for a value that holds what was meant as an operator."""
    for sign, word in (("|", "or"), ("&", "and")):
        if sign in value:
            return (f"{sign} is a part of the value in {field}:{value}; write a space and {word}",)
    return ()


def _of_frame(read: Callable[[FrameRecord], str | None], match: Match) -> Check:
    def holds(subject: Subject) -> bool:
        found = None if subject.frame is None else read(subject.frame)
        return found is not None and match(found)

    return Check(holds)


def _kind(operator: str, value: str) -> Check:
    check = _of_frame(lambda frame: frame.kind, matcher(operator, value))
    hints = operator_in("kind", value) if operator == ":" else ()
    if operator == ":" and value in _NO_KIND:
        hints = (f"no frame has the kind {value}; the class is the bare word {value}",)
    return Check(check.holds, hints=hints)


def _type(operator: str, value: str) -> Check:
    check = _of_frame(lambda frame: frame.type, matcher(operator, value))
    return Check(check.holds, hints=operator_in("type", value) if operator == ":" else ())


def _id(operator: str, value: str) -> Check:
    return _of_frame(lambda frame: frame.id, matcher(operator, value))


def _from(operator: str, value: str) -> Check:
    return _of_frame(lambda frame: frame.from_, matcher(operator, value, same_address))


def _to(operator: str, value: str) -> Check:
    return _of_frame(lambda frame: frame.to, matcher(operator, value, same_address))


def _jid(operator: str, value: str) -> Check:
    match = matcher(operator, value, same_address)

    def holds(subject: Subject) -> bool:
        frame = subject.frame
        if frame is None:
            return False
        if frame.from_ is not None and match(frame.from_):
            return True
        return frame.to is not None and match(frame.to)

    return Check(holds)


def same_address(value: str) -> Match:
    """Match the address, all resources of a bare one, the whole domain of a bare domain."""
    if found := jid.flaw(value):
        raise BadValueError(f"not a JID: {found.reason}", found.position)
    wanted = jid.JID.read(value)
    return lambda text: wanted.covers(jid.JID.read(text))


def _one_of(name: str, known: tuple[str, ...], read: Callable[[Subject], str | None]) -> Compile:
    def compile_one(operator: str, value: str) -> Check:
        match = matcher(operator, value)

        def holds(subject: Subject) -> bool:
            found = read(subject)
            return found is not None and match(found)

        hints: tuple[str, ...] = ()
        if operator != "~" and value not in known:
            hints = (f"{name} is never {value}, only {' '.join(known)}",)
        return Check(holds, hints=hints)

    return compile_one


def _direction_of(subject: Subject) -> str | None:
    found: str | None = getattr(subject.event, "dir", None)
    return found


def _event_name(subject: Subject) -> str | None:
    return EVENT_NAMES.get(type(subject.event))


FIELDS: Final = (
    Field("kind", ":=~", "local name of the element, or space, opaque, …", "kind:r", _kind),
    Field(
        "dir", ":=~", "direction, c2s or s2c", "dir:c2s",
        _one_of("dir", ("c2s", "s2c"), _direction_of),
    ),
    Field("type", ":=~", "type attribute, as written", "type:groupchat", _type),
    Field("id", ":=~", "id attribute", "id~^purple", _id),
    Field("from", ":=~", "sender; a bare JID means all its resources", "from:juliet@example.org", _from),
    Field("to", ":=~", "receiver; a bare domain means all its JIDs", "to:example.org", _to),
    Field("jid", ":=~", "sender or receiver", "jid:juliet@example.org", _jid),
    Field(
        "event", ":=~", "events: " + " ".join(EVENT_NAMES.values()), "event:close",
        _one_of("event", tuple(EVENT_NAMES.values()), _event_name),
    ),
)  # fmt: skip
