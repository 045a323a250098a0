"""Limits: how long a call may take."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Final, TypeVar

Result = TypeVar("Result")

CALL: Final = 1.0
"""Seconds that a call of a script's function may take, unless told otherwise."""

LOAD: Final = 10.0
"""Seconds that loading a script may take, with what it imports."""

GRACE: Final = 1.0
"""Seconds more after which the process counts as hanging: the limit was of no use."""


class TimeIsUpError(BaseException):
    """A call has taken too long. No `Exception`, so that a script does not catch it by accident."""


def prepare() -> None:
    """Make `within` work in this process. To be called once, in the main thread."""
    signal.signal(signal.SIGALRM, _ring)


def within(seconds: float, function: Callable[..., Result], *arguments: object) -> Result:
    """Call a function; raises `TimeIsUpError` out of it when it takes too long.

    What does not come back to Python meanwhile, such as a long sum, is not interrupted.
    """
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TimeIsUpError
