"""Memory: what a person typed before, kept from one day to the next by somebody else."""

from collections.abc import Sequence
from typing import Final, Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["filter", "search", "sent"]

MOST: Final = 200
"""Entries that are remembered of each kind."""


class Memory(Protocol):
    """Remembers texts, the latest first."""

    def recent(self, kind: Kind) -> Sequence[str]:
        """What was typed, each text once."""

    def saved(self) -> Sequence[str]:
        """Filters that were saved on purpose."""

    def remember(self, kind: Kind, text: str) -> None:
        """Keep what was typed."""

    def save(self, text: str, *, saved: bool) -> None:
        """Save a filter, or do so no longer."""


class Forgetful:
    """Remembers for as long as it lives."""

    def __init__(self) -> None:
        self._recent: dict[Kind, list[str]] = {"filter": [], "search": [], "sent": []}
        self._saved: list[str] = []

    def recent(self, kind: Kind) -> Sequence[str]:
        """What was typed, each text once."""
        return self._recent[kind]

    def saved(self) -> Sequence[str]:
        """Filters that were saved on purpose."""
        return self._saved

    def remember(self, kind: Kind, text: str) -> None:
        """Keep what was typed."""
        known = self._recent[kind]
        known[:] = [text, *(each for each in known if each != text)][:MOST]

    def save(self, text: str, *, saved: bool) -> None:
        """Save a filter, or do so no longer."""
        self._saved[:] = [each for each in self._saved if each != text]
        if saved:
            self._saved.append(text)
