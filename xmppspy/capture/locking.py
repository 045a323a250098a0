"""The lock by which the writer of a capture tells that it is still growing."""

import fcntl
from contextlib import suppress


def tell_writing(file: int) -> None:
    """Say of an open file that it is being written, until it is closed.

    Not every file system has locks; where there are none, nobody knows.
    """
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def is_being_written(file: int) -> bool:
    """Whether somebody has said so, and has not closed it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return False
