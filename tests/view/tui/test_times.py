from datetime import UTC, datetime

from xmppspy.view.browse.row import Row
from xmppspy.view.tui.times import Form, Times

ROW = Row(1234.5, 1, "c2s", ("kind", "iq"), (), "", (), "", "", 1, 0)


def told(times: Times, row: Row = ROW, before: Row | None = None) -> str:
    """When a row came."""
    return times(row, lambda: before)


def test_forms_of_time() -> None:
    """Time of day, seconds, seconds between; round and round."""
    times = Times(utc=True, relative=False)
    times.open(datetime(2026, 11, 22, 7, 40, tzinfo=UTC))
    said = [told(times, before=ROW._replace(t=1234.25))]
    for _ in range(3):
        times.next_form()
        said.append(told(times, before=ROW._replace(t=1234.25)))

    assert said == ["08:00:34.500", "1,234.500", "+0.250", "08:00:34.500"]


def test_what_is_not_known_is_not_told() -> None:
    """Rows without a time, and the first row's distance to none."""
    times = Times(utc=True, relative=True)

    assert times.form is Form.SINCE
    assert told(times, ROW._replace(t=None)) == ""
    times.next_form()

    assert told(times) == ""
    assert told(times, before=ROW._replace(t=None)) == ""


def test_without_a_beginning_seconds_are_told() -> None:
    """A capture without a header has no time of day."""
    times = Times(utc=True, relative=False)
    times.open(None)

    assert told(times) == "1234.500"
