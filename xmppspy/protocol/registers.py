"""Registers: the counts of sessions that may go on on another connection (XEP-0198 §5)."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Protocol
from weakref import ref

from xmppspy.protocol.ledger import Ledger

MOST: Final = 1000
"""Sessions remembered; of more, those are forgotten first that were named longest ago."""

MAX_ID: Final = 4000
"""Bytes of a session's id (XEP-0198 §4)."""


class Carrier(Protocol):
    """A connection that carries a session."""

    def let_go(self) -> None:
        """Another one carries it from now on."""


@dataclass(eq=False, slots=True)
class Entry:
    """The ledgers of one session."""

    up: Ledger
    down: Ledger
    carrier: ref[Carrier]
    """Who carries it, or carried it last."""

    def hand_over(self, carrier: Carrier) -> None:
        """Another connection carries it from now on."""
        last = self.carrier()
        if last is not None and last is not carrier:
            last.let_go()
        self.carrier = ref(carrier)


class Registers:
    """The ledgers of resumable sessions by the ids that their servers gave them.

    What all connections of a proxy share, because a session is resumed on another one than it
    began on.
    """

    def __init__(self) -> None:
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def put(self, name: str, entry: Entry) -> None:
        """The session can be resumed by that name."""
        if name and len(name) <= MAX_ID:
            self._entries[name] = entry
            self._entries.move_to_end(name)
        if len(self._entries) > MOST:
            self._entries.popitem(last=False)

    def find(self, name: str) -> Entry | None:
        """The session of that name; None when it is not known."""
        return self._entries.get(name)

    def forget(self, name: str) -> None:
        """The session is no more."""
        self._entries.pop(name, None)
