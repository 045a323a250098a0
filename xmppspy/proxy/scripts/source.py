"""Source: the file of a script, watched."""

import os
from typing import Final, TypeAlias

_State: TypeAlias = tuple[int, int, int] | None

_GONE: Final = 5
"""Looks at which it is not there before that is told: editors put another file in its place."""


class Source:
    """A file that is read again when it has been saved."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read: _State = None
        self._seen: _State = None
        self._missed = 0  # looks, one after the other, at which it was not there

    def read(self) -> bytes:
        """What it holds. Raises `OSError`."""
        self._read = self._seen = self._state()
        with open(self._path, "rb") as file:  # noqa: PTH123
            return file.read()

    def read_if_saved(self) -> bytes | None:
        """What it holds now, if that is something else; None when it does not, or is not there.

        A file that is being written is left alone: it must have been the same at the last look.
        Raises `OSError`, once when it stays away.
        """
        state = self._state()
        self._missed = 0 if state else self._missed + 1
        if self._missed == _GONE:
            return self.read()
        is_settled, self._seen = state == self._seen, state
        if state is None or state == self._read or not is_settled:
            return None
        return self.read()

    def _state(self) -> _State:
        try:
            found = os.stat(self._path)  # noqa: PTH116
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
