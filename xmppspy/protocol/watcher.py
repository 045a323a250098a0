"""Watcher: notices what will make a session fail or leave, just because it is intercepted.

It changes nothing. Channel binding (RFC 5802 §6, RFC 9266): a login bound to the TLS channel
cannot pass a proxy that has two of them. Redirects (RFC 6120 §4.9.3.19, XEP-0198 §5): the client
is told to connect elsewhere, past the proxy.
"""

import binascii
import re
from base64 import b64decode
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.tokens import attributes, tokens

_SASL: Final = frozenset({ns.SASL, ns.SASL2})
_BOUND: Final = re.compile(r"-PLUS$|^HT-.*-(?!NONE$)[A-Z]+$")
"""Mechanisms that bind by their name: SCRAM-*-PLUS, and FAST's HT-*-ENDP, -EXPR, -UNIQ."""
_SEE_OTHER: Final = re.compile(rb"see-other-host[^>]*>([^<]+)<")


class Watcher:
    """Follows the frames of one connection and tells a recorder what it notices."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._mechanism = ""
        self._binding = ""

    def see(self, direction: Direction, frame: Frame, now: float) -> None:
        """Look at a frame on its way."""
        if frame.xmlns in _SASL:
            if direction == "c2s":
                self._client_says(frame)
            elif frame.kind == "failure":
                self._login_failed(now)
        elif direction == "s2c":
            self._look_for_redirect(frame, now)

    def _client_says(self, frame: Frame) -> None:
        if frame.kind not in ("auth", "authenticate"):
            return
        opening = next(tokens(frame.data))
        region = frame.data[opening.start : opening.stop]
        self._mechanism = dict(attributes(region)).get("mechanism", "")
        self._binding = binding_type(_payload(frame.data))
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

    def _look_for_redirect(self, frame: Frame, now: float) -> None:
        if frame.kind == "error" and frame.xmlns == ns.STREAMS:
            match = _SEE_OTHER.search(frame.data)
            target = match[1].decode(errors="replace").strip() if match else ""
        elif b"location" in frame.data and ns.SM.encode() in frame.data:
            target = _sm_location(frame.data)
        else:
            return
        if target:
            text = f"the server sends the client to {target}: it will connect there, past xmppspy"
            self._recorder.note(now, text)


def binding_type(payload: bytes) -> str:
    """The channel-binding type of a gs2 header (`p=tls-exporter,,…`), empty when it has none."""
    if not payload.startswith(b"p="):
        return ""
    return payload[2:].partition(b",")[0].decode("ascii", "replace")


def _payload(data: bytes) -> bytes:
    """The decoded first text in a SASL element."""
    for token in tokens(data):
        text = data[token.start : token.stop].strip() if token.kind == "text" else b""
        if text:
            try:
                return b64decode(text, validate=True)
            except binascii.Error:
                return b""
    return b""


def _sm_location(data: bytes) -> str:
    """Where `<enabled location='…'/>` would have a stream resumed (XEP-0198 §5)."""
    for token in tokens(data):
        if token.name.rpartition(b":")[2] == b"enabled" and token.kind in ("start", "empty"):
            return dict(attributes(data[token.start : token.stop])).get("location", "")
    return ""
