import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.filters.samples import EVENTS, SPOKEN
from xmppspy.filters.subject import Check, Clock, Cost, Subject, open_until_whole

CREATED = datetime(2026, 3, 29, 0, 59, 50, 250_000, tzinfo=UTC)


def _moment(hours: int, minutes: int, seconds: float) -> int:
    return round(((hours * 60 + minutes) * 60 + seconds) * 1_000_000)


@pytest.fixture
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_times_of_day_in_utc() -> None:
    """Counted from when the capture began, over midnight if need be."""
    clock = Clock(CREATED, utc=True)

    assert clock.time_of_day(0.0) == _moment(0, 59, 50.25)
    assert clock.time_of_day(10.5) == _moment(1, 0, 0.75)
    assert clock.time_of_day(86_400.0) == _moment(0, 59, 50.25)


@pytest.mark.usefixtures("_berlin")
def test_times_of_day_are_local_otherwise() -> None:
    """As they are displayed, also when the clocks are changed during the capture."""
    clock = Clock(CREATED)

    assert clock.time_of_day(0.0) == _moment(1, 59, 50.25)
    assert clock.time_of_day(10.0) == _moment(3, 0, 0.25)


def test_a_moment_is_a_moment_in_any_zone() -> None:
    """`created` may be in any time zone, and in UTC if it names none."""
    elsewhere = CREATED.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert Clock(elsewhere, utc=True).time_of_day(0.0) == _moment(0, 59, 50.25)
    assert Clock(CREATED.replace(tzinfo=None), utc=True).time_of_day(0.0) == _moment(0, 59, 50.25)


@pytest.mark.parametrize("t", [1e300, float("inf"), float("nan"), -1e18])
def test_an_impossible_time_is_unknown(t: float) -> None:
    """A capture written by hand may say anything."""
    assert Clock(CREATED, utc=True).time_of_day(t) is None


def test_without_a_beginning_there_is_no_time_of_day() -> None:
    """A capture without a header does not say when it began."""
    assert Clock().time_of_day(1.0) is None


def test_the_tree_is_built_once() -> None:
    """However many parts of a filter ask."""
    subject = Subject(SPOKEN[3], Clock())

    assert subject.stanza is not None
    assert subject.stanza is subject.stanza


def test_events_have_no_tree() -> None:
    """Nor are they frames."""
    subject = Subject(EVENTS[0], Clock())

    assert subject.frame is None
    assert subject.stanza is None


def test_an_answer_has_its_latency() -> None:
    """What only the events before can tell comes with the event."""
    assert Subject(SPOKEN[0], Clock(), 0.5).latency == 0.5
    assert Subject(SPOKEN[0], Clock()).latency is None


def test_checks_foresee_what_the_keys_tell() -> None:
    """Unless they say otherwise: then that counts, whatever they cost."""
    subject = Subject(SPOKEN[0], Clock())

    assert Check(lambda _: False).foresees(subject) is False
    assert Check(lambda _: False, Cost.BYTES).foresees(subject) is None
    assert Check(lambda _: False, foresight=open_until_whole).foresees(subject) is None
    assert Check(lambda _: False, Cost.TREE, foresight=lambda _: True).foresees(subject) is True
