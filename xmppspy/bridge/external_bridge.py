"""ExternalBridge: a client proves its password here; a certificate logs in to the server."""

import secrets
from base64 import b64encode
from typing import Final

from xmppspy.bridge import edits, scram
from xmppspy.bridge.attempt import client_first, failure, text_of
from xmppspy.bridge.credentials import Credentials, ScramKeys
from xmppspy.bridge.plain_bridge import plain
from xmppspy.bridge.scene import Facts, Scene
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
        self._nonce = ""
        self._keys: scram.Keys | None = None
        self._authzid = ""
        self._final: bytes | None = None  # what the client is told with its success
        self._is_asking = False  # the server

    def client(self, frame: Frame) -> Ruling:
        """Lead the client through its login; when it is right, begin the server's."""
        if self._is_asking:
            return PASS
        if frame.kind == "abort":
            return failure(frame, "aborted")
        if self._opening is None:
            self._opening = frame
        text = text_of(frame)
        try:
            if self.facts.mechanism == "PLAIN":
                return self._check(frame, text)
            if self._first is None:
                return self._challenge(frame, text)
            return self._prove(frame, self._first, text)
        except scram.ScramError:
            return failure(frame, "malformed-request")

    def server(self, frame: Frame) -> Ruling:
        """The server may ask for the identity once more; its success gets the client's proof."""
        if frame.kind == "challenge":
            content = self._authzid.encode()
            return Ruling(None, reply=edits.element("response", frame.xmlns, content))
        if frame.kind in ("success", "continue"):
            final, self._final = self._final, None
            return Ruling(edits.with_payload(frame.kind, frame.xmlns, frame.data, final))
        return PASS

    # --- PLAIN

    def _check(self, frame: Frame, text: str | None) -> Ruling:
        said = plain(text)
        if said is None:
            raise scram.ScramError("it is no message of PLAIN")
        known = self._credentials
        kept = known.keys[0] if known.password is None and known.keys else None
        name = scram.hash_of(kept.mechanism) if kept else "sha256"
        salt, iterations = _of(kept)
        mine = self._derived(known, name or "", salt, iterations)
        if mine is None:
            return failure(frame, "temporary-auth-failure")
        theirs = _tried(Credentials(said.password), name or "", salt, iterations)
        self.facts.proof_fits = theirs is not None and _is_same(mine, theirs)
        self._authzid = said.authzid
        return self._log_in() if self.facts.proof_fits else failure(frame, "not-authorized")

    # --- SCRAM

    def _challenge(self, frame: Frame, text: str | None) -> Ruling:
        first = client_first(text)
        if first is None:
            raise scram.ScramError("it is no first message")
        self._first, self._authzid = first, first.authzid
        name = scram.hash_of(self.facts.mechanism) or ""
        salt, iterations = _of(self._kept(name))
        self._keys = self._derived(self._credentials, name, salt, iterations)
        if self._keys is None:
            return failure(frame, "temporary-auth-failure")
        self._nonce = first.nonce + secrets.token_urlsafe(18)
        self._server_first = f"r={self._nonce},s={b64encode(salt).decode()},i={iterations}"
        self.facts.challenged = True
        content = self._server_first.encode()
        return Ruling(None, reply=edits.element("challenge", frame.xmlns, content))

    def _kept(self, name: str) -> ScramKeys | None:
        """The keys that were given for a hash, where there is no password to make others."""
        if self._credentials.password is not None:
            return None
        given = self._credentials.keys
        return next((each for each in given if scram.hash_of(each.mechanism) == name), None)

    def _derived(
        self, credentials: Credentials, name: str, salt: bytes, iterations: int
    ) -> scram.Keys | None:
        try:
            keys = credentials.derive(name, salt, iterations)
        except scram.ScramError as error:
            self.facts.hindrance = f"xmppspy cannot check the password that it was given: {error}"
            return None
        if keys is None:
            self.facts.hindrance = (
                f"the keys given for {self.facts.account} are not for {self.facts.mechanism}: give "
                "those, or the password"
            )
        return keys

    def _prove(self, frame: Frame, first: scram.ClientFirst, text: str | None) -> Ruling:
        final = scram.ClientFinal.parse(text or "")
        keys = self._keys
        if keys is None or final.nonce != self._nonce:
            raise scram.ScramError("the nonce is another one")
        message = scram.auth_message(first.bare, self._server_first, final.without_proof)
        channel = first.header.encode() + (self._scene.bound(Side.CLIENT, first.binding) or b"")
        self.facts.binding_fits = final.channel == channel
        self.facts.proof_fits = scram.recover(keys, message, final.proof) is not None
        if not self.facts.proof_fits or not self.facts.binding_fits:
            return failure(frame, "not-authorized")
        self._final = b"v=" + b64encode(scram.signature(keys, message))
        return self._log_in()

    def _log_in(self) -> Ruling:
        """The client's first element, with what is inline in it, as a login by certificate.

        An identity that the client asks to act as is asked for (RFC 6120 §6.3.8); else the
        certificate alone says who it is, unless it names several (XEP-0178 §2).
        """
        self._is_asking = True
        opening = self._opening
        if opening is None:
            return PASS
        if not self._authzid and len(self._scene.house.certified) > 1:
            self._authzid = self.facts.account
        data = edits.with_attribute(opening.data, "mechanism", "EXTERNAL")
        content = self._authzid.encode()
        return Ruling(edits.with_payload(opening.kind, opening.xmlns, data, content))


def _of(kept: ScramKeys | None) -> tuple[bytes, int]:
    """The salt and iterations of keys that were given; new ones for a password."""
    if kept is None:
        return secrets.token_bytes(_SALT), ITERATIONS
    return kept.salt, kept.iterations


def _tried(credentials: Credentials, name: str, salt: bytes, iterations: int) -> scram.Keys | None:
    try:
        return credentials.derive(name, salt, iterations)
    except scram.ScramError:
        return None


def _is_same(mine: scram.Keys, theirs: scram.Keys) -> bool:
    return secrets.compare_digest(mine.stored, theirs.stored)
