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

MOST_CHARACTERS: Final = 200_000
"""Of a text that a pattern with repetitions is asked of: within a longer one, Python's `re` goes on
for too long between two looks at its signals."""

_TRIES: Final = 3
"""Times that a search may take too long; then it is not tried any more."""
_REPEATS: Final = re.compile(r"[*+{]|(?<!\()\?")
_SHORT: Final = 1000
"""Characters through which a pattern that repeats one thing, in one way, is quick anyhow."""
_STRINGS: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_MARKS: Final = re.compile(
    r"//|(?:descendant|following|preceding|ancestor)(?:-\w+)*::|[\[\]()|,=<>!+]|\b(?:and|or)\b"
)
"""What looks everywhere, what holds an expression of its own, and what stands between two."""


class _TooLongError(Exception):
    """Time is up."""


def patient(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """A search that ends in time, as far as that can be had: on the main thread.

    What is quick anyhow costs nothing here: patterns that repeat nothing, and those that repeat one
    thing, on short texts. On long ones they take the square of the length, and where there is a
    choice in it, for ever.
    """
    search = pattern.search
    repeats = len(_REPEATS.findall(pattern.pattern))
    if not repeats:
        return lambda text: search(text) is not None
    quick = _SHORT if repeats == 1 and "|" not in pattern.pattern else 0
    failures = 0

    def found(text: str) -> bool:
        nonlocal failures
        if len(text) < quick:
            return search(text) is not None
        if failures >= _TRIES or len(text) > MOST_CHARACTERS:
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
    """How often an XPath looks everywhere inside of looking everywhere; 1 where it does not.

    In a path each `//` does so for all that the one before it has found, and so does what stands in
    brackets behind them; alternatives are one after the other.
    """
    here, most = [0], [0]  # by depth of brackets: in this alternative, and in the widest one
    for match in _marks(xpath):
        if match in "[(":
            here.append(0)
            most += [0] * (len(here) - len(most))
        elif match in "])":
            del here[max(1, len(here) - 1) :]
        elif match == "//" or match.endswith("::"):
            here[-1] += 1
            most[len(here) - 1] = max(most[len(here) - 1], here[-1])
        else:
            here[-1] = 0
    return max(1, sum(most))


def is_too_wide(often: int, elements: int) -> bool:
    """Whether an XPath of that breadth would have to visit too many, in a stanza of so many."""
    return often > 1 and elements**often > MOST_STEPS


def _marks(xpath: str) -> Iterable[str]:
    return _MARKS.findall(_STRINGS.sub("''", xpath))
