from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.filters.samples import CAPTURE, EVENTS, SPOKEN, frame
from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.numbers import within

CREATED = datetime(2026, 11, 22, 0, 0, 0, tzinfo=UTC)
HOUR, MINUTE = 3600, 60


@pytest.mark.parametrize(
    ("operator", "value", "inside", "outside"),
    [
        (":", "5", [5, 5.0], [4, 6, 5.000001]),
        ("=", "5", [5, 5.0], [4, 6]),
        (":", "0.104213", [0.104213], [0.104214, 0]),
        (":", "5..6", [5, 5.5, 6], [4.999, 6.001]),
        (":", "5..5", [5], [4, 6]),
        (":", "1000..", [1000, 10**9], [999]),
        (":", "..1000", [0, 1000], [1001]),
        (":", "0.5..1.5", [0.5, 1, 1.5], [0.4, 1.6]),
        (">", "1000", [1001, 1000.5], [1000, 999]),
        ("<", "1000", [999, 999.9], [1000, 1001]),
        ("<", "9" * 5000, [10**18], []),
        (":", "123456789012345678", [123456789012345678], [1]),
    ],
)
def test_numbers_and_ranges(
    operator: str, value: str, inside: list[float], outside: list[float]
) -> None:
    """Ends are included, and may be left out."""
    asked = within(operator, value)

    assert [number for number in inside + outside if asked(number)] == inside


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("size:x", 5), ("size:-1", 5), ("size:1k", 5), ("size:1e3", 5), ("size:.5", 5),
        ("size:5.", 5), ("size:..", 5), ("size:1..x", 8), ("size:1...5", 8), ("size:1..2..3", 8),
        ("size:x..3", 5), ("size:6..5", 8), ("size>1..2", 5), ("size=1..2", 5), ("size>=5", 5),
        ("size:''", 6), ("size:1 ..2", 7), ("size:٣", 5), ("n:a", 2), ("t:a", 2), ("conn:a", 5),
        ("time:7", 5), ("time:24:00", 5), ("time:07:60", 5), ("time:07:40:60", 5),
        ("time:07:40..7", 12), ("time:..", 5), ("time=07:40..07:45", 5), ("time:07:40:12.", 5),
        ("time:07:40:12.1234567", 5), ("time>07:40", 4), ("time~07", 4),
    ],
)  # fmt: skip
def test_bad_numbers_are_refused_with_their_place(text: str, position: int) -> None:
    """The caret stands under the end of the range that is wrong."""
    with pytest.raises(FilterError) as caught:
        Filter(text)

    assert caught.value.position == position


def test_size_is_the_bytes_of_the_frame() -> None:
    """Bytes, not characters; events have none."""
    record = frame("<presence id='ü'/>")

    assert not Filter("size:18").match(record)
    assert Filter("size:19").match(record)
    assert not any(map(Filter("size:0..").match, EVENTS))


def test_t_is_of_frames_and_events() -> None:
    """Everything in a capture has a time."""
    found = [event for event in CAPTURE if Filter("t:0.5..0.6").match(event)]

    assert {event.t for event in found} == {0.5, 0.6}
    assert len(found) == 4


def test_conn_is_of_frames_and_events() -> None:
    """Where they belong to a connection."""
    assert Filter("conn:2").match(EVENTS[4])
    assert Filter("conn:2").match(next(event for event in SPOKEN if event.conn == 2))
    assert not any(Filter("conn:0..").match(event) for event in EVENTS[5:8])


def test_n_is_of_frames_and_of_what_events_are_about() -> None:
    """`n:3` shows a frame with what was said of it."""
    assert [event for event in CAPTURE if Filter("n:3").match(event)] == [EVENTS[2], SPOKEN[2]]
    assert [event for event in EVENTS if Filter("n:0..").match(event)] == list(EVENTS[2:5])


def _at(hours: int, minutes: int, seconds: float = 0.0) -> float:
    return hours * HOUR + minutes * MINUTE + seconds


@pytest.mark.parametrize(
    ("value", "inside", "outside"),
    [
        ("07:40..07:45", [_at(7, 40), _at(7, 43), _at(7, 45), _at(7, 45, 59.9)], [_at(7, 39, 59.9), _at(7, 46)]),
        ("07:40", [_at(7, 40), _at(7, 40, 59.999)], [_at(7, 39, 59.9), _at(7, 41), _at(8, 40)]),
        ("7:40", [_at(7, 40)], [_at(17, 40)]),
        ("07:40:12", [_at(7, 40, 12), _at(7, 40, 12.999)], [_at(7, 40, 11.9), _at(7, 40, 13)]),
        ("07:40:12.345", [_at(7, 40, 12.3451)], [_at(7, 40, 12.344), _at(7, 40, 12.346)]),
        ("07:40:12.5..07:40:13", [_at(7, 40, 12.5), _at(7, 40, 13.9)], [_at(7, 40, 12.4), _at(7, 40, 14)]),
        ("23:50..", [_at(23, 50), _at(23, 59, 59.9)], [_at(23, 49), _at(0, 0)]),
        ("..00:10", [_at(0, 0), _at(0, 10)], [_at(0, 11), _at(23, 59)]),
        ("23:50..00:10", [_at(23, 50), _at(0, 0), _at(0, 10)], [_at(23, 49), _at(0, 11), _at(12, 0)]),
        ("00:00..23:59", [_at(0, 0), _at(12, 0), _at(23, 59, 59.9)], []),
    ],
)  # fmt: skip
def test_time_of_day(value: str, inside: list[float], outside: list[float]) -> None:
    """As displayed: a time means the minute, second or fraction it names, also at a range's end."""
    made = Filter(f"time:{value}", created=CREATED, utc=True)

    assert [t for t in inside + outside if made.match(replace(SPOKEN[0], t=t))] == inside


def test_time_is_of_any_day_and_of_events() -> None:
    """A capture may last for days."""
    made = Filter("time:07:40", created=CREATED, utc=True)

    assert made.match(replace(SPOKEN[0], t=_at(24 * 3 + 7, 40)))
    assert made.match(replace(EVENTS[0], t=_at(7, 40)))


def test_without_a_beginning_no_time_matches() -> None:
    """Not even all day."""
    assert not Filter("time:00:00..23:59").match(SPOKEN[0])


@pytest.mark.parametrize("text", ["size>=10", "t<=5"])
def test_at_least_is_a_range(text: str) -> None:
    """Who writes >= is told the range that means it."""
    with pytest.raises(FilterError, match=r":10\.\. or :\.\.10"):
        Filter(text)


def test_latency_is_in_seconds() -> None:
    """Who writes a unit is told so; other mistakes have their own hints."""
    with pytest.raises(FilterError) as unit:
        Filter("latency:5ms")
    with pytest.raises(FilterError) as order:
        Filter("latency:6..5")

    assert unit.value.reason == "'5ms' is no number"
    assert unit.value.hint == "in seconds, without a unit: 0.005 is 5 ms"
    assert order.value.hint == ""
