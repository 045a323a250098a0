"""What a control socket tells those who watch, of its own accord: one class for each `event`."""

# docs/control.md has its table from here, as from `requests`.

from typing import Literal, TypeAlias

import msgspec

from xmppspy.control import replies
from xmppspy.protocol.events import Direction


class News(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="event",
    tag=str.lower,
):
    """One line to those who watch; `event` says which."""


class Opened(News, frozen=True, kw_only=True):
    """A client has connected."""

    conn: int
    """The connection's number."""
    client: str
    """Where it is from, as HOST:PORT."""


class Closed(News, frozen=True, kw_only=True):
    """A connection is over."""

    conn: int
    """The connection's number."""
    by: str
    """`client`, `server` or `proxy`."""
    reason: str
    """Why, in words."""


class Held(News, frozen=True, kw_only=True):
    """A frame waits for a decision."""

    frame: replies.HeldFrame
    """All that there is to know of it."""


class Extended(News, frozen=True, kw_only=True):
    """A frame waits for longer than was said."""

    n: int
    """The frame's number."""
    left: float
    """Seconds until it counts as nobody's."""


class Decided(News, frozen=True, kw_only=True):
    """Somebody has decided about a frame, which leaves when its turn comes."""

    n: int
    """The frame's number."""
    action: replies.Action
    """What becomes of it."""


class Released(News, frozen=True, kw_only=True):
    """A frame waits no more."""

    n: int
    """The frame's number."""
    conn: int
    """The connection's number."""
    action: replies.Action
    """What has become of it."""
    held: float | None = None
    """Seconds that it waited."""
    decided: bool = False
    """Whether somebody decided it; else time was up, or the connection ended."""


class Injected(News, frozen=True, kw_only=True):
    """Somebody has put something into a stream."""

    conn: int
    """The connection's number."""
    dir: Direction
    """Which way it goes."""
    xml: str
    """What it is."""


class Answer(News, frozen=True, kw_only=True):
    """An iq that was put in has its answer."""

    answer: replies.Answer
    """All that there is to know of it."""


class Breakpoint(News, frozen=True, kw_only=True):
    """Other frames are held from now on."""

    breakpoint: replies.Breakpoint
    """Which."""


class Rules(News, frozen=True, kw_only=True):
    """Rules have been switched, or read again."""

    rules: replies.Rules
    """All of them."""


class Trouble(News, frozen=True, kw_only=True):
    """Something is wrong, such as a rules file that was saved with a mistake."""

    about: Literal["rules", "script"]
    """With what."""
    detail: str
    """What is wrong, in words; it may have several lines."""


class Dropped(News, frozen=True, kw_only=True):
    """This client has read too slowly and is disconnected."""

    detail: str
    """That, in words."""


AnyNews: TypeAlias = (
    Opened
    | Closed
    | Held
    | Extended
    | Decided
    | Released
    | Injected
    | Answer
    | Breakpoint
    | Rules
    | Trouble
    | Dropped
)
