"""Decoder: the lines of a capture, one after the other, become events.

It remembers what later lines need of earlier ones: the stream headers, and the numbers and times
that a person who writes a capture by hand may leave out.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self, TypeAlias

import msgspec
from msgspec import UNSET

from xmppspy.capture.derive import USUAL_HEADER, complete, context_of, cut
from xmppspy.capture.format import EVENTS, FORMAT, VERSION, FrameLine, Header, Secrets
from xmppspy.errors import CaptureError, NotACapture, UnsupportedVersion
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FateDecided,
    FrameRecord,
    Note,
    Unchanged,
    frame_record,
)

MAX_TIME: Final = 1e10
"""Seconds that a capture may last: three centuries."""

_ADVICE: Final = "captures are made by `xmppspy proxy`; docs/capture-format.md describes them"
_FRAME_START: Final = b'{"n":'
"""As frames are written; what begins otherwise is looked at more closely."""
_HEADER_START: Final = f'{{"format":"{FORMAT}"'.encode()
_MAGICS: Final = (
    (rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\xa1\xb2\x3c\x4d", "a pcap file"),
    (rb"(?s)....(?:\x4d\x3c\x2b\x1a|\x1a\x2b\x3c\x4d)", "a pcapng file"),  # after two line feeds
    (rb"\x1f\x8b", "a gzip file, which must be unpacked first"),
    (rb"PK\x03\x04", "a zip file"),
    (rb"\s*<", "XML"),
)
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_ROOM: Final = 200
"""Characters of a sentence that quotes a line."""
_OF_A_CONNECTION: Final = frozenset(
    kind
    for kind in EVENTS.values()
    for field in fields(kind)
    if field.name == "conn" and field.default is MISSING
)

_Stream: TypeAlias = tuple[int, Direction]


class _Outline(msgspec.Struct, gc=False):
    """What tells the lines apart."""

    format: Any = None
    event: Any = None
    dir: Any = None


class _Line(FrameLine):
    """A frame's line, or perhaps another one."""

    event: Any = None
    format: Any = None


class _VersionLine(msgspec.Struct):
    version: int


class _HeaderLine(_VersionLine):
    created: str = "1970-01-01T00:00:00Z"
    tool: str = ""
    secrets: Secrets = "kept"
    part: int = 0


_OUTLINE: Final = msgspec.json.Decoder(_Outline)
_VERSION: Final = msgspec.json.Decoder(_VersionLine)
_HEADER: Final = msgspec.json.Decoder(_HeaderLine)
_FRAME: Final = msgspec.json.Decoder(FrameLine)
_LINE: Final = msgspec.json.Decoder(_Line)
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any])


