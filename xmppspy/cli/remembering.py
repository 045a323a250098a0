"""What was typed into the interactive view, kept in a file from one day to the next."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from xmppspy.view.tui.memory import MOST, Forgetful, Kind

_NAME: Final = "typed.json"


class File(Forgetful):
    """Remembers in a file that only its owner may read; where that cannot be, it forgets.

    Another view that runs at the same time may write, too: the file is read before each change.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / _NAME
        self._read()

    def remember(self, kind: Kind, text: str) -> None:
        """Keep what was typed."""
        self._read()
        super().remember(kind, text)
        self._write()

    def save(self, text: str, *, saved: bool) -> None:
        """Save a filter, or do so no longer."""
        self._read()
        super().save(text, saved=saved)
        self._write()

    def _read(self) -> None:
        with suppress(OSError, msgspec.MsgspecError):
            known: dict[str, Any] = msgspec.json.decode(self._path.read_bytes())
            self._recent["filter"] = _texts(known.get("filter"))
            self._recent["search"] = _texts(known.get("search"))
            self._saved = _texts(known.get("saved"))

    def _write(self) -> None:
        data = msgspec.json.encode({**self._recent, "saved": self._saved})
        new = self._path.with_suffix(".new")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "wb") as stream:
                stream.write(data)
            new.replace(self._path)


def _texts(value: object) -> list[str]:
    found: Sequence[object] = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, str)][:MOST]
