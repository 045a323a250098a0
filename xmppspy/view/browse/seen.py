"""Seen: the names that a capture holds, to be offered while a filter is typed."""

from typing import Final, NamedTuple

from xmppspy.analysis.bounds import Bounded
from xmppspy.protocol.events import Event, FrameRecord

MAX_NAMES: Final = 5000
"""Of each field; of more, those that came first give way."""
_LONGEST: Final = 200


class Names(NamedTuple):
    """What was seen, the latest last."""

    jids: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class Seen:
    """Collects names. To be shown every event."""

    def __init__(self) -> None:
        self._jids: Bounded[str, bool] = Bounded(MAX_NAMES)
        self._namespaces: Bounded[str, bool] = Bounded(MAX_NAMES)
        self._kinds: Bounded[str, bool] = Bounded(MAX_NAMES)
        self._types: Bounded[str, bool] = Bounded(MAX_NAMES)

    def see(self, event: Event) -> None:
        """Take the next event."""
        if not isinstance(event, FrameRecord):
            return
        for address in (event.from_, event.to):
            if address is not None:
                _keep(self._jids, address.partition("/")[0])
                _keep(self._jids, address)
        _keep(self._namespaces, event.xmlns)
        for namespace in event.ns:
            _keep(self._namespaces, namespace)
        _keep(self._kinds, event.kind)
        _keep(self._types, event.type)

    def names(self) -> Names:
        """All that are kept."""
        tables = (self._jids, self._namespaces, self._kinds, self._types)
        return Names(*(tuple(table) for table in tables))


def _keep(table: Bounded[str, bool], name: str | None) -> None:
    if name and len(name) <= _LONGEST and not table.get(name):
        table.put(name, True)
