"""Watcher: notices what will make a session fail or leave, just because it is intercepted.

It changes nothing. Channel binding (RFC 5802 §6, RFC 9266): a login bound to the TLS channel
cannot pass a proxy that has two of them. Redirects (RFC 6120 §4.9.3.19, XEP-0198 §5): the client
is told to connect elsewhere, past the proxy.
"""

import re
from base64 import b64decode
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.tokens import Token, attributes, character_data, tokens

_SM: Final = b"urn:xmpp:sm:"
_SASL: Final = frozenset({ns.SASL, ns.SASL2})
_BOUND: Final = re.compile(r"-PLUS$|^HT-.*-(?!NONE$)[A-Z]+$")
"""Mechanisms that bind by their name: SCRAM-*-PLUS, and FAST's HT-*-ENDP, -EXPR, -UNIQ."""


class Watcher:
    """Follows the frames of one connection and tells a recorder what it notices."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._mechanism = ""
        self._binding = ""

    def see(self, direction: Direction, frame: Frame, now: float) -> None:
        """Look at a frame on its way."""
        if direction == "s2c":
            self._server_says(frame, now)
        elif frame.kind in ("auth", "authenticate") and frame.xmlns in _SASL:
            self._client_logs_in(frame)

    def _server_says(self, frame: Frame, now: float) -> None:
        if frame.kind == "failure" and frame.xmlns in _SASL:
            self._login_failed(now)
        elif frame.kind == "error" and frame.xmlns == ns.STREAMS:
            self._tell_redirect(_text(frame.data, b"see-other-host"), now)
        elif b"location" in frame.data and _SM in frame.data:
            self._tell_redirect(_attribute(frame.data, b"enabled", "location"), now)

    def _client_logs_in(self, frame: Frame) -> None:
        element = b"auth" if frame.kind == "auth" else b"initial-response"
        self._mechanism = _attribute(frame.data, frame.kind.encode(), "mechanism")
        self._binding = binding_type(_decoded(_text(frame.data, element)))
        if not self._binding and _BOUND.search(self._mechanism):
            self._binding = self._mechanism.rpartition("-")[2]

    def _login_failed(self, now: float) -> None:
        if not self._binding:
            return
        self._recorder.fault(
            now,
            "channel-binding",
            f"the login failed because the client bound it to its TLS channel ({self._mechanism}, "
            f"{self._binding}): it ends at xmppspy, the server sees another one, and refuses. "
            "Have the client not use channel binding, or a mechanism without -PLUS",
            direction="s2c",
        )

    def _tell_redirect(self, target: str, now: float) -> None:
        if target:
            text = f"the server sends the client to {target}: it will connect there, past xmppspy"
            self._recorder.note(now, text)


def binding_type(payload: bytes) -> str:
    """The channel-binding type of a gs2 header (`p=tls-exporter,,…`), empty when it has none."""
    if not payload.startswith(b"p="):
        return ""
    return payload[2:].partition(b",")[0].decode("ascii", "replace")


def _text(data: bytes, element: bytes) -> str:
    """The text at the beginning of the first element of that local name."""
    is_inside = False
    for token in tokens(data):
        if is_inside:
            text = data[token.start : token.stop] if token.kind == "text" else b""
            return character_data(text).strip()
        is_inside = token.kind == "start" and _is(token, element)
    return ""


def _attribute(data: bytes, element: bytes, name: str) -> str:
    """An attribute of the first element of that local name."""
    for token in tokens(data):
        if token.kind in ("start", "empty") and _is(token, element):
            return dict(attributes(data[token.start : token.stop])).get(name, "")
    return ""


def _is(tag: Token, element: bytes) -> bool:
    return tag.name.rpartition(b":")[2] == element


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""
