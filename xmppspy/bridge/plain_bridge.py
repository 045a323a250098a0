"""PlainBridge: a client that shows its password, and a login by SCRAM that is made with it."""

import secrets
from typing import Final, NamedTuple

from xmppspy.bridge import edits, scram
from xmppspy.bridge.attempt import protections, text_of
from xmppspy.bridge.credentials import Credentials
from xmppspy.bridge.plans import Plans
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Ruling, Trouble

STRENGTH: Final = ("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1")


class Plain(NamedTuple):
    """What a message of PLAIN holds (RFC 4616)."""

    authzid: str
    user: str
    password: str


def plain(content: str | None) -> Plain | None:
    """Read a message of PLAIN; None when it is none."""
    parts = (content or "").split("\0")
    return Plain(*parts) if len(parts) == len(Plain._fields) and all(parts[1:]) else None


def escaped(name: str) -> str:
    """A name as SCRAM writes it (RFC 5802 §5.1)."""
    return name.replace("=", "=3D").replace(",", "=2C")


class PlainBridge:
    """The server's end is SCRAM; the client is told only how it ended.

    `base` is the mechanism towards the server, without -PLUS.
    """

    def __init__(self, scene: Scene, facts: Facts, said: Plain, base: str) -> None:
        self.facts = facts
        self._scene = scene
        self._password = Credentials(said.password)
        self._hash = scram.hash_of(base) or ""
        self._plans = Plans(scene, facts, base)
        self._opening: Frame | None = None
        authzid = f"a={escaped(said.authzid)}" if said.authzid else ""
        nonce = secrets.token_urlsafe(24)
        self._said = scram.ClientFirst.parse(f"n,{authzid},n={escaped(said.user)},r={nonce}")
        self._signature: bytes | None = None
        self._is_proved = False

    def client(self, frame: Frame) -> Ruling:
        """The password stays here; the server gets the first message of SCRAM."""
        if frame.kind == "abort":
            self._plans.stop()
        if frame.kind not in ("auth", "authenticate"):
            return PASS
        self._opening = frame
        return Ruling(self._plans.message(frame, self._said))

    def server(self, frame: Frame) -> Ruling:
        """Challenges are answered from here."""
        text = text_of(frame)
        if frame.kind == "challenge":
            return self._answer(frame, text or "")
        if frame.kind in ("success", "continue"):
            is_right = self._proves(text)
            if is_right:
                self._plans.succeed()
            troubles = () if is_right else (_unproved(self.facts),)
            self._is_proved = True  # after <continue/> it is not asked again
            data = edits.with_payload(frame.kind, frame.xmlns, frame.data, None)
            return Ruling(data, troubles=troubles)
        return self._ask_again() if frame.kind == "failure" else PASS

    def _ask_again(self) -> Ruling:
        """The server has refused; if that may be for the type of binding, try another."""
        if self._opening is None or self.facts.challenged:
            return PASS
        note = self._plans.give_up()
        if not note:
            return PASS
        return Ruling(None, reply=self._plans.message(self._opening, self._said), notes=(note,))

    @property
    def _first(self) -> scram.ClientFirst:
        return self._said.with_flag(self._plans.now.flag, self._plans.now.binding)

    def _answer(self, frame: Frame, text: str) -> Ruling:
        if self._signature is None:
            try:
                content = self._prove(text)
            except scram.ScramError as error:
                self._plans.stop()
                self.facts.hindrance = f"xmppspy cannot log in with the password: {error}"
                return Ruling(None, reply=_abort(frame))
        else:
            self._is_proved = self._proves(text)
            content = ""
        return Ruling(None, reply=edits.element("response", frame.xmlns, content.encode()))

    def _prove(self, text: str) -> str:
        """The client's last message for the server's first. Raises ScramError."""
        found = scram.ServerFirst.parse(text)
        if not found.nonce.startswith(self._first.nonce):
            raise scram.ScramError("the nonce is another one")
        keys = self._password.derive(self._hash, found.salt, found.iterations)
        if keys is None:
            raise scram.ScramError("no keys can be made")
        self.facts.challenged, self.facts.protected = True, protections(text)
        data = self._scene.bound(Side.SERVER, self._first.binding) or b""
        unproved = scram.client_final(self._first.header, data, found.nonce)
        message = scram.auth_message(self._first.bare, found.text, unproved)
        self._signature = scram.signature(keys, message)
        return scram.with_proof(unproved, scram.proof(keys, message))

    def _proves(self, text: str | None) -> bool:
        """Whether the server has shown, here or before, that it knows the password."""
        if self._is_proved:
            return True
        try:
            found = scram.server_final(text or "")
        except scram.ScramError:
            return False
        return found is not None and secrets.compare_digest(found, self._signature or b"")


def _abort(frame: Frame) -> bytes:
    return f'<abort xmlns="{frame.xmlns}"/>'.encode()


def _unproved(facts: Facts) -> Trouble:
    return Trouble(
        "server-unproved",
        f"the server let {facts.account} in without proving that it knows the password "
        "(RFC 5802 §5)",
    )
