"""Line: which bytes get through, when, and in which pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.protocol.line import BACKLOG, Line
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


def line_with(*toxics: Toxic, now: float = 0.0, seed: int = 1) -> Line:
    """A line with that wrong with it."""
    line = Line(seed)
    line.set(toxics, now)
    return line


def arrived(line: Line) -> list[bytes]:
    """The pieces that have arrived since the last call."""
    return list(iter(line.take, b""))


def arrivals(line: Line) -> list[tuple[float, bytes]]:
    """What arrives when, until nothing is left."""
    found = []
    while line.due is not None:
        now = line.due
        line.tick(now)
        found += [(round(now, 6), piece) for piece in arrived(line)]
    return found


# --- nothing wrong


def test_line_with_nothing_wrong() -> None:
    """All gets through at once, each put on its own."""
    line = line_with()
    line.put(b"one")
    line.put(b"")
    line.put(b"two")
    busy = line.is_busy
    line.tick(0.0)

    assert (line.admit(100), list(line.pieces(b"three"))) == (100, [b"three"])
    assert (busy, line.is_busy) == (True, False)
    assert arrived(line) == [b"one", b"two"]
    assert (line.end(100.0), line.due) == (None, None)


def test_line_is_needed_as_long_as_something_is_on_it() -> None:
    """Or wrong with it."""
    line = line_with(Latency(1.0))
    line.put(b"one")
    line.tick(0.0)
    needless = [line.is_needless]
    line.clear()
    needless.append(line.is_needless)
    line.tick(1.0)
    needless.append(line.is_needless)
    line.take()

    assert needless == [False, False, False]
    assert line.is_needless


# --- when


def test_latency() -> None:
    """Everything arrives later."""
    line = line_with(Latency(0.5), now=1.0)
    line.put(b"one")
    line.tick(1.0)
    line.tick(1.4)
    early = arrived(line)
    line.put(b"two")
    line.tick(1.4)

    assert early == []
    assert arrivals(line) == [(1.5, b"one"), (1.9, b"two")]


@given(st.integers(), st.floats(0.0, 0.5), st.floats(0.0, 0.5))
def test_jitter(seed: int, latency: float, jitter: float) -> None:
    """So much more or less, never less than nothing, and in order."""
    line = line_with(Latency(latency, jitter), seed=seed)
    pieces = [b"%d" % number for number in range(20)]
    for piece in pieces:
        line.put(piece)
    line.tick(1.0)
    now = [(1.0, piece) for piece in arrived(line)]
    found = [*now, *arrivals(line)]
    times = [at for at, _ in found]

    assert [piece for _, piece in found] == pieces
    assert times == sorted(times)
    assert 1.0 + max(latency - jitter, 0) - 1e-6 <= times[0]
    assert times[-1] <= 1.0 + latency + jitter + 1e-6


def test_jitter_is_not_the_same_for_all() -> None:
    """It is drawn for each piece."""
    line = line_with(Latency(1.0, 0.5))
    for _ in range(5):
        line.put(b"x")
    line.tick(0.0)

    assert len({at for at, _ in arrivals(line)}) > 1


def test_bandwidth() -> None:
    """Bytes get through in small portions, at their rate."""
    line = line_with(Bandwidth(100.0))
    line.put(b"x" * 12)
    line.tick(0.0)

    assert arrivals(line) == [(0.05, b"x" * 5), (0.1, b"x" * 5), (0.12, b"xx")]


def test_bandwidth_counts_from_when_the_line_is_free() -> None:
    """Time in which nothing was sent is not saved up, and what is sent waits for its turn."""
    line = line_with(Bandwidth(100.0))
    line.put(b"x" * 10)
    line.tick(10.0)
    line.put(b"y" * 5)
    line.tick(10.01)

    assert [at for at, _ in arrivals(line)] == [10.05, 10.1, 10.15]


def test_very_small_bandwidth() -> None:
    """One byte at a time, at least."""
    line = line_with(Bandwidth(1.0))
    line.put(b"xy")
    line.tick(0.0)

    assert arrivals(line) == [(1.0, b"x"), (2.0, b"y")]


def test_latency_besides_bandwidth() -> None:
    """They add up; the latency does not keep the line busy."""
    line = line_with(Bandwidth(100.0), Latency(1.0))
    line.put(b"x" * 10)
    line.tick(0.0)

    assert [at for at, _ in arrivals(line)] == [1.05, 1.1]


def test_delay_between_pieces() -> None:
    """The first one is not late, the others are."""
    line = line_with(Slicer(1, delay=0.5))
    for piece in line.pieces(b"abc"):
        line.put(piece)
    line.tick(0.0)
    first = arrived(line)

    assert first == [b"a"]
    assert arrivals(line) == [(0.5, b"b"), (1.0, b"c")]


def test_nothing_is_late_any_more() -> None:
    """What is on its way when the toxics go arrives when it would have, and the rest behind it."""
    line = line_with(Latency(1.0))
    line.put(b"one")
    line.tick(0.0)
    line.clear()
    line.put(b"two")
    line.tick(0.5)

    assert arrivals(line) == [(1.0, b"one"), (1.0, b"two")]


def test_flush() -> None:
    """All arrives at once, in order, also what has not even been on its way."""
    line = line_with(Latency(1.0))
    line.put(b"one")
    line.tick(0.0)
    line.put(b"two")
    line.flush()

    assert arrived(line) == [b"one", b"two"]
    assert (line.is_busy, line.due) == (False, None)


def test_backlog() -> None:
    """Too much on its way is told, until it has been taken."""
    line = line_with(Latency(1.0))
    line.put(b"x" * BACKLOG)
    full = [line.is_full]
    line.put(b"x")
    full.append(line.is_full)
    line.tick(0.0)
    line.tick(1.0)
    full.append(line.is_full)
    line.take()

    assert [*full, line.is_full] == [False, True, True, False]


def test_much_more_than_the_backlog() -> None:
    """It is told as well, because then not only the reading of one side has to stop."""
    line = line_with(Latency(1.0))
    line.put(b"x" * 2 * BACKLOG)
    overfull = line.is_overfull
    line.put(b"x")

    assert (overfull, line.is_overfull) == (False, True)


# --- in which pieces


def test_slicer() -> None:
    """Pieces of one size, the last one smaller."""
    assert list(line_with(Slicer(4)).pieces(b"abcdefghij")) == [b"abcd", b"efgh", b"ij"]


@given(st.integers(), st.integers(-3, 5), st.integers(0, 9), st.binary(max_size=60))
def test_sizes_vary(seed: int, size: int, variation: int, data: bytes) -> None:
    """Within the bounds, never below one byte, and nothing is lost."""
    found = list(line_with(Slicer(size, variation), seed=seed).pieces(data))

    assert b"".join(found) == data
    assert all(max(size - variation, 1) <= len(piece) for piece in found[:-1])
    assert all(1 <= len(piece) <= max(size + variation, 1) for piece in found)


def test_chance_is_repeatable() -> None:
    """The same seed cuts alike, another one does not."""
    cuts = [list(line_with(Slicer(20, 10), seed=seed).pieces(b"x" * 999)) for seed in (1, 1, 2)]

    assert cuts[0] == cuts[1] != cuts[2]


# --- whether


def test_timeout() -> None:
    """Nothing gets through; the connection is closed when the time is over."""
    line = line_with(Timeout(0.1), now=0.7)

    assert line.admit(10) == 0
    assert line.due == pytest.approx(0.8)
    assert line.end(0.75) is None
    assert line.due is not None
    assert line.end(line.due) == (End.CLOSE, "timeout: 0.1 s")


def test_timeout_without_end() -> None:
    """At 0 the connection stays open for ever."""
    line = line_with(Timeout())

    assert (line.admit(10), line.end(1e9), line.due) == (0, None, None)


def test_reset_peer() -> None:
    """What comes meanwhile gets through; then the connection is reset."""
    line = line_with(ResetPeer(0.2), now=0.1)

    assert line.admit(10) == 10
    assert line.end(0.2) is None
    assert line.due is not None
    assert line.end(line.due) == (End.RESET, "reset_peer: 0.2 s")


def test_limit_data() -> None:
    """So many bytes get through; with the last of them it is over."""
    line = line_with(LimitData(10))
    admitted = [line.admit(6), line.admit(3)]
    before = line.end(0.0)
    admitted += [line.admit(6), line.admit(6)]

    assert (admitted, before) == ([6, 3, 1, 0], None)
    assert line.end(0.0) == (End.CLOSE, "limit_data: 10 bytes")
    assert line.due is None


def test_one_of_a_kind() -> None:
    """A toxic takes the place of one like it, and begins anew; others stay."""
    line = line_with(LimitData(1), Timeout(1.0))
    line.admit(1)
    line.set([LimitData(5)], 0.5)
    line.set([Timeout(2.0)], 3.0)

    assert (line.admit(9), line.due, line.end(4.9)) == (0, 5.0, None)
    assert line.end(5.0) == (End.CLOSE, "timeout: 2 s")


def test_each_has_its_own_time() -> None:
    """That of one is not that of another, whichever comes later."""
    line = line_with(ResetPeer(5.0), now=1.0)
    line.set([Timeout(7.0)], 2.0)
    line.set([Latency(1.0)], 3.0)

    assert line.due == 6.0
    assert line.end(6.0) == (End.RESET, "reset_peer: 5 s")


def test_limit_is_that_of_the_last_one() -> None:
    """A new limit does not count what got through before, other toxics leave it as it is."""
    line = line_with(LimitData(10))
    line.admit(8)
    line.set([Latency(1.0)], 0.0)
    rest = line.admit(8)
    line.set([LimitData(10)], 0.0)

    assert (rest, line.admit(99)) == (2, 10)


def test_earliest_of_what_happens_is_due() -> None:
    """Bytes that arrive, or an end."""
    line = line_with(Latency(1.0), ResetPeer(2.0), Timeout(3.0))
    due = [line.due]
    line.put(b"x")
    line.tick(0.5)
    due.append(line.due)

    assert due == [2.0, 1.5]
