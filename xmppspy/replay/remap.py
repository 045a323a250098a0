"""Remap: what has another value today than when it was recorded, and how it comes into the bytes.

Ids, resources, accounts and times differ from run to run. A remap learns pairs of recorded and
live values, and writes one for the other into stanzas: only attribute values and whole texts
change, every other byte stays as it is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from xml.sax.saxutils import escape

from xmppspy.protocol import tokens as lex

MAX_IDS: Final = 50_000
"""Pairs of ids that are remembered; of more, the oldest are forgotten."""

_FEW: Final = 64
"""Values that a text is searched for one by one; with more it is taken apart at once."""

_BULK: Final = 16 * 1024
"""Bytes of stanzas above which a quick way is worth looking for."""

_AWKWARD: Final = re.compile(r"[<>&\"']")

_Edit: TypeAlias = tuple[int, int, bytes]

_IDS: Final = frozenset({"id", "queryid", "sid", "sessionid", "target", "thread"})
"""Attributes that hold an id, or refer to one."""

_ID_TEXTS: Final = frozenset({
    b"thread", b"id", b"amp-id", b"first", b"last", b"before", b"after",
})  # fmt: skip
"""Elements whose text is an id; `id` is a reference of XEP-0313 and its like, what follows are
places in an archive (XEP-0059)."""

_NAMED_BY_OTHERS: Final = frozenset({b"item", b"conference", b"entry", b"service"})
"""Elements whose `id` is no stanza's: items of nodes, whose names mean something."""

_PROSE: Final = frozenset({b"body", b"subject", b"status", b"text"})
"""Elements whose text is for people and stays, though it may look like an address."""

_STAMP: Final = re.compile(
    r"(?P<date>\d{4}-?\d\d-?\d\d)T(?P<time>\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?(?P<zone>Z|[+-]00:?00)?"
)


@dataclass(slots=True)
class _Pairs:
    """Recorded values and live ones, the oldest first, found from either side."""

    live: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, str] = field(default_factory=dict)
    others: set[bytes] = field(default_factory=set)
    """The recorded values that are others now, as they are found in XML."""

    def learn(self, recorded: str, live: str, written: str | None = None) -> None:
        """Keep a pair in place of an older one; `written` is the recorded value as it stood."""
        written = recorded if written is None else written
        (self.others.discard if live == written else self.others.add)(escape(written).encode())
        gone = self.live.pop(recorded, None)
        if gone is not None and self.recorded.get(gone) == recorded:
            del self.recorded[gone]
        self.live[recorded] = live
        self.recorded[live] = recorded
        if len(self.live) > MAX_IDS:
            oldest = next(iter(self.live))
            self.recorded.pop(self.live.pop(oldest), None)
            self.others.discard(escape(oldest).encode())


class Remap:
    """Recorded values and the live ones in their place, in both directions.

    `parent` is asked for what is not known here: several connections may share what one of them
    learns. What names an address exactly counts before its domain, and this before the domains
    above it, wherever they are known.
    """

    def __init__(self, parent: "Remap | None" = None) -> None:
        self._ids = _Pairs()
        self._jids = _Pairs()
        self._parent = parent
        self.shift: timedelta | None = None
        """What is added to the times that stanzas tell (XEP-0203); None leaves them."""

    # --- pairs

    def learn_id(self, recorded: str, live: str, *, shared: bool = False) -> None:
        """A stanza, a query or a stream that was called `recorded` is called `live` now.

        `shared`: for the parent, too.
        """
        self._ids.learn(recorded, live)
        if shared and self._parent is not None:
            self._parent.learn_id(recorded, live)

    def learn_jid(self, recorded: str, live: str, *, shared: bool = False) -> None:
        """An address has changed: a full JID, an account with all its resources, or a domain.

        `shared`: for the parent, too.
        """
        if shared and self._parent is not None:
            self._parent.learn_jid(recorded, live)
        self._jids.learn(_key(recorded), live, recorded)
        self._jids.recorded.setdefault(_key(live), recorded)

    def live_jid(self, jid: str) -> str:
        """The address today of one that was recorded."""
        return self._jid(jid, lambda remap: remap._jids.live)  # noqa: SLF001

    def recorded_jid(self, jid: str) -> str:
        """The recorded address of one of today."""
        return self._jid(jid, lambda remap: remap._jids.recorded)  # noqa: SLF001

    def live_id(self, name: str) -> str:
        """The id today of one that was recorded."""
        found = self._ids.live.get(name)
        if found is None:
            return name if self._parent is None else self._parent.live_id(name)
        return found

    def recorded_id(self, name: str) -> str:
        """The recorded id of one of today."""
        found = self._ids.recorded.get(name)
        if found is None:
            return name if self._parent is None else self._parent.recorded_id(name)
        return found

    def changes(self, data: bytes) -> bool:
        """Whether a recorded text may look different today; a quick look, for whole batches."""
        if self.shift is not None and b"stamp" in data:
            return True
        others = self._ids.others | self._jids.others
        if len(others) > _FEW or any(other in data for other in others):
            return True
        return self._parent is not None and self._parent.changes(data)

    # --- bytes

    def to_live(self, data: bytes) -> bytes:
        """Recorded stanzas with the values of today."""
        if not self.changes(data):
            return data
        if len(data) > _BULK and (replaced := self._replace_addresses(data)) is not None:
            return replaced
        return self._rewrite(data, self.live_jid, self.live_id, self.shift)

    def _replace_addresses(self, data: bytes) -> bytes | None:
        """The same, quickly, where nothing but full JIDs in attributes differs; else None.

        That is what a batch of recorded stanzas is to a client with another resource. They are
        found by their quotation marks, without taking the stanzas apart.
        """
        if self.shift is not None:
            return None
        remap: Remap | None = self
        pairs: dict[bytes, bytes] = {}
        while remap is not None:
            for other in remap._ids.others | remap._jids.others:  # noqa: SLF001
                if other in data:
                    live = self.live_jid(other.decode())
                    if (
                        b"/" not in other
                        or _AWKWARD.search(live)
                        or _AWKWARD.search(other.decode())
                    ):
                        return None
                    pairs.setdefault(other, live.encode())
            remap = remap._parent  # noqa: SLF001
        for other, new in pairs.items():
            # Each pass counts here, so the other quotation mark is looked for only if need be.
            while (at := data.find(other)) >= 0:
                mark = data[at - 1 : at]
                quoted = b"=" + mark + other + mark
                if mark not in (b'"', b"'") or data[at - 2 : at + len(other) + 1] != quoted:
                    return None
                data = data.replace(quoted, b"=" + mark + new + mark)
        return data

    def to_recorded(self, data: bytes) -> bytes:
        """A stanza of today with the recorded values."""
        back = None if self.shift is None else -self.shift
        return self._rewrite(data, self.recorded_jid, self.recorded_id, back)

    def _jid(self, jid: str, table: "Callable[[Remap], dict[str, str]]") -> str:
        tables: list[dict[str, str]] = []
        remap: Remap | None = self
        while remap is not None:
            if found := table(remap):
                tables.append(found)
            remap = remap._parent  # noqa: SLF001
        return _look_up(jid, tables)

    def _rewrite(
        self,
        data: bytes,
        jid: Callable[[str], str],
        name: Callable[[str], str],
        shift: timedelta | None,
    ) -> bytes:
        pieces: list[bytes] = []
        at = 0
        for start, stop, value in _edits(data, jid, name, shift):
            pieces += (data[at:start], value)
            at = stop
        return b"".join((*pieces, data[at:]))


