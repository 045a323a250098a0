"""Payloads: where in a SASL message the secrets stand, mechanism by mechanism.

What a message does not have where its mechanism puts it could be anywhere: then all of it counts
as secret.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Final, NamedTuple, TypeAlias


class Role(Enum):
    """What a part of a payload is."""

    SECRET = auto()
    """A password, or what is computed from one."""
    TOKEN = auto()
    USER = auto()
    JID = auto()
    HOST = auto()
    NONCE = auto()
    SALT = auto()
    """In base64."""
    BINDING = auto()
    """SCRAM's `c`: base64 of the gs2 header and the channel binding."""
    TRACE = auto()
    """Text for the server's operator, by the client's user."""


class Part(NamedTuple):
    """A part of a payload, by its place."""

    start: int
    stop: int
    role: Role


Reader: TypeAlias = Callable[[bytes], list[Part]]

_GS2: Final = re.compile(rb"(?:n|y|F|p=[A-Za-z0-9.-]+),(?:a=([^,]*))?,")
_SCRAM: Final = re.compile(rb"[A-Za-z]=[^,]*(?:,[A-Za-z]=[^,]*)*")
_ATTRIBUTE: Final = re.compile(rb"([A-Za-z])=([^,]*)")
_SCRAM_ROLES: Final = {
    b"n": Role.USER, b"a": Role.JID, b"r": Role.NONCE, b"s": Role.SALT, b"c": Role.BINDING,
    b"p": Role.SECRET, b"v": Role.SECRET,
}  # fmt: skip
_DIRECTIVES: Final = re.compile(
    rb"(?:\s*+[A-Za-z-]++\s*+=\s*+(?:\"(?:[^\"\\]|\\.)*+\"|[^,\"\s]*+)\s*+,?)++", re.DOTALL
)
_DIRECTIVE: Final = re.compile(
    rb"([A-Za-z-]++)\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^,\"\s]*+))", re.DOTALL
)
_DIGEST_ROLES: Final = {
    b"username": Role.USER, b"authzid": Role.JID, b"realm": Role.HOST, b"digest-uri": Role.HOST,
    b"host": Role.HOST, b"nonce": Role.NONCE, b"cnonce": Role.NONCE,
}  # fmt: skip
_DIGEST_PLAIN: Final = frozenset({b"nc", b"qop", b"algorithm", b"charset", b"maxbuf", b"cipher",
                                  b"stale", b"serv-type", b"serv-name"})  # fmt: skip
_CRAM: Final = re.compile(rb"(?s)(.*) ([0-9A-Fa-f*]{32})")
_CHALLENGE: Final = re.compile(rb"<[^<>@]*@?([^<>@]*)>")
_PAIR: Final = re.compile(rb"([A-Za-z]+)=([^\x01]*)\x01")
_BEARER: Final = re.compile(rb"(?i)bearer[ ]+")
_GUESSED: Final = re.compile(rb"(?:[ny],|p=tls-|[rcve]=)")
_PROMPTS: Final = frozenset({b"Username:", b"User Name\0", b"Password:", b"Password\0"})


def client_parts(mechanism: str, data: bytes) -> list[Part]:
    """What is in a message of a client. The mechanism is in upper case, empty when not known."""
    return _reader(_CLIENT, mechanism, data)(data)


def server_parts(mechanism: str, data: bytes) -> list[Part]:
    """What is in a message of a server."""
    return _reader(_SERVER, mechanism, data)(data)


def _reader(readers: "dict[str, Reader]", mechanism: str, data: bytes) -> Reader:
    if mechanism.startswith("SCRAM-") or (not mechanism and _GUESSED.match(data)):
        return _scram
    if mechanism.startswith("HT-"):
        return readers.get("HT", _everything)
    return readers.get(mechanism, _everything)


def _everything(data: bytes) -> list[Part]:
    return [Part(0, len(data), Role.SECRET)]


def _nothing(_data: bytes) -> list[Part]:
    return []


def _plain(data: bytes) -> list[Part]:
    """`authzid NUL user NUL password` (RFC 4616)."""
    return _three_parts(data, Role.SECRET)


def _oauth2(data: bytes) -> list[Part]:
    """Like PLAIN, with a token for the password."""
    return _three_parts(data, Role.TOKEN)


