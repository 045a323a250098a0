"""What a control socket answers, and what it tells of its own accord to those who watch."""

# docs/control.md has its tables from here, as from `requests`.

from typing import Literal, TypeAlias

import msgspec

from xmppspy.protocol.events import Direction, Side

Action: TypeAlias = Literal["forward", "drop", "replace", "duplicate"]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What stands under `ok`."""


# --- the proxy


class Breakpoint(Reply, frozen=True, kw_only=True):
    """Which frames are held."""

    on: bool
    """Whether any are."""
    filter: str | None
    """Those that match; null while there is no filter."""
    timeout: float
    """Seconds that a frame waits for a decision at most."""
    otherwise: Literal["forward", "drop"]
    """What becomes of a frame that nobody decides about in time."""


class Status(Reply, frozen=True, kw_only=True):
    """What the proxy is, serves and does."""

    tool: str
    """Name and version."""
    pid: int
    """The number of its process."""
    upstream: str
    """What it was started for: a domain, or HOST:PORT."""
    listening: list[str]
    """Where clients connect, as HOST:PORT."""
    capture: str | None
    """The file that is written; null with `--no-record`."""
    created: str
    """When the capture began, in UTC: `t` 0 of all times here."""
    t: float
    """Now."""
    connections: int
    """Open connections."""
    accepted: int
    """Connections so far."""
    frames: int
    """Frames so far."""
    held: int
    """Frames that are held."""
    breakpoint: Breakpoint
    """Which frames are held."""
    rules: int
    """Rules that are on."""
    rules_file: str | None
    """Where they are from."""


class Leg(Reply, frozen=True, kw_only=True):
    """TLS between the proxy and one side."""

    version: str
    """`TLSv1.3`."""
    cipher: str
    """OpenSSL's name of the cipher suite."""


class Traffic(Reply, frozen=True, kw_only=True):
    """How much was said in one direction."""

    frames: int
    """Frames, of any kind."""
    bytes: int
    """Bytes of them."""


class Connection(Reply, frozen=True, kw_only=True):
    """One open connection."""

    conn: int
    """Its number in the capture."""
    client: str
    """Where it is from, as HOST:PORT."""
    server: str
    """Where it goes, as HOST:PORT or a domain."""
    domain: str | None
    """Whom the client asked for."""
    jid: str | None
    """The account, with its resource once one is bound."""
    state: Literal["connecting", "negotiating", "online", "ending"]
    """How far it has come: until the server says something; until a resource is bound; then; and
    once either side has closed its stream."""
    tls: dict[Side, Leg]
    """By side; a leg in the clear is missing."""
    sm: Literal["off", "on", "resumable", "resumed"]
    """Stream management (XEP-0198)."""
    c2s: Traffic
    """What the client has said."""
    s2c: Traffic
    """What the server has said."""
    since: float
    """When it was opened."""
    held: int
    """Frames of it that are held."""


class Connections(Reply, frozen=True, kw_only=True):
    """The open connections."""

    connections: list[Connection]
    """By their numbers."""


# --- held frames


class HeldFrame(Reply, frozen=True, kw_only=True, omit_defaults=True, rename={"from_": "from"}):
    """A frame that waits for a decision."""

    n: int
    """Its number in the capture; by it, decisions name it."""
    conn: int
    """The connection's number."""
    dir: Direction
    """`c2s` or `s2c`."""
    t: float
    """When it arrived."""
    left: float
    """Seconds until it counts as nobody's."""
    otherwise: Literal["forward", "drop"]
    """What then becomes of it."""
    kind: str
    """`message`, `iq`, …: the name of the element."""
    xmlns: str | None = None
    """Its namespace, when it is not the stream's content namespace."""
    type: str | None = None
    """Its type, as written."""
    id: str | None = None
    """Its id, as written."""
    from_: str | None = None
    """Its sender, as written."""
    to: str | None = None
    """Its receiver, as written."""
    ns: tuple[str, ...] = ()
    """The namespaces of its child elements."""
    xml: str | None = None
    """What leaves if it is let go. Secrets in it are not masked."""
    b64: bytes | None = None
    """The same, where it is not UTF-8."""
    received: str | None = None
    """What came, where a rule or script made something else of it."""
    content: str = "jabber:client"
    """The content namespace of its stream."""
    namespaces: dict[str, str] = {}
    """What the stream's header declares, by prefix; the default namespace by the empty one."""


class HeldFrames(Reply, frozen=True, kw_only=True):
    """The frames that are held."""

    frames: list[HeldFrame]
    """By their numbers."""


class Decided(Reply, frozen=True, kw_only=True):
    """What was decided about."""

    n: list[int]
    """The frames' numbers. Each leaves when those have left that came before it."""


# --- injections


class Answer(Reply, frozen=True, kw_only=True):
    """What came back for an iq that was put in."""

    conn: int
    """The connection's number."""
    id: str
    """The iq's id."""
    type: str
    """`result` or `error`."""
    xml: str
    """The answer."""
    seconds: float
    """How long it took."""
    private: bool
    """Whether it was kept from the other side."""


class Injected(Reply, frozen=True, kw_only=True):
    """What was put in."""

    conn: int
    """The connection's number."""
    to: Side
    """Who gets it."""
    xml: str
    """What was sent, ids included."""
    ids: list[str]
    """The ids of its stanzas."""
    answers: list[Answer] = []
    """The answers, if they were to be waited for."""
    missing: list[str] = []
    """The ids of those that were not answered in time."""


class Field(Reply, frozen=True, kw_only=True, omit_defaults=True):
    """A place to fill in."""

    name: str
    """By which it is given."""
    help: str
    """What it is."""
    default: str = ""
    """What it is when it is not given; empty: it is left out."""
    needed: bool = False
    """Whether it has to be given."""


class Template(Reply, frozen=True, kw_only=True):
    """Something to inject."""

    name: str
    """By which it is asked for."""
    help: str
    """What it makes."""
    fields: list[Field]
    """What it can be filled with."""


class Templates(Reply, frozen=True, kw_only=True):
    """What can be injected by name."""

    templates: list[Template]
    """By their names."""


# --- the rest


class Killed(Reply, frozen=True, kw_only=True):
    """What was ended."""

    conns: list[int]
    """The connections' numbers."""


class Marked(Reply, frozen=True, kw_only=True):
    """A bookmark was made."""

    t: float
    """Its time."""
    recorded: bool
    """Whether there is a capture that holds it; false with `--no-record`."""


class Rule(Reply, frozen=True, kw_only=True):
    """One rule."""

    name: str
    """By which it is switched."""
    on: bool
    """Whether it is in force."""
    what: str
    """The filter, or the direction whose bytes it is about."""
    actions: list[str]
    """What it does."""
    matched: int
    """Frames that matched so far."""
    applied: int
    """Those of them that it was applied to."""


class Rules(Reply, frozen=True, kw_only=True):
    """The rules, in their order."""

    file: str | None
    """Where they are from."""
    rules: list[Rule]
    """All of them."""


class Watching(Reply, frozen=True, kw_only=True):
    """Events will follow."""

    frames: list[HeldFrame]
    """What is held already."""
    breakpoint: Breakpoint
    """Which frames are held."""
    t: float
    """Now."""


class Error(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not carried out."""

    name: str
    """Which kind of error it is."""
    detail: str
    """One sentence for a person."""
    shown: str | None = None
    """The text at fault, and below it a caret under the place."""
    line: int | None = None
    """The line of the place in what was sent, from 1."""
    column: int | None = None
    """The column in characters, from 1."""
