"""Source: the file of a script, watched."""

import os
from typing import TypeAlias

_State: TypeAlias = tuple[int, int, int] | None


class Source:
    """A file that is read again when it has been saved."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read: _State = None
        self._seen: _State = None

    def read(self) -> bytes:
        """What it holds. Raises `OSError`."""
        self._read = self._seen = self._state()
        with open(self._path, "rb") as file:  # noqa: PTH123
            return file.read()

    def read_if_saved(self) -> bytes | None:
        """What it holds now, if that is something else; None when it does not, or is not there.

        A file that is being written is left alone: it must have been the same at the last look.
        Raises `OSError`.
        """
        state = self._state()
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
