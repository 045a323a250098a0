"""Records: a few numbers for each line of a capture, in a file, so that memory stays flat."""

import mmap
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache
from struct import Struct
from typing import Final, NamedTuple

_WHOLE: Final = Struct("<QIIIIIIIHBx")
SIZE: Final = _WHOLE.size

_BEGINNING: Final = Struct("<Q32x")
"""Of a row that is new: where its line is, and nothing else."""
_OFFSET: Final = Struct("<Q")
_LINK: Final = Struct("<I")
_STATE: Final = Struct("<B")
_FLAGS: Final = Struct("<H")
_N_AT: Final = 8
_PARTNER_AT: Final = 12
_ACKED_AT: Final = 16
_SETTING_AT: Final = 20
_TOLD_AT: Final = 24
_CONN_AT: Final = 28
_LATENCY_AT: Final = 32
_FLAGS_AT: Final = 36
_STATE_AT: Final = 38

_FIRST_CAPACITY: Final = 4096
_MICROSECONDS: Final = 1_000_000
_LONGEST: Final = 2**32 - 2
_BLOCK: Final = 16_384
"""Records that are looked through at a time."""


class Flag:
    """What is to be seen of a line at a glance: bits of one number, several may be set.

    No `IntFlag`, which is slow where every line is concerned.
    """

    EVENT: Final = 1
    """No frame."""
    QUIET: Final = 2
    """White space, or an acknowledgement or the request for one (XEP-0198)."""
    ERROR: Final = 4
    """As the word `error` of the filter language."""
    HELD: Final = 8
    CHANGED: Final = 16
    """Something else left than what came."""
    DROPPED: Final = 32
    INJECTED: Final = 64
    MARKED: Final = 128
    BAD: Final = 256
    """The linter finds an error."""
    DOUBTFUL: Final = 512
    """The linter finds a warning."""
    REMARKED: Final = 1024
    """The linter finds something worth knowing."""
    ODD: Final = 2048
    """An answer that is late, or to nothing."""
    BROKEN: Final = 4096
    """The line cannot be read."""
    ATTACHED: Final = 8192
    """A mark that was set on another line."""


class Record(NamedTuple):
    """What is kept of a line, a row of the capture. Rows are counted from 0."""

    offset: int
    """Where the line begins."""
    n: int
    """Number of the frame; of an event, that of the frame before."""
    partner: int
    """Of a request the row of its answer plus one, and the other way round; 0 for none."""
    acked: int
    """The row of the acknowledgement of a stanza plus one; 0 for none."""
    setting: int
    """Link to what was known of the connection; 0 for nothing."""
    told: int
    """Link to the last of the things that are told about the line; 0 for none."""
    conn: int
    """Number of the connection; 0 for none."""
    latency_told: int
    """Of an answer, in microseconds, plus one; 0 where it is not known."""
    flags: int
    state: int
    """How an answer stands to its request: which `State`, counted from 1; 0 for no answer."""

    @property
    def latency(self) -> float | None:
        """Seconds that an answer took; None for what is none."""
        return (self.latency_told - 1) / _MICROSECONDS if self.latency_told else None


class RecordWriter:
    """Writes records into a file. Those of new rows say only where their lines begin.

    Behind the last record stands where the last line ends.
    """

    def __init__(self, file: int) -> None:
        self.rows = 0
        self._described = 0
        self._file = file
        self._capacity = _FIRST_CAPACITY
        self._memory = self._map()

    def append(self, offsets: "array[int]", end: int) -> None:
        """Add rows whose lines begin at `offsets`, the last of which ends before `end`."""
        self._reserve(self.rows + len(offsets) + 1)
        at = self.rows * SIZE
        for offset in offsets:
            _BEGINNING.pack_into(self._memory, at, offset)
            at += SIZE
        _OFFSET.pack_into(self._memory, at, end)
        self.rows += len(offsets)

    def get(self, row: int) -> Record:
        """The record of a row."""
        return _record(self._memory, row * SIZE)

    def offsets(self, start: int, stop: int) -> list[int]:
        """Where the lines of rows begin; the last one is where the one before it ends."""
        return _offsets(self._memory[start * SIZE : (stop + 1) * SIZE])

    def describe(self, row: int, n: int, conn: int, setting: int, flags: int) -> None:
        """Say what is known of any line when it is read: of one row after the other."""
        self._described = row + 1
        at = row * SIZE
        _LINK.pack_into(self._memory, at + _N_AT, n)
        _LINK.pack_into(self._memory, at + _SETTING_AT, setting)
        _LINK.pack_into(self._memory, at + _CONN_AT, conn)
        self.add_flags(row, flags)

    def add_flags(self, row: int, flags: int) -> None:
        """Say more of a line."""
        at = row * SIZE + _FLAGS_AT
        (known,) = _FLAGS.unpack_from(self._memory, at)
        _FLAGS.pack_into(self._memory, at, known | flags)

    def remove_flags(self, row: int, flags: int) -> None:
        """Take it back."""
        at = row * SIZE + _FLAGS_AT
        (known,) = _FLAGS.unpack_from(self._memory, at)
        _FLAGS.pack_into(self._memory, at, known & ~flags)

    def answer(self, row: int, state: int, latency: float | None) -> None:
        """Say how the answer in a row stands to a request."""
        at = row * SIZE
        _STATE.pack_into(self._memory, at + _STATE_AT, state)
        if latency is not None:
            microseconds = min(round(latency * _MICROSECONDS), _LONGEST)
            _LINK.pack_into(self._memory, at + _LATENCY_AT, microseconds + 1)

    def pair(self, request: int, answer: int) -> None:
        """Say of two rows that they belong together."""
        _LINK.pack_into(self._memory, request * SIZE + _PARTNER_AT, answer + 1)
        _LINK.pack_into(self._memory, answer * SIZE + _PARTNER_AT, request + 1)

    def point(self, row: int, partner: int) -> None:
        """Say of a row which one it claims to belong to."""
        _LINK.pack_into(self._memory, row * SIZE + _PARTNER_AT, partner + 1)

    def acknowledge(self, row: int, by: int) -> None:
        """Say in which row a stanza is acknowledged."""
        _LINK.pack_into(self._memory, row * SIZE + _ACKED_AT, by + 1)

    def told(self, row: int) -> int:
        """The link to what is told about a row."""
        found: int = _LINK.unpack_from(self._memory, row * SIZE + _TOLD_AT)[0]
        return found

    def tell(self, row: int, link: int) -> None:
        """Set it."""
        _LINK.pack_into(self._memory, row * SIZE + _TOLD_AT, link)

    def row_of(self, n: int) -> int | None:
        """The row of a frame, among those that were described; None where it is not there."""
        return _row_of(n, self._described, lambda row: _n_in(self._memory, row * SIZE))

    def _reserve(self, rows: int) -> None:
        if rows <= self._capacity:
            return
        while self._capacity < rows:
            self._capacity *= 2
        self._memory.close()
        self._memory = self._map()

    def _map(self) -> mmap.mmap:
        os.ftruncate(self._file, self._capacity * SIZE)
        return mmap.mmap(self._file, self._capacity * SIZE)


