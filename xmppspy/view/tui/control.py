"""Control: what the view may ask of a running proxy, besides reading what it writes.

The view does not know how it is reached. Without one, it shows nothing of what this is for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from xmppspy.protocol.events import Direction, Side

Action: TypeAlias = Literal["forward", "drop", "replace", "duplicate"]


class ControlError(Exception):
    """The proxy says no, or is gone. The message is a sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakpoint:
    """Which frames are held."""

    is_on: bool
    filter: str
    """Those that match; empty while there is no filter."""
    timeout: float
    """Seconds that a frame waits for a decision at most."""
    otherwise: Literal["forward", "drop"]
    """What becomes of one that nobody decides about in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A frame that waits for a decision."""

    n: int
    """Its number in the capture."""
    conn: int
    dir: Direction
    data: bytes
    """The exact bytes; secrets are not masked."""
    until: float
    """When time is up, as `time.monotonic()` has it here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the proxy."""

    name: str
    is_on: bool
    said: str
    """Filter and actions, in one line."""
    matched: int
    """How often it has done something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the proxy stands."""

    upstream: str
    listening: Sequence[str]
    capture: str
    """The file that it writes; empty for none."""
    breakpoint: Breakpoint
    held: Sequence[Held]
    rules: Sequence[Rule]
    templates: Sequence[str]
    """Names of what the composer begins with."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something is otherwise than before: ask for the status."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The proxy is gone, or does not answer."""

    reason: str


Told: TypeAlias = Changed | Lost


class Control(Protocol):
    """A running proxy. All that is asked may raise ControlError."""

    def listen(self, take: Callable[[Told], None]) -> None:
        """From now on tell `take` what happens, on the running event loop."""

    async def status(self) -> Status:
        """How everything stands."""

    async def hold(self, filter: str | None = None, *, is_on: bool = True) -> None:  # noqa: A002
        """Hold the frames that match, or those that matched before; or none any more."""

    async def decide(self, n: int | None, action: Action, data: bytes = b"") -> None:
        """Decide about a held frame, or about all; `data` is what leaves instead."""

    async def extend(self, n: int, seconds: float) -> None:
        """Let a held frame wait for longer."""

    async def check(self, n: int, data: bytes) -> str:
        """What is wrong with what shall leave instead of a held frame; empty for nothing."""

    async def template(self, name: str, conn: int, to: Side) -> str:
        """What a template begins with, for that stream."""

    async def inject(
        self, conn: int, to: Side, data: bytes, *, wait: float = 0.0
    ) -> Sequence[bytes]:
        """Put elements into a stream; returns the answers that came in so many seconds."""

    async def kill(self, conn: int) -> None:
        """End a connection."""

    async def mark(self, text: str, conn: int | None = None) -> None:
        """Put a bookmark into the capture."""

    async def switch_rule(self, name: str, *, is_on: bool) -> None:
        """Switch a rule on or off."""