def _three_parts(data: bytes, secret: Role) -> list[Part]:
    first = data.find(b"\0")
    second = data.find(b"\0", first + 1)
    if first < 0 or second < 0:
        return [
            Part(match.start(), match.end(), Role.SECRET) for match in re.finditer(rb"[^\0]+", data)
        ]
    return [
        Part(0, first, Role.JID),
        Part(first + 1, second, Role.USER),
        Part(second + 1, len(data), secret),
    ]


def _scram(data: bytes) -> list[Part]:
    """RFC 5802 §7, with the header of a client's first message or without."""
    header = _GS2.match(data)
    start = header.end() if header else 0
    if start < len(data) and not _SCRAM.fullmatch(data, start):
        return _everything(data)
    found = [Part(*header.span(1), Role.JID)] if header and header[1] else []
    for match in _ATTRIBUTE.finditer(data, start):
        role = _SCRAM_ROLES.get(match[1])
        if role is not None:
            found.append(Part(*match.span(2), role))
    return found


def _digest(data: bytes) -> list[Part]:
    """RFC 2831 §2.1."""
    if not _DIRECTIVES.fullmatch(data):
        return _everything(data)
    return list(_directives(data))


def _directives(data: bytes) -> Iterator[Part]:
    for match in _DIRECTIVE.finditer(data):
        name = match[1].lower()
        if name not in _DIGEST_PLAIN:
            place = match.span(3 if match[2] is None else 2)
            yield Part(*place, _DIGEST_ROLES.get(name, Role.SECRET))


def _cram(data: bytes) -> list[Part]:
    """`user digest` (RFC 2195)."""
    match = _CRAM.fullmatch(data)
    if match is None:
        return _everything(data)
    return [Part(*match.span(1), Role.USER), Part(*match.span(2), Role.SECRET)]


def _cram_challenge(data: bytes) -> list[Part]:
    match = _CHALLENGE.fullmatch(data)
    return [Part(*match.span(1), Role.HOST)] if match else _everything(data)


def _hashed_token(data: bytes) -> list[Part]:
    """`user NUL hash` (XEP-0484)."""
    mark = data.find(b"\0")
    if mark < 0:
        return _everything(data)
    return [Part(0, mark, Role.USER), Part(mark + 1, len(data), Role.SECRET)]


def _bearer(data: bytes) -> list[Part]:
    """A gs2 header, `^A`, pairs, each with a `^A` behind it, and one more (RFC 7628 §3.1)."""
    header = _GS2.match(data)
    at = header.end() if header else 0
    found = [Part(*header.span(1), Role.JID)] if header and header[1] else []
    at += data.startswith(b"\x01", at)
    while at < len(data):
        pair = _PAIR.match(data, at)
        if pair is None:
            rest = data[at:].strip(b"\x01")
            return found if not rest else _everything(data)
        found.extend(_pair(pair))
        at = pair.end()
    return found


def _pair(pair: re.Match[bytes]) -> Iterator[Part]:
    name, (start, stop) = pair[1].lower(), pair.span(2)
    scheme = _BEARER.match(pair[2])
    if name == b"auth" and scheme:
        yield Part(start + scheme.end(), stop, Role.TOKEN)
    elif name not in (b"port", b"mthd"):
        role = {b"host": Role.HOST, b"user": Role.USER}.get(name, Role.SECRET)
        yield Part(start, stop, role)


def _identity(data: bytes) -> list[Part]:
    return [Part(0, len(data), Role.JID)]


def _trace(data: bytes) -> list[Part]:
    return [Part(0, len(data), Role.TRACE)]


def _prompt(data: bytes) -> list[Part]:
    return [] if data in _PROMPTS else _everything(data)


_CLIENT: Final[dict[str, Reader]] = {
    "PLAIN": _plain,
    "X-OAUTH2": _oauth2,
    "X-GOOGLE-TOKEN": _oauth2,
    "OAUTHBEARER": _bearer,
    "XOAUTH2": _bearer,
    "DIGEST-MD5": _digest,
    "CRAM-MD5": _cram,
    "HT": _hashed_token,
    "EXTERNAL": _identity,
    "ANONYMOUS": _trace,
}
_SERVER: Final[dict[str, Reader]] = {
    "DIGEST-MD5": _digest,
    "CRAM-MD5": _cram_challenge,
    "OAUTHBEARER": _trace,
    "XOAUTH2": _trace,
    "ANONYMOUS": _trace,
    "EXTERNAL": _nothing,
    "LOGIN": _prompt,
}
