"""Greeting: the stream header and the features that a live client gets for the recorded ones."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from xmppspy.protocol import answers
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.tokens import attribute_spans, start_tag
from xmppspy.replay.offer import Offer
from xmppspy.replay.recording import Part

_SOON: Final = 5
"""How many lines behind the beginning of a session its features stand, after SASL2."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the live client is."""

    admitted: bool
    """Whether it has logged in."""
    secured: bool
    """Whether it is in TLS."""


def header(
    part: Part | None, asked: Frame, stream_id: str, domain: str
) -> tuple[bytes, StreamContext]:
    """The recorded header with what is different today, and what it lends to the stream.

    `asked` is the client's header. Where none was recorded, it is one of our own.
    """
    for turn in reversed(part.negotiation if part else []):
        record = turn.record
        if turn.dir == "s2c" and record.kind == "stream":
            if record.context.content != asked.context.content:
                break
            values = {"id": stream_id, "from": domain, "to": asked.from_}
            return _edited(record.data, values), record.context
    return answers.response_header(domain, asked.context, stream_id), asked.context


def features(part: Part | None, context: StreamContext, stage: Stage, offer: Offer) -> bytes:
    """The recorded features of the same stage, as far as they can be honoured."""
    recorded = _recorded(part)
    if stage.admitted:
        after = [each for each in recorded if not _logs_in(each) and not _secures(each)]
        return offer.after_login(after[-1] if after else None, context)
    clear = [each for each in recorded if _secures(each)]
    logins = [each for each in recorded if _logs_in(each)]
    never_secured = part is not None and not part.tls and not clear and bool(logins)
    if stage.secured or never_secured:
        return offer.before_login(logins[-1] if logins else None, context)
    return offer.in_the_clear(clear[0] if clear else None, context)


def _recorded(part: Part | None) -> list[bytes]:
    if part is None:
        return []
    turns = (*part.negotiation, *part.scene[:_SOON])
    found = (turn.record for turn in turns if turn.dir == "s2c")
    return [record.data for record in found if record.kind == "features"]


def _secures(offered: bytes) -> bool:
    return ns.TLS.encode() in offered


def _logs_in(offered: bytes) -> bool:
    sasl = ns.SASL.encode()
    # The name of channel bindings begins alike.
    return sasl + b"'" in offered or sasl + b'"' in offered or ns.SASL2.encode() in offered


def _edited(data: bytes, values: dict[str, str | None]) -> bytes:
    """A stream header with other values of those attributes that it has."""
    tag = start_tag(data)
    spans = [] if tag is None else list(attribute_spans(data, tag.start, tag.stop))
    for key, start, stop in reversed(spans):
        value = values.get(key)
        if value is not None:
            quoted = escape(value, {'"': "&quot;", "'": "&apos;"})
            data = data[:start] + quoted.encode() + data[stop:]
    return data
