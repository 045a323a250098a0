"""Reads the names in a TLS ClientHello, before any TLS engine has seen it (RFC 8446 §4.1.2)."""

from dataclasses import dataclass
from typing import Final

TLS_HANDSHAKE: Final = 0x16
"""First byte of a TLS connection; no XML begins with it."""

MAX_HELLO: Final = 64 * 1024
"""Bytes of records that may hold the ClientHello; with post-quantum keys it has some thousands."""

_CLIENT_HELLO: Final = 1
_SERVER_NAME: Final = 0
_ALPN: Final = 16
_SUPPORTED_VERSIONS: Final = 43
_VERSIONS: Final = {0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What the client asks for in the clear."""

    server_name: str | None = None
    """The SNI (RFC 6066 §3)."""
    alpn: tuple[str, ...] = ()
    """The protocols it offers (RFC 7301), such as `xmpp-client` (XEP-0368)."""
    newest: str | None = None
    """The newest TLS version it knows, as OpenSSL names it; None where it names none we know."""


class _ShortError(Exception):
    """More bytes are needed."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise _ShortError
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def vector(self, size: int) -> "_Reader":
        return _Reader(self.take(self.number(size)))

    @property
    def more(self) -> bool:
        return self.at < len(self.data)


def read_client_hello(data: bytes) -> ClientHello | None:
    """The ClientHello at the beginning of `data`, or None while it is not whole.

    What is not a ClientHello gives an empty one: the TLS engine will say what is wrong with it.
    """
    payload, goes_on = _handshake(data)
    message = _Reader(payload)
    try:
        if message.number(1) != _CLIENT_HELLO:
            return ClientHello()
        hello = message.vector(3)
    except _ShortError:
        return None if goes_on and len(data) < MAX_HELLO else ClientHello()
    try:
        return _parse(hello)
    except _ShortError:
        return ClientHello()


def _handshake(data: bytes) -> tuple[bytes, bool]:
    """The payload of the handshake records at the beginning, and whether more may follow."""
    records, payload = _Reader(data), b""
    while records.more and records.data[records.at] == TLS_HANDSHAKE:
        try:
            records.take(3)
            payload += records.vector(2).data
        except _ShortError:
            return payload, True
    return payload, not records.more


def _parse(hello: _Reader) -> ClientHello:
    versions = [hello.number(2)]
    hello.take(32)
    for size in (1, 2, 1):
        hello.vector(size)
    name: str | None = None
    alpn: tuple[str, ...] = ()
    extensions = hello.vector(2) if hello.more else _Reader(b"")
    while extensions.more:
        kind, body = extensions.number(2), extensions.vector(2)
        if kind == _SERVER_NAME:
            name = _server_name(body)
        elif kind == _ALPN:
            alpn = _protocols(body)
        elif kind == _SUPPORTED_VERSIONS:
            versions = _numbers(body)
    newest = max((version for version in versions if version in _VERSIONS), default=0)
    return ClientHello(name, alpn, _VERSIONS.get(newest))


def _server_name(body: _Reader) -> str | None:
    entries = body.vector(2)
    while entries.more:
        kind, name = entries.number(1), entries.vector(2)
        if kind == 0:
            return name.data.decode("ascii", "replace")
    return None


def _protocols(body: _Reader) -> tuple[str, ...]:
    entries = body.vector(2)
    found = []
    while entries.more:
        found.append(entries.vector(1).data.decode("ascii", "replace"))
    return tuple(found)


def _numbers(body: _Reader) -> list[int]:
    entries = body.vector(1)
    found = []
    while entries.more:
        found.append(entries.number(2))
    return found
