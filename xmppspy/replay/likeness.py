"""Likeness: which recorded stanza of a server a live one stands for."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from typing import Final, TypeAlias

from xmppspy.protocol.readable import Readable
from xmppspy.protocol.stanza import read

_BESIDE: Final = frozenset({
    "urn:xmpp:receipts", "urn:xmpp:sid:0", "urn:xmpp:hints", "urn:xmpp:delay", "jabber:x:delay",
    "urn:xmpp:chat-markers:0", "http://jabber.org/protocol/chatstates", "urn:xmpp:occupant-id:0",
    "http://jabber.org/protocol/caps", "http://jabber.org/protocol/nick", "urn:xmpp:mam:tmp",
})  # fmt: skip
"""What stands beside the point of a stanza, and may come and go."""

Key: TypeAlias = tuple[Hashable, ...]


def topic(stanza: Readable) -> str:
    """The name of what a stanza is about: its body, or the first child that is not beside that."""
    tree = read(stanza).tree
    names = [] if tree is None else [str(child.tag) for child in tree.iterchildren("{*}*")]
    if stanza.kind == "presence":
        return ""
    if any(name.endswith("}body") for name in names):
        return "body"
    telling = (name for name in names if name[1:].partition("}")[0] not in _BESIDE)
    return next(telling, names[0] if names else "")


def keys(kind: str, sender: str, name: str, about: str, says: str) -> tuple[Key, ...]:
    """What a stanza is looked up by, the closest first; the last one is hardly any likeness.

    `kind` holds the type as well, `sender` is the recorded address, `name` the recorded id,
    `says` the whole in a normal form.
    """
    account = sender.partition("/")[0]
    return (
        (kind, account, "id", name or None, about),
        (kind, sender, about, says),
        (kind, sender, about),
        (kind, account, about),
        (kind, account),
    )


class Likeness:
    """The recorded stanzas, and which of them have come.

    Told each recorded one (`add`), in order, then asked for each live one (`find`).
    """

    def __init__(self, is_awaited: Callable[[int], bool]) -> None:
        self._waiting: dict[Key, deque[int]] = defaultdict(deque)
        self._come: set[int] = set()
        self._is_awaited = is_awaited

    def add(self, n: int, found: tuple[Key, ...]) -> None:
        """The recorded stanza number `n`."""
        for key in found:
            self._waiting[key].append(n)

    def find(self, found: tuple[Key, ...]) -> int | None:
        """The recorded one that is the most like a live one; None when none is.

        What is hardly alike is taken for one that is awaited just now only.
        """
        for key in found[:-1]:
            for n in self._free(key):
                return self._take(n)
        for n in self._free(found[-1]):
            return self._take(n) if self._is_awaited(n) else None
        return None

    def _free(self, key: Key) -> Iterator[int]:
        if key[2:4] == ("id", None):
            return
        waiting = self._waiting.get(key)
        while waiting and waiting[0] in self._come:
            waiting.popleft()
        if waiting:
            yield waiting[0]

    def _take(self, n: int) -> int:
        self._come.add(n)
        return n
