"""ExternalBridge: a client proves its password here; a certificate logs in to the server."""

import secrets
from base64 import b64encode
from typing import Final

from xmppspy.bridge import edits, scram
from xmppspy.bridge.attempt import client_first, text_of
from xmppspy.bridge.credentials import Credentials
from xmppspy.bridge.plain_bridge import plain
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Ruling

ITERATIONS: Final = 4096
"""The least that clients accept (RFC 7677 §4); the keys live as long as this login."""

_SALT: Final = 16


class ExternalBridge:
    """The client's end is SCRAM or PLAIN, checked here; the server's is EXTERNAL (XEP-0178).

    Nothing reaches the server before the client has proved to know the password: the certificate
    must not let in whoever finds the proxy.
    """

    def __init__(self, scene: Scene, facts: Facts, credentials: Credentials) -> None:
        self.facts = facts
        facts.bridged = "EXTERNAL"
        self._scene = scene
        self._credentials = credentials
        self._opening: Frame | None = None  # kept until the client has proved itself
        self._first: scram.ClientFirst | None = None
        self._server_first = ""
        self._keys: scram.Keys | None = None
        self._final = b""  # what the client is told with its success

    def client(self, frame: Frame) -> Ruling:
        """Lead the client through its login; when it is right, begin the server's."""
        if frame.kind in ("auth", "authenticate"):
            self._opening = frame
        text = text_of(frame)
        if frame.kind == "abort":
            return _failure(frame, "aborted")
        if self.facts.mechanism == "PLAIN":
            return self._check(frame, text)
        if text is None:
            return Ruling(None, reply=edits.element("challenge", frame.xmlns, b""))
        if self._first is None:
            return self._challenge(frame, text)
        return self._prove(frame, text)

    def server(self, frame: Frame) -> Ruling:
        """The server may ask for the identity once more; its success gets the client's proof."""
        if frame.kind == "challenge":
            return Ruling(None, reply=edits.element("response", frame.xmlns, b""))
        if frame.kind in ("success", "continue"):
            content = self._final or None
            return Ruling(edits.with_payload(frame.kind, frame.xmlns, frame.data, content))
        return PASS

    def _check(self, frame: Frame, text: str | None) -> Ruling:
        if text is None and frame.kind != "response":
            return Ruling(None, reply=edits.element("challenge", frame.xmlns, b""))
        said = plain(text)
        name, salt, iterations = self._method("sha256")
        mine = self._credentials.derive(name, salt, iterations)
        theirs = None if said is None else Credentials(said.password).derive(name, salt, iterations)
        fits = mine is not None and theirs is not None and _is_same(mine, theirs)
        self.facts.proof_fits = fits
        return self._log_in() if fits else _failure(frame, "not-authorized")

    def _challenge(self, frame: Frame, text: str) -> Ruling:
        self._first = client_first(text)
        wanted = scram.hash_of(self.facts.mechanism) or ""
        name, salt, iterations = self._method(wanted)
        self._keys = self._credentials.derive(name, salt, iterations) if name == wanted else None
        if self._first is None or self._keys is None:
            return _failure(frame, "not-authorized")
        nonce = self._first.nonce + secrets.token_urlsafe(18)
        self._server_first = f"r={nonce},s={b64encode(salt).decode()},i={iterations}"
        self.facts.challenged = True
        content = self._server_first.encode()
        return Ruling(None, reply=edits.element("challenge", frame.xmlns, content))

    def _method(self, wanted: str) -> tuple[str, bytes, int]:
        """The hash, salt and iterations of the keys that there are, or new ones for a password."""
        for keys in self._credentials.keys:
            name = scram.hash_of(keys.mechanism) or ""
            if self._credentials.password is None and wanted in ("", name):
                return name, keys.salt, keys.iterations
        return wanted, secrets.token_bytes(_SALT), ITERATIONS

    def _prove(self, frame: Frame, text: str) -> Ruling:
        first, keys = self._first, self._keys
        try:
            final = scram.ClientFinal.parse(text)
        except scram.ScramError:
            return _failure(frame, "malformed-request")
        if first is None or keys is None:
            return _failure(frame, "not-authorized")
        message = scram.auth_message(first.bare, self._server_first, final.without_proof)
        channel = first.header.encode() + (self._scene.bound(Side.CLIENT, first.binding) or b"")
        self.facts.binding_fits = final.channel == channel
        self.facts.proof_fits = scram.recover(keys, message, final.proof) is not None
        if not self.facts.proof_fits or not self.facts.binding_fits:
            return _failure(frame, "not-authorized")
        self._final = b"v=" + b64encode(scram.signature(keys, message))
        return self._log_in()

    def _log_in(self) -> Ruling:
        """The client's first element, with what is inline in it, as a login by certificate."""
        opening = self._opening
        if opening is None:
            return PASS
        data = edits.with_attribute(opening.data, "mechanism", "EXTERNAL")
        return Ruling(edits.with_payload(opening.kind, opening.xmlns, data, b""))


def _is_same(mine: scram.Keys, theirs: scram.Keys) -> bool:
    return secrets.compare_digest(mine.stored, theirs.stored)


def _failure(frame: Frame, condition: str) -> Ruling:
    """Tell the client in the server's place, which was not asked yet."""
    condition = f'<{condition} xmlns="{ns.SASL}"/>'
    text = f'<failure xmlns="{frame.xmlns}">{condition}</failure>'
    return Ruling(None, reply=text.encode())
