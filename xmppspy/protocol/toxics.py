"""Toxics: what can be wrong with a line. The names, and what they mean, are toxiproxy's.

They work on the bytes of one direction, on the leg where these leave. Times are in seconds, sizes in
bytes, rates in bytes a second.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Latency:
    """Everything arrives later, in order."""

    latency: float
    jitter: float = 0.0
    """Up to so much more or less, at random."""


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """No more than `rate` bytes a second get through."""

    rate: float


@dataclass(frozen=True, slots=True)
class Slicer:
    """Data leaves in small pieces: TCP segments in the clear, TLS records of their own inside TLS."""

    average_size: int
    """1: a piece for every byte, so that each boundary is met."""
    size_variation: int = 0
    """Up to so much more or less, at random."""
    delay: float = 0.0
    """Between two pieces."""


@dataclass(frozen=True, slots=True)
class Timeout:
    """Nothing gets through any more; after `timeout` the connection is closed, at 0 never."""

    timeout: float = 0.0


@dataclass(frozen=True, slots=True)
class ResetPeer:
    """After `timeout` the connection is reset; what comes meanwhile gets through."""

    timeout: float = 0.0


@dataclass(frozen=True, slots=True)
class LimitData:
    """The connection is closed once `bytes` more have got through."""

    bytes: int


Toxic: TypeAlias = Latency | Bandwidth | Slicer | Timeout | ResetPeer | LimitData
