import signal
import time
from contextlib import suppress

import pytest

from xmppspy.scripting.limits import TimeIsUpError, within


def _wait_for_ever() -> None:
    while True:
        pass


def test_what_is_done_in_time_gives_its_result() -> None:
    """Arguments go in, the result comes out, and no clock runs afterwards."""
    assert within(10, divmod, 7, 2) == (3, 1)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_takes_too_long_is_broken_off() -> None:
    """Also where it sleeps, and where it catches every `Exception`."""

    def stubborn() -> None:
        while True:
            with suppress(Exception):
                time.sleep(100)

    for function in (_wait_for_ever, stubborn):
        with pytest.raises(TimeIsUpError):
            within(0.01, function)


def test_errors_pass() -> None:
    """What a call raises comes out, and no clock runs afterwards."""
    with pytest.raises(ZeroDivisionError):
        within(10, divmod, 1, 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
