"""Orders: what is to be done at present, on every connection."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xmppspy.filters import Filter
from xmppspy.intervene.breakpoint import Breakpoint
from xmppspy.intervene.rules import NO_RULES, RuleBook
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.verdicts import Undecided


class Asker(Protocol):
    """One who asks somebody else about frames, such as a script."""

    def wants(self, head: FrameRecord) -> bool:
        """Whether it could ask about a frame of which only the start tag is known."""

    def ask(self, frame: FrameRecord, now: float) -> Undecided | None:
        """Ask about a frame as it would leave by now; None: there is nothing to ask.

        The answer is given to `Clerk.answered`, with the ticket.
        """


@dataclass(frozen=True, slots=True)
class Orders:
    """Rules, then whoever is asked, then the breakpoint."""

    book: RuleBook = NO_RULES
    breakpoint: Breakpoint | None = None
    asker: Asker | None = None
    seed: int = 0
    """What chance begins with."""
    created: datetime | None = None
    """When the capture began, for filters that ask for the time of day."""

    @property
    def stop(self) -> Breakpoint | None:
        """The breakpoint, if it is on."""
        return self.breakpoint if self.breakpoint and self.breakpoint.is_on else None

    def filter_for_one(self, filter_: Filter) -> Filter:
        """The filter for the frames of one connection.

        It may be shared by all, unless it has to follow the requests of each.
        """
        needs_own = filter_.follows or "time" in filter_.names
        return filter_.with_clock(self.created) if needs_own else filter_