class Decoder:
    """The lines of one capture, in order. `path` is for errors only."""

    def __init__(self, path: str) -> None:
        self.header: Header | None = None
        """What the first line said; None before it, and where that was an event already."""
        self.started = False
        """Whether a line was read that is neither blank nor a comment."""
        self.n = 0
        """The number of the latest frame."""
        self.t = 0.0
        """The time of the latest event."""
        self._path = path
        self._line = 0
        self._conn = 1
        self._headers: dict[_Stream, bytes] = {}
        self._contexts: dict[_Stream, StreamContext] = {}
        self._part = 0
        self._open: set[int] = set()
        self._joined: set[int] = set()  # of these, this part was the first to tell
        self._repeats = False  # whether lines are told again that were read before

    @classmethod
    def amid(
        cls, path: str, *, n: int, t: float, conn: int, headers: Mapping[Direction, bytes]
    ) -> Self:
        """A decoder for lines out of the middle of a capture.

        It is told what the lines before would have told it: the number of the last frame, the last
        time, the connection of the last frame, and the stream headers of that connection. What a
        part repeats of those before it is an event, too.
        """
        made = cls(path)
        made._repeats = True
        made.started, made.n, made.t, made._conn = True, n, t, conn
        made.introduce(conn, headers)
        return made

    def introduce(self, conn: int, headers: Mapping[Direction, bytes]) -> None:
        """Tell of streams whose headers it was not given to read."""
        for direction, header in headers.items():
            self._begin_stream((conn, direction), header)

    def decode(self, line: bytes) -> Event | None:
        """Read the next line; return None where it holds no event that is known.

        Raises `NotACapture` and `UnsupportedVersion` for the first line, and `CaptureError` for a
        line that is neither a frame nor an event.
        """
        self._line += 1
        if self.started:
            try:
                told = _LINE.decode(line)
            except _UNREADABLE:
                pass  # perhaps no frame; the slow way tells
            else:
                if told.event is None and told.format is None:
                    return self._frame(told)
        return self._decode(line)

    def _decode(self, line: bytes) -> Event | None:
        """Decode what may be anything."""
        if _is_aside(line):
            return None
        try:
            outline = _OUTLINE.decode(line)
            if not self.started:
                return self._first(outline, line)
            return self._event(outline, line)
        except _UNREADABLE as error:
            if not self.started:
                raise self._foreign(line) from None
            raise self._error(_reason(error)) from None

    def keys(self, line: bytes) -> FrameLine | Event | None:
        """Read the next line, of a frame its keys alone if none is missing: that costs much less.

        The rest is as with `decode`, but what follows must be read for its keys, too.
        """
        if self.started and line.startswith(_FRAME_START):
            with suppress(*_UNREADABLE):
                keys = _FRAME.decode(line)
                if None not in (keys.n, keys.t, keys.conn, keys.dir, keys.kind):
                    self.n, self.t, self._conn = keys.n or 0, keys.t or 0.0, keys.conn or 0
                    return keys
        return self.decode(line)

    def is_torn(self, line: bytes) -> bool:
        """Whether the last line, which has no line feed, was cut off in the middle."""
        if _is_aside(line) or is_whole(line):
            return False
        return self.started or _HEADER_START.startswith(line[: len(_HEADER_START)])

    # --- the first line

    def _first(self, outline: _Outline, line: bytes) -> Event | None:
        is_header = outline.format == FORMAT
        if not is_header and outline.dir is None and _kind(outline) is None:
            raise self._foreign(line)
        self.started = True
        if not is_header:
            return self._event(outline, line)
        self.header = self._read_header(line)
        self._part = self.header.part
        return None

    def _read_header(self, line: bytes) -> Header:
        version = _VERSION.decode(line).version
        if version > VERSION:
            reason = f"capture format {version}, and this xmppspy reads up to {VERSION}"
            raise UnsupportedVersion(self._path, f"{reason}; upgrade xmppspy", self._line)
        header = _HEADER.decode(line)
        try:
            created = _in_utc(datetime.fromisoformat(header.created))
        except (ValueError, OverflowError):
            reason = f"created is no ISO 8601 time: {header.created!r}"
            raise self._error(_folded(reason)) from None
        return Header(created, header.tool, header.secrets, version, header.part)

    def _next_part(self, line: bytes) -> Note | None:
        """Go on with a later part of the same capture, if that is what follows."""
        header, before = self._read_header(line), self._part
        if self._repeats and header.part:
            return Note(t=self.t, text=f"part {header.part} of the capture begins here")
        if self.header is None or not before < header.part or header.created != self.header.created:
            raise self._error("a second header; read captures one by one, not joined")
        self._part = header.part
        self._joined.clear()
        missing = range(before + 1, header.part)
        if not missing:
            return None
        names = ", ".join(map(str, missing[:3])) + (", …" if len(missing) > 3 else "")
        return Note(t=self.t, text=f"part {names} of the capture is missing here")

    def _foreign(self, line: bytes) -> NotACapture:
        return NotACapture(self._path, f"{_guess(line)}; {_ADVICE}")

    # --- the lines behind it

    def _event(self, outline: _Outline, line: bytes) -> Event | None:
        if outline.format == FORMAT:
            return self._next_part(line)
        if outline.event is None:
            return self._frame(_FRAME.decode(line))
        kind = _kind(outline)
        return None if kind is None else self._other(kind, _OBJECT.decode(line))

    def _other(self, kind: type[Event], line: dict[str, Any]) -> Event | None:
        if line.pop("context", False) and not self._is_new(kind, line.get("conn")):
            return None
        line.setdefault("t", self.t)
        if kind in _OF_A_CONNECTION:
            line.setdefault("conn", self._conn)
        if kind is FateDecided:
            _fill_sent(line)
        event = msgspec.convert(line, kind)
        self.t = self._time(event.t)
        if isinstance(event, ConnectionOpened):
            self._open.add(event.conn)
        elif isinstance(event, ConnectionClosed):
            self._forget(event.conn)
        return event

    def _is_new(self, kind: type[Event], conn: object) -> bool:
        """Whether an event that was told before was so in a part that was not read."""
        if not isinstance(conn, int | None):
            return True  # as what it is, it is refused
        if kind is ConnectionOpened and isinstance(conn, int) and conn not in self._open:
            self._joined.add(conn)
        return conn in self._joined or self._repeats

    def _frame(self, line: FrameLine) -> FrameRecord | None:
        data = line.b64 if line.xml is None else line.xml.encode()
        if line.dir is None or data is None:
            raise self._error("neither an event nor a frame, which needs dir and xml (or b64)")
        conn = self._conn if line.conn is None else line.conn
        stream = (conn, line.dir)
        if line.context and stream in self._headers and not self._repeats:
            return None
        kind = line.kind
        if kind is None or line.n is None or line.t is None or line.conn is None:
            told = cut(self._headers.get(stream, USUAL_HEADER), data)
            complete(line, told)
            kind = told.kind if kind is None else kind
        if kind == "stream":
            self._begin_stream(stream, data)
        self._conn = conn
        self.n = self.n + 1 if line.n is None else line.n
        self.t = self.t if line.t is None else self._time(line.t)
        sent = _sent(line) if line.sent is not UNSET or line.sent_b64 is not None else UNCHANGED
        return frame_record(
            self.n, self.t, conn, line.dir, kind, data, line.xmlns, line.type, line.id, line.from_,
            line.to, line.ns, self._contexts.get(stream, DEFAULT_CONTEXT), sent,
            injected=line.injected, waits=line.waits, redacted=line.redacted,
            repeated=line.context,
        )  # fmt: skip

    def _begin_stream(self, stream: _Stream, header: bytes) -> None:
        self._headers[stream], self._contexts[stream] = header, context_of(header)

    def _forget(self, conn: int) -> None:
        self._open.discard(conn)
        directions: tuple[Direction, ...] = ("c2s", "s2c")
        for direction in directions:
            self._headers.pop((conn, direction), None)
            self._contexts.pop((conn, direction), None)

    def _time(self, t: float) -> float:
        if not 0 <= t <= MAX_TIME:
            raise self._error(f"t is no time since the capture began: {t:g} seconds")
        return t

    def _error(self, reason: str) -> CaptureError:
        return CaptureError(self._path, reason, self._line)


