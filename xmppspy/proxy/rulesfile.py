"""A rules file on the disk: read, and read again when it was saved."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from xmppspy.errors import RulesError
from xmppspy.intervene.rules import RuleBook

INTERVAL: Final = 0.25
"""Seconds between two looks at the files."""

MOST: Final = 10 * 1024 * 1024
"""Bytes of one of them."""

Take: TypeAlias = Callable[[str, str, Callable[[str], str]], RuleBook]
"""Reads a text as rules, given the name that it has in messages, and what loads the files that the
rules name; such as `Desk.reload`."""

_Signature: TypeAlias = tuple[int, int, int] | None
"""What tells whether a file is another one: when it was written, how long it is, which one it is;
None where there is none."""


class RulesFile:
    """The rules file at `path`, and the files that its rules name, relative to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[Path, _Signature] = {}
        self._last: dict[Path, _Signature] = {}
        self._timer: asyncio.TimerHandle | None = None

    def read(self, take: Take) -> RuleBook:
        """Have the rules taken as they are saved now. Raises RulesError."""
        self._read = {}
        return take(self._text(), os.fspath(self.path), self._load)

    def watch(self, saved: Callable[[], None]) -> None:
        """Have `saved` called when there is something else to read, until `stop`."""
        self._timer = asyncio.get_running_loop().call_later(INTERVAL, self._check, saved)

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _check(self, saved: Callable[[], None]) -> None:
        # An editor may write in several steps: what counts is what has stayed for a moment.
        look, last = {path: _signature(path) for path in self._read}, self._last
        self._last = look
        if look == last and look != self._read:
            self._read = look
            saved()
        self.watch(saved)

    def _text(self) -> str:
        try:
            return self._contents(self.path)
        except OSError as error:
            raise RulesError(os.fspath(self.path), 0, error.strerror or str(error)) from None
        except UnicodeError:
            raise RulesError(os.fspath(self.path), 0, "this is no text in UTF-8") from None

    def _load(self, name: str) -> str:
        """What a file holds that a rule names."""
        return self._contents(self.path.parent / name)

    def _contents(self, path: Path) -> str:
        self._read[path] = _signature(path)  # before reading: what is written meanwhile counts
        with path.open("rb") as file:
            return file.read(MOST).decode()


def _signature(path: Path) -> _Signature:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
