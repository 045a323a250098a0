"""Management: keeps the counts of stream management right on both legs (XEP-0198).

While stanzas go on as they come, nothing is touched. Once one was dropped, put in, doubled or
overtaken, the two sides count differently, and every `h` is translated for the side that reads it:
in `<a/>`, `<resume/>`, `<resumed/>` and `<failed/>`, also inside of SASL2's elements (XEP-0388,
XEP-0386). A session keeps its counts when it is resumed on another connection.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from weakref import ref

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.elements import Element, Scope
from xmppspy.protocol.events import UNCHANGED, Side
from xmppspy.protocol.flow import Flow
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Ruling
from xmppspy.protocol.ledger import MODULUS, Ledger
from xmppspy.protocol.link import Link
from xmppspy.protocol.registers import Entry, Registers
from xmppspy.protocol.tokens import attribute_spans, attribute_value, tokens

_SM: Final = frozenset({ns.SM, ns.SM_OLD})
_INLINE: Final = frozenset({"authenticate", "success"})
_MAX_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class _Resuming:
    """A `<resume/>` that waits for its answer."""

    name: str
    h: int | None
    """What the client has handled, as it counts."""
    told: int | None
    """The same as the server was told."""


@dataclass(frozen=True, slots=True)
class _Said:
    """An element of stream management, and where in the frame its `h` stands."""

    name: str
    attributes: dict[str, str]
    start: int
    stop: int

    @property
    def h(self) -> int | None:
        """What is handled; None where that is missing or no number."""
        text = self.attributes.get("h", "").strip()
        if not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS:
            return None
        return int(text) % MODULUS


class Management:
    """Follows stream management on one connection, and translates what is counted."""

    def __init__(self, link: Link, registers: Registers) -> None:
        self._link = link
        self._registers = registers
        self._resuming: _Resuming | None = None
        self.lost: dict[Side, list[bytes]] = {}
        """By whom it is for, what was put in and has to be once more, since a session resumed."""

    def concerns(self, flow: Flow, frame: Frame) -> bool:
        """Whether a frame has to take its `turn`, because it tells or counts something."""
        if frame.xmlns == ns.SASL2:
            return frame.kind in _INLINE
        if frame.xmlns not in _SM or frame.kind == "r":
            return False
        return frame.kind != "a" or self._translates(flow)

    def turn(self, flow: Flow, frame: Frame, ruling: Ruling) -> Ruling:
        """What the ruling on such a frame has to be, so that who reads it counts right."""
        if ruling.data is None:
            return ruling
        data = frame.data if ruling.data is UNCHANGED else ruling.data
        if frame.kind == "authenticate":
            self._resuming = None
        found = [(said, self._take(flow, said)) for said in _said(data, frame.context)]
        for said, h in reversed(found):  # from the back: the spans in front stay right
            if h is not None and h != said.h:
                data = data[: said.start] + str(h).encode() + data[said.stop :]
        return replace(ruling, data=UNCHANGED if data == frame.data else data)

    def _translates(self, flow: Flow) -> bool:
        """Whether what the source of that flow has handled is counted otherwise by the sink."""
        ledger = self._link.flows[flow.sink.side].outlet.ledger
        return ledger is not None and ledger.differs

    def _take(self, flow: Flow, said: _Said) -> int | None:
        """Follow one element; the `h` that it is to have, None where it has none."""
        if flow is self._link.up:
            return self._from_client(said)
        return self._from_server(said)

    def _from_client(self, said: _Said) -> int | None:
        link = self._link
        if said.name == "enable" and not self._is_running:
            link.up.outlet.ledger = Ledger()
        elif said.name == "resume":
            name = said.attributes.get("previd", "")
            known = self._registers.find(name)
            told = _translated(known.down if known else None, said.h)
            self._resuming = _Resuming(name, said.h, told)
            return told
        elif said.name == "a":
            return _translated(link.down.outlet.ledger, said.h)
        return None

    def _from_server(self, said: _Said) -> int | None:
        link = self._link
        if said.name == "enabled":
            self._begin(said)
        elif said.name == "resumed":
            return self._resume(said)
        elif said.name == "failed":
            return self._fail(said)
        elif said.name == "a":
            return _translated(link.up.outlet.ledger, said.h)
        return None

    @property
    def _is_running(self) -> bool:
        """Whether a session is being counted; it cannot be enabled again (XEP-0198 §3)."""
        return self._link.down.outlet.ledger is not None

    def _begin(self, said: _Said) -> None:
        """The session counts from here on; the client's stanzas from `<enable/>` on, if it came."""
        link = self._link
        if self._is_running or link.up.outlet.ledger is None:
            link.up.outlet.ledger = Ledger()
        link.down.outlet.ledger = Ledger()
        self._resuming = None
        if said.attributes.get("resume") in ("true", "1"):
            entry = Entry(link.up.outlet.ledger, link.down.outlet.ledger, ref(self))
            self._registers.put(said.attributes.get("id", ""), entry)

    def let_go(self) -> None:
        """Another connection carries the session from now on, or there is none."""
        self._link.up.outlet.ledger = self._link.down.outlet.ledger = None

    def _resume(self, said: _Said) -> int | None:
        """The session goes on here: both sides send again what was not handled."""
        asked, self._resuming = self._resuming, None
        name = asked.name if asked else said.attributes.get("previd", "")
        known = self._registers.find(name)
        seen = asked.h if asked is not None else None
        if known is None or said.h is None or seen is None:
            known = Entry(Ledger(said.h or 0), Ledger(seen or 0), ref(self))
        known.hand_over(self)
        h = _translated(known.up, said.h)
        self.lost = {
            Side.SERVER: known.up.resume(said.h or 0),
            Side.CLIENT: known.down.resume(seen or 0, asked.told if asked else None),
        }
        self._link.up.outlet.ledger, self._link.down.outlet.ledger = known.up, known.down
        self._registers.put(name, known)
        return h

    def _fail(self, said: _Said) -> int | None:
        """There is no such session, or none at all; its `h` may tell what was handled."""
        asked, self._resuming = self._resuming, None
        if asked is None:
            if not self._is_running:
                self.let_go()
            return None
        known = self._registers.find(asked.name)
        self._registers.forget(asked.name)
        return _translated(known.up if known else None, said.h)


def _translated(ledger: Ledger | None, h: int | None) -> int | None:
    return h if ledger is None or h is None else ledger.translate(h)


def _said(data: bytes, context: StreamContext) -> Iterator[_Said]:
    """The elements of stream management in a frame, itself included, in order."""
    scopes: list[Scope] = [context]
    for token in tokens(data):
        if token.kind == "end":
            scopes.pop()
        elif token.kind in ("start", "empty"):
            region = token.start + 1 + len(token.name)
            element = Element(token.name, data[region : token.stop], scopes[-1])
            if element.namespace in _SM:
                yield _read(element.local, data, region, token.stop)
            if token.kind == "start":
                scopes.append(element)


def _read(name: str, data: bytes, start: int, stop: int) -> _Said:
    attributes: dict[str, str] = {}
    place = (start, start)
    for key, opening, closing in attribute_spans(data, start, stop):
        if key == "h" and key not in attributes:
            place = (opening, closing)
        attributes.setdefault(key, attribute_value(data[opening:closing]))
    return _Said(name, attributes, *place)