def _edits(
    data: bytes,
    jid: Callable[[str], str],
    name: Callable[[str], str],
    shift: timedelta | None,
) -> Iterator[_Edit]:
    opened = b""
    for token in lex.tokens(data):
        if token.kind in ("start", "empty"):
            opened = token.name.rpartition(b":")[2]
            for key, start, stop in lex.attribute_spans(data, token.start, token.stop):
                if key.startswith("xmlns"):
                    continue
                raw = data[start:stop]
                old = lex.attribute_value(raw)
                if key == "stamp":
                    new = refreshed(old, shift)
                elif key in _IDS:
                    new = old if opened in _NAMED_BY_OTHERS else name(old)
                else:
                    new = jid(old)
                if new != old:
                    quoted = escape(new, {'"': "&quot;", "'": "&apos;"}).encode()
                    yield start, stop, quoted
        elif token.kind == "text" and opened and opened not in _PROSE:
            old = lex.character_data(data[token.start : token.stop])
            new = name(old) if opened in _ID_TEXTS else jid(old)
            if new != old:
                yield token.start, token.stop, escape(new).encode()
        elif token.kind == "end":
            opened = b""


def _key(jid: str) -> str:
    """An address in the form in which it is looked up."""
    bare, slash, resource = jid.partition("/")
    return bare.lower() + slash + resource


def _look_up(jid: str, tables: Sequence[dict[str, str]]) -> str:
    """The other name of an address; what names it most exactly, in whichever table, counts."""
    if not tables or len(jid) > 3 * 1024:
        return jid
    found = _first(_key(jid), tables)
    if found is not None:
        return found
    bare, slash, resource = jid.partition("/")
    if slash and (account := _first(bare.lower(), tables)) is not None:
        return f"{account}/{resource}"
    local, at, domain = bare.rpartition("@")
    return f"{local}{at}{_server(domain, tables)}{slash}{resource}"


def _server(domain: str, tables: Sequence[dict[str, str]]) -> str:
    """The other name of a domain, or of one that it is a part of: its rooms have moved with it."""
    upper = domain.lower()
    while upper:
        if (found := _first(upper, tables)) is not None:
            return domain[: len(domain) - len(upper)] + found
        upper = upper.partition(".")[2]
    return domain


def _first(key: str, tables: Sequence[dict[str, str]]) -> str | None:
    return next((table[key] for table in tables if key in table), None)


def refreshed(stamp: str, shift: timedelta | None) -> str:
    """A time of XEP-0082, or of its predecessor, moved; what is none stays as it is."""
    match = _STAMP.fullmatch(stamp)
    if shift is None or match is None:
        return stamp
    compact = "-" not in match["date"]
    try:
        then = datetime.strptime(
            match["date"].replace("-", "") + match["time"], "%Y%m%d%H:%M:%S"
        ).replace(tzinfo=UTC)
        fraction = match["fraction"] or ""
        moment = then + timedelta(seconds=float(f"0{fraction}")) + shift
    except (ValueError, OverflowError):
        return stamp
    digits = f".{moment:%f}"[: len(fraction)] if fraction else ""
    date = f"{moment:%Y%m%d}" if compact else f"{moment:%Y-%m-%d}"
    return f"{date}T{moment:%H:%M:%S}{digits}{match['zone'] or ''}"
