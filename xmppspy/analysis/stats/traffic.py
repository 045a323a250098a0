"""Traffic: frames and bytes by direction, kind, type, namespace and address."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from xmppspy.analysis import registry
from xmppspy.analysis.exchanges import Answer
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.stats.volumes import MAX_KEY, Row, Tally, Volume
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.jid import JID
from xmppspy.protocol.namespaces import STANZAS

_STREAM: Final = frozenset({"stream", "/stream"})
_BARE: Final = frozenset({"space", "text", "comment", "pi", "opaque", "partial"})
"""Frames that are no element."""
_USUAL: Final = 8
"""Namespaces of a frame whose specifications are remembered together, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceRow:
    """A namespace with the volume of the frames in which it stands."""

    namespace: str
    specification: str
    """`XEP-0313`, `RFC 6121`; empty where it is not known."""
    title: str
    deprecated: bool
    frames: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """A bare JID that clients wrote to and heard from. Without an address, it is their account's."""

    jid: str
    sent: Volume
    received: Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficReport:
    """What peers sent; what xmppspy put in is not counted here, but in `injected`.

    Rows are ordered by bytes. A frame counts for each namespace that it or a child of it is in, an
    answer without payload for that of its request. `other` is what too many keys had to be summed
    up in.
    """

    total: Volume
    c2s: Volume
    s2c: Volume
    injected: Volume
    kinds: tuple[Row, ...]
    types: tuple[Row, ...]
    """Stanzas by kind and type, such as `iq get`."""
    namespaces: tuple[NamespaceRow, ...]
    specifications: tuple[Row, ...]
    """By the specification's label, of which each frame counts once."""
    addresses: tuple[AddressRow, ...]
    other: dict[str, Volume]
    """By the name of the table; only tables that are not exact."""


class Traffic:
    """Counts frames."""

    def __init__(self) -> None:
        self._directions: dict[Direction, Volume] = {"c2s": Volume(), "s2c": Volume()}
        self._injected = Volume()
        self._kinds = Tally()
        self._types = Tally()
        self._namespaces = Tally()
        self._specifications = Tally()
        self._addresses: dict[Direction, Tally] = {"c2s": Tally(), "s2c": Tally()}

    def add(self, record: FrameRecord, answer: Answer | None, me: Identity) -> None:
        """Count a frame; `answer` if it is one to an IQ request."""
        size = len(record.data)
        if record.injected:
            self._injected.add(size)
            return
        self._directions[record.dir].add(size)
        self._kinds.add(record.kind, size)
        found = namespaces_of(record, answer)
        self._namespaces.add_each(found, size)
        self._specifications.add_each(_specifications(found), size)
        if record.kind in STANZAS and record.xmlns is None:
            type_ = record.type
            self._types.add(record.kind if type_ is None else f"{record.kind} {type_}", size)
            peer = record.to if record.dir == "c2s" else record.from_
            self._addresses[record.dir].add(_bare(peer or me.bare or _ACCOUNT), size)

    def report(self) -> TrafficReport:
        """What was counted so far."""
        total = Volume()
        for volume in self._directions.values():
            total += volume
        tallies = {
            "kinds": self._kinds,
            "types": self._types,
            "namespaces": self._namespaces,
            "specifications": self._specifications,
            "addresses written to": self._addresses["c2s"],
            "addresses heard from": self._addresses["s2c"],
        }
        return TrafficReport(
            total=total,
            c2s=self._directions["c2s"],
            s2c=self._directions["s2c"],
            injected=self._injected,
            kinds=self._kinds.rows(),
            types=self._types.rows(),
            namespaces=tuple(map(_namespace_row, self._namespaces.rows())),
            specifications=self._specifications.rows(),
            addresses=self._address_rows(),
            other={name: each.other for name, each in tallies.items() if each.other.frames},
        )

    def _address_rows(self) -> tuple[AddressRow, ...]:
        sent, received = (
            {row.name: Volume(row.frames, row.bytes) for row in self._addresses[direction].rows()}
            for direction in ("c2s", "s2c")
        )
        rows = [
            AddressRow(jid=jid, sent=sent.get(jid, Volume()), received=received.get(jid, Volume()))
            for jid in dict.fromkeys((*sent, *received))
        ]
        return tuple(sorted(rows, key=lambda row: -(row.sent.bytes + row.received.bytes)))


_ACCOUNT: Final = "(own account)"
"""Where an address is missing that is not known."""


def namespaces_of(record: FrameRecord, answer: Answer | None) -> tuple[str, ...]:
    """The namespaces that a frame counts for; at least one, unless it is no element."""
    if record.kind in _BARE:
        return ()
    if record.kind in _STREAM:
        return (ns.STREAMS,)
    found = record.ns
    if record.xmlns is not None:
        found = (record.xmlns, *found)
    if len(found) > 1:
        found = tuple(dict.fromkeys(found))
    if not found and answer is not None and answer.request is not None:
        found = tuple(filter(None, (answer.request.namespace,)))
    return found or (record.context.content,)


def _specifications(namespaces: tuple[str, ...]) -> tuple[str, ...]:
    """The labels of their specifications, each once."""
    if len(namespaces) <= _USUAL:
        return _remembered(namespaces)
    return tuple(dict.fromkeys(map(_specification, namespaces)))


@lru_cache(1000)
def _remembered(namespaces: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_specification, namespaces)))


@lru_cache(1000)
def _specification(namespace: str) -> str:
    return registry.label(namespace[:MAX_KEY])


def _namespace_row(row: Row) -> NamespaceRow:
    known = registry.lookup(row.name)
    return NamespaceRow(
        namespace=row.name,
        specification="" if known is None else known.id,
        title="" if known is None else known.title,
        deprecated=known is not None and known.deprecated,
        frames=row.frames,
        bytes=row.bytes,
    )


@lru_cache(1000)
def _bare(address: str) -> str:
    """The address without its resource, as it is compared."""
    jid = JID.read(address[: 3 * MAX_KEY])
    return jid.domain if jid.local is None else f"{jid.local}@{jid.domain}"
