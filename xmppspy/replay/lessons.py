"""Lessons: the values that a live stanza has in the place of those of the recorded one."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from xmppspy.protocol.readable import Readable
from xmppspy.protocol.stanza import read

_IDS: Final = frozenset({"id", "sid", "queryid", "sessionid"})
_TEXTS: Final = frozenset({"first", "last", "before", "after", "id", "thread"})

_Place: TypeAlias = tuple[str, str]
"""The name of an element, and that of its attribute; empty for its text."""


def lessons(recorded: Readable, live: Readable) -> Iterator[tuple[str, str]]:
    """Ids and the like, recorded and live, that stand in the same place and are not the same.

    Places are told apart by the names of elements; where one comes up more than once, they are
    paired in order.
    """
    before, after = _values(recorded), _values(live)
    for place, values in before.items():
        for old, new in zip(values, after.get(place, ()), strict=False):
            if old != new and old and new:
                yield old, new


def _values(stanza: Readable) -> dict[_Place, list[str]]:
    found: dict[_Place, list[str]] = {}
    tree = read(stanza).tree
    for element in () if tree is None else tree.iter("{*}*"):
        tag = str(element.tag)
        for key in _IDS.intersection(map(str, element.attrib)):
            found.setdefault((tag, key), []).append(str(element.get(key)))
        if tag.rpartition("}")[2] in _TEXTS:
            found.setdefault((tag, ""), []).append((element.text or "").strip())
    return found