def _kind(outline: _Outline) -> type[Event] | None:
    return EVENTS.get(outline.event) if isinstance(outline.event, str) else None


def _sent(line: FrameLine) -> bytes | Literal[Unchanged.UNCHANGED] | None:
    if line.sent_b64 is not None:
        return line.sent_b64
    if line.sent is UNSET:
        return UNCHANGED
    return None if line.sent is None else line.sent.encode()


def _fill_sent(line: dict[str, Any]) -> None:
    """Leave in `sent` what `msgspec.convert` takes for bytes: bytes themselves, or base64."""
    if "sent_b64" in line:
        line["sent"] = line["sent_b64"]
    elif isinstance(line.get("sent"), str):
        line["sent"] = line["sent"].encode()


def _in_utc(moment: datetime) -> datetime:
    """That moment in UTC. Raises OverflowError when that is in no year that there is."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_aside(line: bytes) -> bool:
    return line[:1] == b"#" or not line.strip()


def is_whole(line: bytes) -> bool:
    """Whether a line holds all of a JSON value."""
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _reason(error: Exception) -> str:
    """What is wrong with a line, and what to do about it."""
    if isinstance(error, msgspec.ValidationError):
        return f"{_folded(str(error))}; docs/capture-format.md says what belongs there"
    return f"no valid JSON ({error}); mend the line or delete it"


def _folded(text: str) -> str:
    """A sentence that quotes the line, whose end says where, without the middle if it is long."""
    return text if len(text) <= _ROOM else f"{text[: _ROOM // 2]}…{text[-_ROOM // 2 :]}"


def _guess(line: bytes) -> str:
    """What a file may be whose first line belongs to no capture."""
    for magic, name in _MAGICS:
        if re.match(magic, line):
            return f"this is {name}, no capture"
    return "this is other JSON, no capture" if is_whole(line) else "this is no capture"
