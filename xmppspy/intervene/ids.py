"""Ids of stanzas that xmppspy makes."""

from itertools import count
from random import Random
from typing import Final

_PREFIX: Final = "xmppspy-"


class Ids:
    """Makes ids that are recognised as ours, none twice.

    `source` makes them differ from those of other runs and other connections.
    """

    def __init__(self, source: Random) -> None:
        self._run = f"{source.getrandbits(32):08x}"
        self._numbers = count(1)

    def __call__(self) -> str:
        """The next one."""
        return f"{_PREFIX}{self._run}-{next(self._numbers)}"


def is_ours(identifier: str | None) -> bool:
    """Whether an id is one that xmppspy has made."""
    return identifier is not None and identifier.startswith(_PREFIX)
