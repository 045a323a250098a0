import signal
from collections.abc import Iterator

import pytest

from xmppspy.scripting import limits


@pytest.fixture(autouse=True)
def time_limits() -> Iterator[None]:
    """Calls are limited in time, as in a script's process; the test's own limit comes back."""
    handler, (left, interval) = signal.getsignal(signal.SIGALRM), signal.getitimer(0)
    limits.prepare()
    yield
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, left, interval)
