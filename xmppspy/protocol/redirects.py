"""Redirects: a server that sends a client elsewhere sends it back to xmppspy.

Three ways to say it: the stream error `see-other-host` (RFC 6120 §4.9.3.19), the place for resuming
a session, `location` in `<enabled/>` (XEP-0198 §5; in SASL2's `<success/>` as well, XEP-0386), and
that of instant resumption (XEP-0397). The client would go there past xmppspy. It is given the
address that it has connected to instead; the outside is asked to connect to the other place then.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.elements import Element, Scope
from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Ruling
from xmppspy.protocol.hosts import a_label, is_address
from xmppspy.protocol.link import Link
from xmppspy.protocol.requests import Redirected, RedirectExpired
from xmppspy.protocol.tokens import Token, attribute_spans, attribute_value, character_data, tokens

_SM: Final = frozenset({ns.SM, ns.SM_OLD})
_ISR: Final = "https://xmpp.org/extensions/isr/0"
_PLACE: Final = re.compile(
    r"(?:\[(?P<literal>[0-9A-Fa-f:.]+)]|(?P<host>[^][:/@\s]+))(?::(?P<port>[0-9]{1,5}))?"
)
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


class Redirects:
    """Turns the redirects of one connection to `address`, the one that the client knows."""

    def __init__(self, link: Link, address: str) -> None:
        self._link = link
        self._address = address

    def turn(self, frame: Frame, ruling: Ruling) -> Ruling:
        """What the ruling on a server's frame has to be, so that the client comes back to us."""
        data = frame.data if ruling.data is UNCHANGED else ruling.data
        if data is None or not _may_redirect(frame, data):
            return ruling
        places = list(_places(data, frame.context))
        good = [place for place in places if read_place(place.text) is not None]
        if any(place.sticky for place in places) and not any(place.sticky for place in good):
            self._link.recorder.add(RedirectExpired())
        if self._link.options.keep_redirects or not self._address:
            return replace(ruling, notes=ruling.notes + tuple(map(_past, good)))
        for place in reversed(good):  # from the back: the spans in front stay right
            data = data[: place.start] + self._address.encode() + data[place.stop :]
            self._link.recorder.add(Redirected(place.text, sticky=place.sticky))
        edited = UNCHANGED if data == frame.data else data
        return replace(ruling, data=edited, notes=ruling.notes + tuple(map(_back, good)))

    def stream_closed(self) -> None:
        """The client closes its stream: there is no session to resume (XEP-0198 §5)."""
        self._link.recorder.add(RedirectExpired())


def read_place(text: str) -> tuple[str, int | None] | None:
    """Host and port of `host[:port]`, the host as an address or in A-labels; None if it is none.

    An IPv6 address stands in brackets; without a port, it may stand alone.
    """
    if is_address(text):
        return text, None
    match = _PLACE.fullmatch(text)
    if match is None:
        return None
    host = a_label(match["literal"] or match["host"])
    port = int(match["port"]) if match["port"] else None
    if not is_address(host) and (match["literal"] or not _NAME.fullmatch(host)):
        return None
    return (host, port) if port is None or 0 < port < 1 << 16 else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a redirect leads, and where in the frame's bytes that is written."""

    text: str
    start: int
    stop: int
    sticky: bool
    """Whether it counts for each time that the session is resumed."""


def _may_redirect(frame: Frame, data: bytes) -> bool:
    if frame.kind == "error":
        return frame.xmlns == ns.STREAMS and b"see-other-host" in data
    if frame.kind == "success":
        return frame.xmlns == ns.SASL2 and b"enabled" in data
    return frame.kind == "enabled" and frame.xmlns in _SM


def _places(data: bytes, context: StreamContext) -> Iterator[_Place]:
    """The places that an element of the server names, and empty ones where it could have."""
    scopes: list[Scope] = [context]
    is_inside = False  # of see-other-host, at its beginning
    for token in tokens(data):
        if is_inside and token.kind == "text":
            yield _text(data, token)
        is_inside = False
        if token.kind == "end":
            scopes.pop()
        elif token.kind in ("start", "empty"):
            region = token.start + 1 + len(token.name)
            element = Element(token.name, data[region : token.stop], scopes[-1])
            is_inside = element.local == "see-other-host" and len(scopes) == 2
            if _names_location(element):
                yield _location(data, region, token.stop)
            if token.kind == "start":
                scopes.append(element)


def _names_location(element: Element) -> bool:
    if element.local == "isr-enabled":
        return element.namespace == _ISR
    return element.local == "enabled" and element.namespace in _SM


def _text(data: bytes, token: Token) -> _Place:
    raw = data[token.start : token.stop]
    start = token.start + len(raw) - len(raw.lstrip())
    stop = token.start + len(raw.rstrip())
    return _Place(character_data(data[start:stop]), start, stop, sticky=False)


def _location(data: bytes, start: int, stop: int) -> _Place:
    for name, opening, closing in attribute_spans(data, start, stop):
        if name == "location":
            text = attribute_value(data[opening:closing])
            return _Place(text, opening, closing, sticky=True)
    return _Place("", start, start, sticky=True)


def _back(place: _Place) -> str:
    return (
        f"the server sends the client to {place.text}: the client is sent back to xmppspy, which "
        f"will connect to {place.text}"
    )


def _past(place: _Place) -> str:
    return f"the server sends the client to {place.text}: it will connect there, past xmppspy"
