import pytest

from xmppspy.analysis.durations import elapsed


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0.0 ms"),
        (0.0004, "0.4 ms"),
        (0.00994, "9.9 ms"),
        (0.00996, "10 ms"),
        (0.023, "23 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (1.25, "1.25 s"),
        (59.99, "59.99 s"),
        (59.999, "1 min 0 s"),
        (123.4, "2 min 3 s"),
        (18_240.0, "5 h 4 min"),
    ],
)
def test_measured_times_are_for_people(seconds: float, shown: str) -> None:
    """Never more digits than one reads, in the unit that fits."""
    assert elapsed(seconds) == shown