class Records:
    """Reads the records that a `RecordWriter`, as a rule in another process, has written."""

    def __init__(self, file: int) -> None:
        self.rows = 0
        """How many there are, as far as was said."""
        self._file = file

    def get(self, row: int) -> Record:
        """The record of a row."""
        return _record(os.pread(self._file, SIZE, row * SIZE), 0)

    def offsets(self, start: int, stop: int) -> list[int]:
        """Where the lines of rows begin; the last one is where the one before it ends."""
        return _offsets(os.pread(self._file, (stop + 1 - start) * SIZE, start * SIZE))

    def settings(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """The connections of rows, with the links to what was known of them."""
        data = os.pread(self._file, max(stop - start, 0) * SIZE, start * SIZE)
        for at in range(0, len(data), SIZE):
            record = _record(data, at)
            yield record.conn, record.setting

    def row_of(self, n: int, rows: int) -> int | None:
        """The row of a frame, among the first `rows`; None where it is not there."""
        return _row_of(n, rows, lambda row: _n_in(os.pread(self._file, SIZE, row * SIZE), 0))

    def flagged(self, flags: int, start: int, stop: int) -> Iterator[int]:
        """The rows from `start` on and before `stop` that have one of the flags."""
        for first in range(start, stop, _BLOCK):
            count = min(_BLOCK, stop - first)
            yield from (first + at for at in self._marked(flags, first, count))

    def flagged_before(self, flags: int, stop: int) -> Iterator[int]:
        """The same before `stop`, the last one first."""
        for end in range(stop, 0, -_BLOCK):
            first = max(end - _BLOCK, 0)
            yield from (first + at for at in reversed(self._marked(flags, first, end - first)))

    def _marked(self, flags: int, first: int, count: int) -> list[int]:
        data = os.pread(self._file, count * SIZE, first * SIZE)
        low = data[_FLAGS_AT::SIZE].translate(_holding(flags & 0xFF))
        high = data[_FLAGS_AT + 1 :: SIZE].translate(_holding(flags >> 8))
        return [at for at, (one, other) in enumerate(zip(low, high, strict=True)) if one or other]


@cache
def _holding(bits: int) -> bytes:
    """A table that makes 1 of each byte with one of the bits, and 0 of any other."""
    return bytes(1 if byte & bits else 0 for byte in range(256))


def _record(data: bytes | mmap.mmap, at: int) -> Record:
    offset, n, partner, acked, setting, told, conn, latency, flags, state = _WHOLE.unpack_from(
        data, at
    )
    return Record(offset, n, partner, acked, setting, told, conn, latency, flags, state)


def _offsets(data: bytes) -> list[int]:
    return [offset for (offset,) in _BEGINNING.iter_unpack(data)]


def _n_in(data: bytes | mmap.mmap, at: int) -> int:
    found: int = _LINK.unpack_from(data, at + _N_AT)[0]
    return found


def _row_of(n: int, rows: int, n_of: Callable[[int], int]) -> int | None:
    """Halve the rows, for their numbers grow: the first one with the number is the frame."""
    row = bisect_left(range(rows), n, key=n_of)
    return row if row < rows and n_of(row) == n else None
