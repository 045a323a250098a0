"""What the process that shows a capture and those that read it say to each other.

Light to import: it is needed before the first screen is drawn.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from xmppspy.view.browse.row import Row

Slot: TypeAlias = Literal["filter", "search"]
"""What a search is for; there is one of each at a time."""


# --- from who reads


@dataclass(frozen=True, slots=True)
class Opened:
    """The first line was read."""

    created: datetime | None
    """When the capture began; None where it has no header."""
    tool: str = ""
    secrets: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The first rows that are seen, so that who shows them needs not load what draws them."""

    first: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the capture was read, and what was found."""

    rows: int = 0
    """Lines that can be shown."""
    explained: int = 0
    """Of these, the first ones, of which is known what was learnt before them."""
    judged: int = 0
    """Of these, the first ones that the linter has seen."""
    size: int = 0
    """Bytes of the capture that were read."""
    connections: int = 0
    errors: int = 0
    findings: int = 0
    """Errors and warnings of the linter."""
    marks: int = 0
    is_written: bool = False
    """Whether somebody writes the file, as far as can be known."""
    standing: str = "same"
    """See `growth.Standing`."""
    torn: bool = False
    """Whether it ends in the middle of a line."""
    touched: tuple[int, ...] = ()
    """Rows that are known better than before."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Nothing more can be read."""

    reason: str
    is_fatal: bool = False
    """Whether there is nothing at all to be shown."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an `Ask`."""

    about: str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search has found since it was last said."""

    slot: Slot
    number: int
    """Which search, of those of this slot."""
    is_before: bool
    """Whether these rows are before the search's start."""
    rows: bytes
    """Row numbers, an `array("I")`: in order, and behind all that were found on the same side."""
    looked: int
    """How many rows were looked at in all."""


# --- to who reads


@dataclass(frozen=True, slots=True)
class Ask:
    """Tell about something now: `overview`, `seen`."""

    about: str


@dataclass(frozen=True, slots=True)
class Needle:
    """A text that is looked for in what was sent, or in what is said of an event."""

    text: str
    is_regex: bool = False
    is_exact: bool = False
    """Whether capitals and small letters differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Search for all rows that match a filter, and hold a needle if there is one.

    The way is from `start` to the last row, then from the first row to `start`, then along the rows
    that are still to come. An earlier search of the same slot ends.
    """

    slot: Slot
    number: int
    start: int
    text: str
    """In the filter language; it is correct. Empty for every row."""
    needle: Needle | None = None
    created: datetime | None
    utc: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """Tell the journey of the message in a row, `Answered` about `journey`; None for none.

    An earlier one that was not told yet is not told any more.
    """

    row: int


@dataclass(frozen=True, slots=True)
class Leave:
    """End the search of a slot."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Reach:
    """How many rows there are, and how many of them are explained."""

    rows: int
    explained: int
