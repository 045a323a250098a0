"""Live stream management: the server's side of XEP-0198, whatever the recording held."""

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.quoting import quoteattr
from xmppspy.protocol.readable import Readable
from xmppspy.protocol.stanza import read
from xmppspy.protocol.tokens import tokens

RESUMABLE: Final = 300
"""Seconds for which a session waits for its client to come back."""

MAX_UNCONFIRMED: Final = 32 * 1024 * 1024
"""Bytes kept for a client that acknowledges nothing; beyond it, it cannot resume."""

ASK_AFTER: Final = 500
"""Stanzas after which an acknowledgement is asked for, though the recorded server did not."""

_MODULUS: Final = 1 << 32
_MAX_DIGITS: Final = 10


@dataclass(slots=True)
class _Sent:
    """Stanzas that left in one piece and are not acknowledged as a whole."""

    data: bytes
    count: int


@dataclass(slots=True)
class LiveSM:
    """The counts of one session. It outlives its connection when the client asked for that."""

    namespace: str = ns.SM
    enabled: bool = False
    name: str | None = None
    """The id by which the session can be resumed."""
    handled: int = 0
    """Stanzas of the client that were taken."""
    _acknowledged: int = 0
    _outstanding: int = 0
    _unasked: int = 0
    _bytes: int = 0
    _unconfirmed: deque[_Sent] = field(default_factory=deque)

    def enable(self, frame: Frame) -> bytes:
        """Begin to count; the answer to `<enable/>`."""
        resume = (attribute(frame, "resume") or "") in ("true", "1")
        return self.begin(frame.xmlns or ns.SM, resume=resume)

    def begin(self, namespace: str, *, resume: bool) -> bytes:
        """Begin to count; the `<enabled/>` that says so."""
        if self.enabled:
            return failure(namespace, "unexpected-request")
        self.namespace, self.enabled = namespace, True
        if not resume:
            return f"<enabled xmlns='{namespace}'/>".encode()
        self.name = secrets.token_urlsafe(12)
        return (
            f"<enabled xmlns='{namespace}' id='{self.name}' resume='true' max='{RESUMABLE}'/>"
        ).encode()

    def received(self) -> None:
        """A stanza of the client was taken."""
        if self.enabled:
            self.handled = (self.handled + 1) % _MODULUS

    def sent(self, data: bytes, count: int) -> bytes:
        """`count` stanzas leave as `data`; returns a request for an acknowledgement when due."""
        if not self.enabled or not count:
            return b""
        self._outstanding += count
        self._unasked += count
        if self.name is not None:
            self._keep(_Sent(data, count))
        return self.ask() if self._unasked >= ASK_AFTER else b""

    def ask(self) -> bytes:
        """A request for an acknowledgement; nothing where none may be made."""
        self._unasked = 0
        return f"<r xmlns='{self.namespace}'/>".encode() if self.enabled else b""

    def answer(self) -> bytes:
        """The acknowledgement that a client asked for."""
        return f"<a xmlns='{self.namespace}' h='{self.handled}'/>".encode() if self.enabled else b""

    def confirm(self, h: int) -> bool:
        """The client has taken `h` stanzas; False when that many were not sent."""
        more = (h - self._acknowledged) % _MODULUS
        if more > self._outstanding:
            return False
        self._acknowledged = h
        self._outstanding -= more
        while more and self._unconfirmed:
            first = self._unconfirmed[0]
            taken = min(first.count, more)
            more -= taken
            if taken == first.count:
                self._bytes -= len(self._unconfirmed.popleft().data)
            else:
                rest = b"".join(_split(first.data)[taken:])
                self._bytes -= len(first.data) - len(rest)
                self._unconfirmed[0] = _Sent(rest, first.count - taken)
        return True

    def resumed(self) -> bytes:
        """The answer to `<resume/>`, after `confirm` of its `h`; then `unconfirmed` goes out."""
        name = quoteattr(self.name or "")
        return f"<resumed xmlns='{self.namespace}' previd={name} h='{self.handled}'/>".encode()

    def unconfirmed(self) -> Iterator[bytes]:
        """What has to be sent once more, in order."""
        return iter([each.data for each in self._unconfirmed])

    def _keep(self, sent: _Sent) -> None:
        self._unconfirmed.append(sent)
        self._bytes += len(sent.data)
        if self._bytes > MAX_UNCONFIRMED:
            self.name = None
            self._unconfirmed.clear()


def _split(data: bytes) -> list[bytes]:
    """The elements that stand one behind the other in `data`."""
    pieces, depth, start = [], 0, 0
    for token in tokens(data):
        depth += {"start": 1, "end": -1}.get(token.kind, 0)
        if not depth and token.kind in ("end", "empty"):
            pieces.append(data[start : token.stop])
            start = token.stop
    return pieces


def failure(namespace: str, condition: str) -> bytes:
    """What is answered to what cannot be done (XEP-0198 §3, §5)."""
    return (
        f"<failed xmlns='{namespace}'><{condition} xmlns='{ns.STANZA_ERRORS}'/></failed>"
    ).encode()


def attribute(frame: Readable, name: str) -> str | None:
    """An attribute of the element that a frame is."""
    tree = read(frame).tree
    return None if tree is None else tree.get(name)


def h_of(frame: Frame) -> int | None:
    """The count that an `<a/>` or `<resume/>` tells; None when it is no number."""
    text = attribute(frame, "h") or ""
    return (
        int(text) % _MODULUS
        if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
        else None
    )
