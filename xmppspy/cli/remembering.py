"""What was typed into the interactive view, kept in a file from one day to the next."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from xmppspy.view.tui.memory import MOST, Forgetful, Kind

_NAME: Final = "typed.json"


class _Typed(msgspec.Struct):
    """What is in the file."""

    filter: list[str] = []
    search: list[str] = []
    sent: list[str] = []
    saved: list[str] = []


class File(Forgetful):
    """Remembers in a file that only its owner may read; where that cannot be, it forgets in the end.

    Another view that runs at the same time may write, too: the file is read before each change.
    Stanzas that may hold a password or a token are not written.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / _NAME
        self._unwritten: list[str] = []
        self._read()

    def recent(self, kind: Kind) -> Sequence[str]:
        """What was typed, each text once."""
        known = super().recent(kind)
        return [*self._unwritten, *known] if kind == "sent" else known

    def remember(self, kind: Kind, text: str) -> None:
        """Keep what was typed."""
        if kind == "sent" and _may_hold_secrets(text):
            self._unwritten[:] = [text, *(each for each in self._unwritten if each != text)][:MOST]
            return
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
            known = msgspec.json.decode(self._path.read_bytes(), type=_Typed)
            self._recent = {
                "filter": known.filter[:MOST],
                "search": known.search[:MOST],
                "sent": known.sent[:MOST],
            }
            self._saved = known.saved

    def _write(self) -> None:
        data = msgspec.json.encode(_Typed(**self._recent, saved=self._saved))
        new = self._path.with_suffix(".new")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "wb") as stream:
                stream.write(data)
            new.replace(self._path)


def _may_hold_secrets(stanza: str) -> bool:
    from xmppspy.analysis.redaction.triggers import may_hold_secrets

    return may_hold_secrets(stanza.encode())
