"""Credentials: the payload of a SASL element with its secret bytes overwritten."""

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Final

from xmppspy.analysis.redaction.login import Login
from xmppspy.analysis.redaction.masks import Masks, characters, decoded, recode
from xmppspy.analysis.redaction.names import Names
from xmppspy.analysis.redaction.payloads import Part, Role, client_parts, server_parts

_OF_CLIENTS: Final = frozenset({"auth", "initial-response", "response"})
_GS2: Final = re.compile(rb"((?:n|y|F|p=[A-Za-z0-9.-]+),(?:a=)?)([^,]*)(,)(.*)", re.DOTALL)


class Credentials:
    """Masks the payloads of one connection; names people anew where there are `names`."""

    def __init__(self, masks: Masks, login: Login, names: Names | None) -> None:
        self._masks = masks
        self._login = login
        self._names = names

    def masked(self, element: str, raw: bytes) -> bytes:
        """The text of a SASL element, given its local name. No base64 is masked whole."""
        read = client_parts if element in _OF_CLIENTS else server_parts

        def change(data: bytes) -> bytes:
            return self._changed(data, read(self._login.mechanism, data))

        changed = recode(raw, change)
        if changed is None:
            self._login.remember_words(raw)
            return self._masks.stars(raw)
        return changed

    def _changed(self, data: bytes, parts: list[Part]) -> bytes:
        result, at = [], 0
        for start, stop, role in parts:
            result += [data[at:start], self._part(data[start:stop], role)]
            at = stop
        return b"".join((*result, data[at:]))

    def _part(self, value: bytes, role: Role) -> bytes:
        if role is Role.SECRET:
            self._login.remember(value)
            return self._masks.stars(value)
        if role is Role.TOKEN:
            return self._masks.token(value)
        if self._names is None or not value:
            return value
        return self._named(value, role, self._names)

    def _named(self, value: bytes, role: Role, names: Names) -> bytes:
        if role is Role.NONCE:
            return self._nonce(value)
        if role is Role.SALT:
            return self._masks.base64(value)
        if role is Role.BINDING:
            return self._binding(value, names)
        if role is Role.TRACE:
            return characters(value)
        text = value.decode(errors="replace").replace("=2C", ",").replace("=3D", "=")
        return _FUNCTIONS[role](names, text).encode(errors="replace")

    def _nonce(self, value: bytes) -> bytes:
        """A server's nonce begins with the client's, and does so afterwards (RFC 5802 §5.1)."""
        first = self._login.nonce
        if not first:
            self._login.nonce = value
        elif value.startswith(first):
            return self._masks.nonce(first) + self._masks.nonce(value[len(first) :])
        return self._masks.nonce(value)

    def _binding(self, value: bytes, names: Names) -> bytes:
        match = _GS2.fullmatch(decoded(value) or b"")
        if match is None:
            return self._masks.stars(value)
        start, authzid, comma, data = match.groups()
        authzid = names.user(authzid.decode(errors="replace")).encode() if authzid else b""
        return b64encode(start + authzid + comma + b"*" * len(data))


def _host(names: Names, text: str) -> str:
    """A realm, or a `digest-uri`: `xmpp/example.org`."""
    service, slash, host = text.rpartition("/")
    return service + slash + (names.host(host) if host else "")


_FUNCTIONS: Final[dict[Role, Callable[[Names, str], str]]] = {
    Role.USER: Names.user,
    Role.JID: Names.user,
    Role.HOST: _host,
}
