"""Line: the way of one leg's bytes to its peer, with what is wrong with it."""

# Two kinds of toxics work in two places. Those that decide *whether* bytes get through (timeout,
# limit_data) work on what is said, before TLS, so that it is known exactly which part of a frame
# left. Those that decide *when*, and in which pieces (latency, bandwidth, slicer), work on what goes
# to the socket; inside TLS a slicer makes each piece a record of its own, because a reader of TLS
# sees records, not segments.
#
# The order of bytes is never changed.

from collections import deque
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from xmppspy.protocol.toxics import (
    Bandwidth,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    Timeout,
    Toxic,
)
from xmppspy.protocol.verdicts import End

BACKLOG: Final = 256 * 1024
"""Bytes on their way beyond which nothing more is to be said."""

_PORTION: Final = 0.05
"""Seconds worth of bytes that a bandwidth lets through at a time."""


class Line:
    """Bytes that have been sent, on their way to a socket.

    `put` what leaves, `tick` when time has passed, `take` what has arrived, piece by piece. `seed`
    makes what is random repeatable.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - it is to be repeatable
        self._toxics: dict[type[Toxic], Toxic] = {}
        self._new: deque[bytes] = deque()
        self._late: deque[tuple[float, bytes]] = deque()
        self._ready: deque[bytes] = deque()
        self._size = 0
        self._free_at = 0.0  # when more gets through, latency apart
        self._last = 0.0  # when the latest piece arrives: none overtakes it
        self._left = 0  # bytes that a limit still lets through
        self._since: dict[type[Toxic], float] = {}  # when each began to work

    def set(self, toxics: Iterable[Toxic], now: float) -> None:
        """Let these work, besides those that do; each takes the place of one of its kind."""
        for toxic in toxics:
            self._toxics[type(toxic)] = toxic
            self._since[type(toxic)] = now
            if isinstance(toxic, LimitData):
                self._left = toxic.bytes

    def clear(self) -> None:
        """Nothing is wrong any more; what is on its way arrives when it would have."""
        self._toxics.clear()

    # --- whether

    def admit(self, size: int) -> int:
        """How many of so many bytes get through."""
        if Timeout in self._toxics:
            return 0
        if LimitData not in self._toxics:
            return size
        size = min(size, self._left)
        self._left -= size
        return size

    def end(self, now: float) -> tuple[End, str] | None:
        """How, and why, the connection is to be ended; None while it is not."""
        limit = self._toxics.get(LimitData)
        if isinstance(limit, LimitData) and self._left <= 0:
            return End.CLOSE, f"limit_data: {limit.bytes} bytes"
        for at, how, reason in self._ends():
            if now >= at:
                return how, reason
        return None

    def _ends(self) -> Iterator[tuple[float, End, str]]:
        """What will end the connection, and when."""
        reset, timeout = self._toxics.get(ResetPeer), self._toxics.get(Timeout)
        if isinstance(reset, ResetPeer):
            at = self._since[ResetPeer] + reset.timeout
            yield at, End.RESET, f"reset_peer: {reset.timeout:g} s"
        if isinstance(timeout, Timeout) and timeout.timeout:
            at = self._since[Timeout] + timeout.timeout
            yield at, End.CLOSE, f"timeout: {timeout.timeout:g} s"

    # --- when, and in which pieces

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Cut what is said as a slicer does."""
        slicer = self._toxics.get(Slicer)
        if not isinstance(slicer, Slicer):
            yield data
            return
        at = 0
        while at < len(data):
            variation = slicer.size_variation
            size = slicer.average_size + self._random.randint(-variation, variation)
            yield data[at : at + max(size, 1)]
            at += max(size, 1)

    def put(self, data: bytes) -> None:
        """Bytes for the socket leave; a slicer sends each call's on their own."""
        if data:
            self._new.append(data)
            self._size += len(data)

    def tick(self, now: float) -> None:
        """Time has come to `now`."""
        while self._new:
            for piece in self._portions(self._new.popleft()):
                self._last = max(self._last, self._arrival(len(piece), now))
                self._late.append((self._last, piece))
        while self._late and self._late[0][0] <= now:
            self._ready.append(self._late.popleft()[1])

    def flush(self) -> None:
        """All that is on its way arrives at once: there will be no more."""
        self._ready.extend(piece for _, piece in self._late)
        self._ready.extend(self._new)
        self._late.clear()
        self._new.clear()

    def take(self) -> bytes:
        """The next piece that has arrived, for a write of its own; empty when there is none."""
        if not self._ready:
            return b""
        piece = self._ready.popleft()
        self._size -= len(piece)
        return piece

    @property
    def is_busy(self) -> bool:
        """Whether something has not arrived yet."""
        return bool(self._late or self._new)

    @property
    def is_needless(self) -> bool:
        """Whether nothing is wrong any more, and nothing is left on it."""
        return not (self._toxics or self._size)

    @property
    def is_full(self) -> bool:
        """Whether too much is on its way."""
        return self._size > BACKLOG

    @property
    def is_overfull(self) -> bool:
        """Whether there is so much more that not only the other side can have sent it."""
        return self._size > 2 * BACKLOG

    @property
    def due(self) -> float | None:
        """When to `tick` or to ask for the `end` again; None when there is nothing to wait for."""
        times = [self._late[0][0]] if self._late else []
        return min([*times, *(at for at, _, _ in self._ends())], default=None)

    def _portions(self, data: bytes) -> Iterator[bytes]:
        bandwidth = self._toxics.get(Bandwidth)
        size = len(data)
        if isinstance(bandwidth, Bandwidth):
            size = max(int(bandwidth.rate * _PORTION), 1)
        for at in range(0, len(data), size):
            yield data[at : at + size]

    def _arrival(self, size: int, now: float) -> float:
        bandwidth, latency = self._toxics.get(Bandwidth), self._toxics.get(Latency)
        slicer = self._toxics.get(Slicer)
        at = max(self._free_at, now)
        if isinstance(bandwidth, Bandwidth):
            at += size / bandwidth.rate
        self._free_at = at
        if isinstance(slicer, Slicer):
            self._free_at += slicer.delay
        if isinstance(latency, Latency):
            at += max(latency.latency + self._random.uniform(-latency.jitter, latency.jitter), 0)
        return at
