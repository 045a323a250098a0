"""Messages: what a proxy and the process of its script say to each other, a line of JSON each.

A `Call` makes the process call a function of the script. Each is answered by exactly one `Reply`, in
their order; between two replies come `Deed`s. Whoever reads a line that is none of these may take
the other end for broken.
"""

from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import UNCHANGED, Direction, FrameRecord, Side
from xmppspy.protocol.verdicts import End, Hold, Verdict


class _Message(msgspec.Struct, tag_field="is", omit_defaults=True, gc=False):
    """One line."""


# --- to the script --------------------------------------------------------------------------------


class Load(_Message, tag="load"):
    """Load the script anew; answered by `Loaded` or `Refused`."""

    source: bytes


class Open(_Message, tag="open"):
    """A connection has begun, or goes on: call `connected`; answered by `Done`."""

    conn: int
    client: str
    domain: str | None = None
    jid: str | None = None


class Close(_Message, tag="close"):
    """A connection has ended: call `closed`; answered by `Done`."""

    conn: int


class Ask(_Message, tag="ask"):
    """Say what is to become of a frame: call `stanza`; answered by `Answer`."""

    conn: int
    ticket: int
    t: float
    dir: Direction
    kind: str
    data: bytes
    xmlns: str | None = None
    type: str | None = None
    id: str | None = None
    from_: str | None = None
    to: str | None = None
    ns: tuple[str, ...] = ()

    @classmethod
    def about(cls, ticket: int, frame: FrameRecord) -> "Ask":
        """The question about a frame."""
        return cls(
            frame.conn, ticket, frame.t, frame.dir, frame.kind, frame.data, frame.xmlns,
            frame.type, frame.id, frame.from_, frame.to, frame.ns,
        )  # fmt: skip

    def record(self, context: StreamContext) -> FrameRecord:
        """The frame, as filters and trees know frames; it has no number yet."""
        return FrameRecord(
            n=0, t=self.t, conn=self.conn, dir=self.dir, kind=self.kind, data=self.data,
            xmlns=self.xmlns, type=self.type, id=self.id, from_=self.from_, to=self.to, ns=self.ns,
            context=context,
        )  # fmt: skip


Call: TypeAlias = Load | Open | Close | Ask


class Known(_Message, tag="known"):
    """What has become known of a connection. No reply."""

    conn: int
    domain: str | None = None
    jid: str | None = None


class Context(_Message, tag="context"):
    """In which stream the frames of a direction stand from now on. No reply."""

    conn: int
    dir: Direction
    default: str
    prefixes: dict[str, str]
    content: str
    lang: str | None = None

    @classmethod
    def of(cls, conn: int, direction: Direction, context: StreamContext) -> "Context":
        """The message that tells it."""
        prefixes = dict(context.prefixes)
        return cls(conn, direction, context.default, prefixes, context.content, context.lang)

    def context(self) -> StreamContext:
        """What is told."""
        prefixes = MappingProxyType(self.prefixes)
        return StreamContext(self.default, prefixes, self.content, self.lang)


ToScript: TypeAlias = Call | Known | Context


# --- to the proxy ---------------------------------------------------------------------------------


class Loaded(_Message, tag="loaded"):
    """The script is in force."""

    judges: bool
    """Whether it has a function `stanza`."""
    filter: str | None = None
    """Which frames that is to be shown; None: all stanzas."""


class Refused(_Message, tag="refused"):
    """The script cannot be loaded; what was in force before still is."""

    reason: str
    line: int = 0
    """From 1; 0 when no line is to blame."""


class Done(_Message, tag="done"):
    """The function was called."""


SCRIPT: Final = "a script"
"""Who ends a connection, for the capture."""


class Answer(_Message, tag="answer"):
    """What is to become of the frame. Without anything: it goes on as it came."""

    data: bytes | None = None
    """What leaves in its stead."""
    drops: bool = False
    """Whether nothing does."""
    copies: int = 1
    delay: float = 0.0
    overtaken: bool = False
    hold: tuple[float, bool] | None = None
    """Seconds, and whether it is then dropped."""
    behind: bytes = b""
    back: bytes = b""
    end: End | None = None
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, verdict: Verdict) -> "Answer":
        """The message that tells a verdict. Toxics are not for scripts."""
        data, hold = verdict.data, verdict.hold
        return cls(
            data=data if isinstance(data, bytes) else None,
            drops=data is None,
            copies=verdict.copies,
            delay=verdict.delay,
            overtaken=verdict.overtaken,
            hold=None if hold is None else (hold.seconds, hold.drops),
            behind=verdict.behind,
            back=verdict.back,
            end=verdict.end,
            notes=verdict.notes,
            marks=verdict.marks,
        )

    def verdict(self) -> Verdict:
        """What is told."""
        unchanged = self.data is None and not self.drops
        return Verdict(
            data=UNCHANGED if unchanged else self.data,
            copies=self.copies,
            delay=self.delay,
            overtaken=self.overtaken,
            hold=None if self.hold is None else Hold(*self.hold),
            behind=self.behind,
            back=self.back,
            end=self.end,
            ender=SCRIPT,
            notes=self.notes,
            marks=self.marks,
        )


Reply: TypeAlias = Loaded | Refused | Done | Answer


class Say(_Message, tag="say"):
    """Tell the person at the terminal a line, and have it noted in the capture."""

    text: str
    conn: int | None = None
    noted: bool = True
    """Whether it still has to be noted."""


class Note(_Message, tag="note"):
    """Have a note in the capture."""

    conn: int
    text: str


class Inject(_Message, tag="inject"):
    """Put elements into a stream."""

    conn: int
    to: Side
    data: bytes


class Stop(_Message, tag="stop"):
    """End a connection."""

    conn: int
    how: End


Deed: TypeAlias = Say | Note | Inject | Stop
FromScript: TypeAlias = Reply | Deed

AS_IT_CAME: Final = Answer()

_encoder: Final = msgspec.json.Encoder()
_to_script: Final = msgspec.json.Decoder(ToScript)
_from_script: Final = msgspec.json.Decoder(FromScript)


def encode(message: ToScript | FromScript) -> bytes:
    """The line, with its line feed."""
    return _encoder.encode(message) + b"\n"


def read_by_script(line: bytes) -> ToScript:
    """What the proxy says. Raises `msgspec.DecodeError`."""
    return _to_script.decode(line)


def read_by_proxy(line: bytes) -> FromScript:
    """What the script's process says. Raises `msgspec.DecodeError`."""
    return _from_script.decode(line)


class Lines:
    """Cuts what arrives into lines."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.unfinished = 0
        """Bytes of the line that is arriving."""

    def receive(self, data: bytes) -> list[bytes]:
        """Take what has arrived; returns the lines that are whole now, without line feeds."""
        self._parts.append(data)
        if b"\n" not in data:
            self.unfinished += len(data)
            return []
        *lines, rest = b"".join(self._parts).split(b"\n")
        self._parts = [rest]
        self.unfinished = len(rest)
        return lines
