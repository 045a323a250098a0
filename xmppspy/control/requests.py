"""What the control socket of a proxy can be asked for: one class for each command."""

# The first sentence of each docstring, and the strings under the fields, are also the tables of
# docs/control.md: `python -m scripts.control_reference` renews them.

from typing import ClassVar, Literal, TypeAlias

import msgspec

from xmppspy.control import replies
from xmppspy.protocol.events import Side

Which: TypeAlias = int | Literal["all"]


class Request(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="command",
    tag=str.lower,
):
    """One line to the control socket; `command` says which."""

    reply: ClassVar[type[replies.Reply]]
    id: int | str | None = None
    """Repeated in the reply."""


class Status(Request, frozen=True, kw_only=True):
    """Tells what the proxy is, serves and does at present."""

    reply: ClassVar = replies.Status


class Connections(Request, frozen=True, kw_only=True):
    """Lists the open connections."""

    reply: ClassVar = replies.Connections


class Hold(Request, frozen=True, kw_only=True):
    """Sets the breakpoint, and tells what it is; without anything else it only tells."""

    reply: ClassVar = replies.Breakpoint

    filter: str | None = None
    """Frames that match are held, from now on; this switches it on, too. What is not given beside
    it is what the proxy was started with: 30 seconds, then forward, unless told otherwise."""
    timeout: float | None = None
    """Seconds that a frame waits for a decision at most; without `filter` and this, as before."""
    otherwise: Literal["forward", "drop"] | None = None
    """What becomes of a frame that nobody decides about in time; likewise."""
    on: bool | None = None
    """Whether frames are held; those that are held already go on waiting."""


class Held(Request, frozen=True, kw_only=True):
    """Lists the frames that are held."""

    reply: ClassVar = replies.HeldFrames


class Release(Request, frozen=True, kw_only=True):
    """Lets a held frame go on as it would have."""

    reply: ClassVar = replies.Decided

    n: Which
    """The frame's number, or `"all"`."""


class Drop(Request, frozen=True, kw_only=True):
    """Drops a held frame."""

    reply: ClassVar = replies.Decided

    n: Which
    """The frame's number, or `"all"`."""


class Duplicate(Request, frozen=True, kw_only=True):
    """Lets a held frame go on more than once."""

    reply: ClassVar = replies.Decided

    n: Which
    """The frame's number, or `"all"`."""
    copies: int = 2
    """How often it leaves."""


class Edit(Request, frozen=True, kw_only=True):
    """Lets something else go on in the place of a held frame."""

    reply: ClassVar = replies.Decided

    n: int
    """The frame's number."""
    xml: str | None = None
    """One element or several, well-formed in their stream."""
    b64: bytes | None = None
    """Bytes instead, with `force`."""
    force: bool = False
    """Whether it goes on unchecked."""


class Extend(Request, frozen=True, kw_only=True):
    """Lets a held frame wait for longer; never for less than it does anyway."""

    reply: ClassVar = replies.Decided

    n: Which
    """The frame's number, or `"all"`."""
    seconds: float = 30.0
    """How long at least, from now on."""


class Inject(Request, frozen=True, kw_only=True):
    """Puts elements into a stream, behind the frame that is on its way, before those that are held."""

    reply: ClassVar = replies.Injected

    conn: int
    """The connection's number."""
    to: Side
    """Who gets them: `"client"` or `"server"`."""
    xml: str | None = None
    """One element or several; an iq without an id gets one."""
    template: str | None = None
    """The name of a template, instead of `xml`."""
    fields: dict[str, str] = {}
    """What the template is filled with."""
    b64: bytes | None = None
    """Bytes instead, with `force`."""
    force: bool = False
    """Whether it goes in unchecked."""
    wait: float = 0.0
    """Seconds to wait for the answers to each iq of type get or set; the reply comes when they are
    there, or time is up."""
    private: bool = False
    """Whether the answers are kept from the other side, which never asked."""


class Kill(Request, frozen=True, kw_only=True):
    """Ends a connection on both legs."""

    reply: ClassVar = replies.Killed

    conn: Which
    """The connection's number, or `"all"`."""
    how: Literal["close", "reset"] = "close"
    """In order, all that was said sent; or by a TCP reset, at once."""


class Mark(Request, frozen=True, kw_only=True):
    """Puts a bookmark into the capture."""

    reply: ClassVar = replies.Marked

    text: str
    """What it says; not nothing."""
    conn: int | None = None
    """The open connection that it is about, if any."""


class Rules(Request, frozen=True, kw_only=True):
    """Tells the rules, after doing something to them if told so."""

    reply: ClassVar = replies.Rules

    do: Literal["list", "on", "off", "reload"] = "list"
    """`on` and `off` switch rules; `reload` reads the file again."""
    rule: str | None = None
    """The name of the one rule to switch; all of them without."""


class Templates(Request, frozen=True, kw_only=True):
    """Lists the templates of `inject`."""

    reply: ClassVar = replies.Templates


class Watch(Request, frozen=True, kw_only=True):
    """Has events pushed to this client from now on; the reply tells what is held already."""

    reply: ClassVar = replies.Watching


AnyRequest: TypeAlias = (
    Status
    | Connections
    | Hold
    | Held
    | Release
    | Drop
    | Duplicate
    | Edit
    | Extend
    | Inject
    | Kill
    | Mark
    | Rules
    | Templates
    | Watch
)
