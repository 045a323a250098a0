"""Bounds in time for what a person asks of text that strangers have written.

A regular expression such as `(a+)+$` takes for ever on a text that is made for it, and so does an
XPath that looks everywhere for each thing that it finds everywhere. Neither may hold up a relay.
"""

import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

PATIENCE: Final = 1.0
"""Seconds of computing that a search may take; then the answer is that nothing was found."""
MOST_STEPS: Final = 5_000_000
"""Elements that an XPath may have to visit in a stanza."""

_TRIES: Final = 3
"""Times that a search may take too long; then it is not tried any more."""
_REPEATS: Final = re.compile(r"[*+{]")
_STRINGS: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_WIDE: Final = re.compile(r"//|(?:descendant|following|preceding|ancestor)(?:-\w+)*::|[\[\]]")


class _TooLongError(Exception):
    """Time is up."""


def patient(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """A search that ends in time, as far as that can be had: on the main thread.

    Patterns that repeat at most one thing are quick anyhow, and cost nothing here.
    """
    search = pattern.search
    if len(_REPEATS.findall(pattern.pattern)) < 2:
        return lambda text: search(text) is not None
    failures = 0

    def found(text: str) -> bool:
        nonlocal failures
        if failures >= _TRIES:
            return False
        try:
            with _limited():
                return search(text) is not None
        except _TooLongError:
            failures += 1
            return False

    return found


@contextmanager
def _limited() -> Iterator[None]:
    """Raise `_TooLongError` in the block when its time is up. Python's `re` looks for signals."""
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL:
        yield  # somebody else's thread, or timer
        return
    is_over = False

    def end(_number: int, _frame: FrameType | None) -> None:
        if not is_over:
            raise _TooLongError

    signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


def breadth(xpath: str) -> int:
    """How often an XPath looks everywhere inside of looking everywhere; 1 where it does not."""
    depth, wide = 0, set[int]()
    for match in _marks(xpath):
        if match == "[":
            depth += 1
        elif match == "]":
            depth -= 1
        else:
            wide.add(depth)
    return max(1, len(wide))


def _marks(xpath: str) -> Iterable[str]:
    return _WIDE.findall(_STRINGS.sub("''", xpath))
