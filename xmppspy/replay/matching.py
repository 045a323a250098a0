"""Matching: which recorded stanza of a client a live one corresponds to, by what it means."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from lxml import etree

from xmppspy.protocol.readable import Readable
from xmppspy.protocol.stanza import read
from xmppspy.replay.attributes import attributes

_NOISE: Final = frozenset({
    "urn:xmpp:receipts", "urn:xmpp:sid:0", "urn:xmpp:hints", "urn:xmpp:delay",
    "urn:xmpp:chat-markers:0", "http://jabber.org/protocol/chatstates",
    "http://jabber.org/protocol/caps", "jabber:x:delay",
})  # fmt: skip
"""What stands beside the point of a stanza, and may come and go."""

_VOLATILE: Final = frozenset({"id", "queryid", "sid", "from", "ver"})
"""Attributes that tell nothing about what is meant."""

Payload: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a stanza is about, as far as two of them are compared by it."""

    kind: str
    type: str
    payload: Payload
    """The names of its children in Clark's notation, what stands beside the point left out."""
    to: str
    """The recorded address; empty for the client's own account and for none."""

    @property
    def loosely(self) -> "Meaning":
        """The same without the resource of the address, which may be a nickname."""
        return Meaning(self.kind, self.type, self.payload, self.to.partition("/")[0])


def meaning(stanza: Readable, type_: str | None, to: str | None, own: str | None) -> Meaning:
    """What a stanza of a client is about. `to` is a recorded address, `own` the client's account."""
    addressed = to or ""
    if own is not None and addressed.lower() == own.lower():
        addressed = ""
    default = {"message": "normal", "iq": "get"}.get(stanza.kind, "available")
    return Meaning(stanza.kind, type_ or default, _payload(stanza), addressed)


def _payload(stanza: Readable) -> Payload:
    tree = read(stanza).tree
    names = [] if tree is None else [str(child.tag) for child in tree.iterchildren("{*}*")]
    pointed = [name for name in names if _namespace(name) not in _NOISE]
    if stanza.kind == "presence":
        # A status or a vCard's hash does not make it another presence.
        return ()
    return tuple(sorted(set(pointed or names)))


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0]


def fingerprint(stanza: Readable) -> str:
    """What a stanza says, without ids and addresses of its own: equal for equal requests."""
    tree = read(stanza).tree
    if tree is None:
        return ""
    parts: list[str] = []
    for element in tree.iterdescendants("{*}*"):
        parts.append(str(element.tag))
        parts.extend(_attributes(element))
        parts.append((element.text or "").strip())
    return "\n".join(parts)


def _attributes(element: etree._Element) -> Iterable[str]:
    told = sorted(attributes(element))
    return (f"{key}={value}" for key, value in told if key not in _VOLATILE)


_Key: TypeAlias = tuple[Meaning, str]


class Matcher:
    """The recorded stanzas of one client, and which of them have come.

    Told each recorded stanza once (`expect`), in order, then asked for each live one (`match`).
    """

    def __init__(self) -> None:
        self._waiting: dict[_Key, deque[int]] = defaultdict(deque)
        self._latest: dict[_Key, int] = {}
        self._come: set[int] = set()

    def expect(self, index: int, what: Meaning, says: str) -> None:
        """The recorded stanza number `index`; `says` is its fingerprint."""
        for key in _keys(what, says):
            self._waiting[key].append(index)

    def match(self, what: Meaning, says: str) -> int | None:
        """The first recorded one of this meaning that has not come, one that says the same if any.

        None when there is none.
        """
        for key in _keys(what, says):
            waiting = self._waiting.get(key)
            while waiting and waiting[0] in self._come:
                waiting.popleft()
            if waiting:
                found = waiting.popleft()
                self._come.add(found)
                self._latest[what, says] = found
                return found
        return None

    def repeated(self, what: Meaning, says: str) -> int | None:
        """The recorded one that the same request, made earlier, was matched with."""
        return self._latest.get((what, says))


def _keys(what: Meaning, says: str) -> tuple[_Key, ...]:
    """What a stanza is looked up by, the closest first."""
    return (what, says), (what, ""), (what.loosely, says), (what.loosely, "")
