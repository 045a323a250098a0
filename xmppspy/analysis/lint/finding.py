"""Findings: what is wrong, where, and how bad that is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from xmppspy.analysis.exchanges import Request
from xmppspy.protocol.events import Direction, FrameRecord


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """A peer breaks a requirement: others may refuse what it sends, or misread it."""
    WARNING = "warning"
    """Against a recommendation, insecure, or out of date."""
    INFO = "info"
    """Worth knowing: unusual, or a chance that is missed."""

    def reaches(self, lowest: "Severity") -> bool:
        """Whether it is at least as bad as `lowest`."""
        order = list(Severity)
        return order.index(self) <= order.index(lowest)


class Place(NamedTuple):
    """What a finding points at: a frame, or a moment of a connection."""

    conn: int
    t: float
    dir: Direction | None = None
    n: int | None = None
    """Number of the frame; None where it is about no frame."""


def place_of(where: FrameRecord | Request) -> Place:
    """Where a frame is."""
    return Place(where.conn, where.t, where.dir, where.n)


@dataclass(frozen=True, slots=True)
class Breach:
    """What a check noticed, when it is more than a sentence about the frame at hand."""

    message: str
    severity: Severity | None = None
    """Another one than the rule's."""
    place: Place | None = None
    """Elsewhere than at the frame at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule, and where it was broken."""

    rule: str
    severity: Severity
    conn: int
    dir: Direction | None
    n: int | None
    t: float
    ref: str
    """The section of the specification."""
    message: str
    """One sentence about this breach. It quotes the traffic, made harmless for terminals."""


Said: TypeAlias = str | Breach
"""What a check says: a sentence about the frame at hand, or more than that."""
