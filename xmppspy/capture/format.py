"""The capture format, version 1: what stands on a line, and how an event becomes one.

One JSON object a line, every line complete by itself. Reading is `decoder`'s part.
"""

# When version 2 comes: `encode` writes only the newest version; for reading there will be one pure
# function per step, from a line of version k to one of version k + 1, applied between the JSON and
# the event (in `Decoder`), which knows the version from the header.

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from xmppspy.protocol import accelerator
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Gap,
    Mark,
    Note,
    Skipped,
    StanzaRun,
    TLSEstablished,
)
from xmppspy.protocol.runs import records

FORMAT: Final = "xmppspy-capture"
"""What the header's `format` says."""

VERSION: Final = 1
"""The newest version of the format, which is the one written."""

Secrets: TypeAlias = Literal["redacted", "kept"]

EVENTS: Final[Mapping[str, type[Event]]] = {
    "open": ConnectionOpened,
    "tls": TLSEstablished,
    "close": ConnectionClosed,
    "error": Fault,
    "fate": FateDecided,
    "note": Note,
    "mark": Mark,
    "gap": Gap,
    "skipped": Skipped,
}
"""The class of each `event`."""

_NAMES: Final = {kind: name for name, kind in EVENTS.items()}
_FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in EVENTS.values()}
_ENCODER: Final = msgspec.json.Encoder()


class Header(NamedTuple):
    """The first line of a capture."""

    created: datetime
    """When the capture began, in UTC: `t` 0 of its lines."""
    tool: str
    """Name and version of what wrote it."""
    secrets: Secrets = "redacted"
    """Whether passwords and tokens were masked when it was recorded."""
    version: int = VERSION
    part: int = 0
    """Which part it is, from 1, of a capture that is in several; 0 for a whole one."""


class FrameLine(msgspec.Struct, omit_defaults=True, gc=False, rename={"from_": "from"}):
    """The keys of a frame's line, in the order in which they are written."""

    n: int | None = None
    t: float | None = None
    conn: int | None = None
    dir: Direction | None = None
    kind: str | None = None
    xmlns: str | None = None
    type: str | None = None
    id: str | None = None
    from_: str | None = None
    to: str | None = None
    ns: tuple[str, ...] = ()
    xml: str | None = None
    b64: bytes | None = None
    sent: str | UnsetType | None = UNSET
    sent_b64: bytes | None = None
    injected: bool = False
    waits: bool = False
    redacted: tuple[str, ...] = ()
    context: bool = False

    @property
    def data(self) -> bytes:
        """The bytes of the frame; empty where the line holds none."""
        return (self.b64 or b"") if self.xml is None else self.xml.encode()


def encode_header(header: Header) -> bytes:
    """Write the header as a line."""
    part = {"part": header.part} if header.part else {}
    return encode_value(
        {
            "format": FORMAT,
            "version": header.version,
            "created": header.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "tool": header.tool,
            "secrets": header.secrets,
            **part,
        }
    )


def encode(event: Event) -> bytes:
    """Write an event as a line: UTF-8 with a line feed, without any raw control character."""
    return encode_value(
        _frame_line(event) if isinstance(event, FrameRecord) else _event_line(event)
    )


def encode_run(run: StanzaRun) -> bytes:
    """Write the lines of a run of stanzas, the same as those of its records."""
    quick = accelerator.cutter(run.context)
    if quick is None:
        return b"".join(map(encode, records(run)))
    between = (
        f',"t":{_ENCODER.encode(round(run.t, 6)).decode()},"conn":{run.conn},"dir":"{run.dir}"'
    )
    return quick.lines(run.data, run.n, between.encode())


def _frame_line(frame: FrameRecord) -> FrameLine:
    xml, b64 = _text_or_bytes(frame.data)
    line = FrameLine(
        frame.n, round(frame.t, 6), frame.conn, frame.dir, frame.kind, frame.xmlns,
        frame.type, frame.id, frame.from_, frame.to, frame.ns, xml, b64,
    )  # fmt: skip
    line.injected, line.waits, line.redacted = frame.injected, frame.waits, frame.redacted
    line.context = frame.repeated
    if frame.sent is None:
        line.sent = None
    elif frame.sent is not UNCHANGED:
        text, line.sent_b64 = _text_or_bytes(frame.sent)
        line.sent = UNSET if text is None else text
    return line


def _event_line(event: Event) -> dict[str, Any]:
    line = {name: getattr(event, name) for name in _FIELDS[type(event)]}
    line = {"t": round(event.t, 6), "conn": line.get("conn"), "event": _NAMES[type(event)]} | {
        name: value for name, value in line.items() if name not in ("t", "conn")
    }
    if isinstance(event, FateDecided):
        line["held"] = None if event.held is None else round(event.held, 6)
        if event.sent is not None:
            line["sent"], line["sent_b64"] = _text_or_bytes(event.sent)
    return {name: value for name, value in line.items() if value is not None}


def _text_or_bytes(data: bytes) -> tuple[str | None, bytes | None]:
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        return None, data


def encode_value(value: msgspec.Struct | dict[str, Any]) -> bytes:
    """Write a value as a line of JSON, in UTF-8, that does nothing to a terminal."""
    try:
        line = _ENCODER.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, from a file name or an operating system
        line = _ENCODER.encode(_encodable(msgspec.to_builtins(value)))
    if not line.isascii() or b"\x7f" in line:
        line = _unsafe().sub(_escaped, line.decode()).encode()
    return line + b"\n"


@cache
def _unsafe() -> re.Pattern[str]:
    """What JSON allows in a string but a terminal obeys.

    DEL, C1, bidirectional controls, and the line separators of Unicode; compiled when it is needed.
    """
    return re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _encodable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(inner) for inner in value]
    return value
