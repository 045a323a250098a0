import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from xmppspy.view.clock import Clock

CREATED = datetime(2026, 11, 22, 23, 59, 59, 345678, tzinfo=UTC)


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is nine hours ahead."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_utc() -> None:
    """Times of day to the millisecond, over midnight too."""
    clock = Clock(CREATED, utc=True)

    assert [clock(0.0), clock(1.5)] == ["23:59:59.345", "00:00:00.845"]


@pytest.mark.usefixtures("_in_tokyo")
def test_local_time() -> None:
    """Without `utc`, the time on the person's wall."""
    assert Clock(CREATED)(0.0) == "08:59:59.345"


def test_relative() -> None:
    """Seconds since the capture began."""
    assert Clock(CREATED, relative=True)(0.1042) == "0.104"


def test_without_a_beginning() -> None:
    """A capture without a header tells seconds only."""
    assert Clock(None, utc=True)(75.0) == "75.000"


def test_times_beyond_the_calendar() -> None:
    """A capture may say what it likes; where there is no such day, seconds are shown."""
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert Clock(last, utc=True)(1e9) == "1000000000.000"
