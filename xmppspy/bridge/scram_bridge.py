"""ScramBridge: a login by SCRAM that ends at xmppspy, and begins there once more."""

# Theory of operation
#
# A login by SCRAM proves to know a password without showing it. Both proofs, the client's and the
# server's, are made over the whole dialogue, the TLS channel included (`c=`), and so they fit one
# channel only. Who knows the password, or the keys made of it, can check one and make the other:
#
#   client                        xmppspy                             server
#     | p=tls-exporter,,n=juliet,r=C -->| p=tls-exporter,,n=juliet,r=C -->|   the same bare part
#     |<-- r=CS,s=salt,i=4096,h=…,t=… --|<-- r=CS,s=salt,i=4096,h=…,t=… --|   h and t made anew, if
#     |                                 |                                 |   the client saw others
#     | c=channel 1,r=CS,p=proof 1 ---->| c=channel 2,r=CS,p=proof 2 ---->|
#     |<-- v=signature 1 ---------------|<-- v=signature 2 ---------------|
#
# The client's nonce serves on both legs: so the messages differ only where they must, each frame
# is replaced by one frame, and the capture shows both (`xml` and `sent`).
#
# Nothing is decided here in the server's place. A client whose proof is wrong gets the server's
# own answer to a wrong proof: the server is sent one. The salt and the count of iterations are the
# server's too; clients remember keys by them. Instead of the password its stored and server key
# are enough, as a server keeps them: the client's right proof holds the client key.

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from xmppspy.analysis.sasl.offers import downgrade_hash
from xmppspy.bridge import scram
from xmppspy.bridge.attempt import client_first, protections, text_of, with_text
from xmppspy.bridge.credentials import Credentials
from xmppspy.bridge.plans import Plans
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Ruling, Trouble

VERSIONS: Final = {"TLSv1.3": "0304", "TLSv1.2": "0303", "TLSv1.1": "0302", "TLSv1": "0301"}
"""What XEP-0515 calls the versions of TLS."""


class ScramBridge:
    """Both ends of a login by SCRAM.

    `told` is the mechanism that the server knows already, if it does.
    """

    def __init__(
        self, scene: Scene, facts: Facts, credentials: Credentials, *, told: str = ""
    ) -> None:
        self.facts = facts
        self._scene = scene
        self._credentials = credentials
        self._plans = Plans(scene, facts, facts.mechanism, told=told)
        self._opening: Frame | None = None
        self._first: scram.ClientFirst | None = None
        self._server_first: scram.ServerFirst | None = None
        self._shown_first: scram.ServerFirst | None = None
        self._keys: scram.Keys | None = None
        self._signatures: tuple[bytes, bytes] | None = None  # the server's, and the one shown
        self._is_confirmed = False

    def client(self, frame: Frame) -> Ruling:
        """The client's first or last message is made for the server; any other passes."""
        text = text_of(frame)
        if frame.kind == "abort":
            self._plans.stop()
        if frame.kind == "abort" or text is None:
            return PASS
        if self._first is None:
            return self._begin(frame, text)
        if self._keys is not None and self._signatures is None:
            return self._prove(frame, text)
        return PASS

    def server(self, frame: Frame) -> Ruling:
        """The server's first or last message is made for the client; any other passes."""
        text = text_of(frame)
        if self._first is None or self._is_confirmed:
            return PASS
        if frame.kind == "failure":
            return self._ask_again()
        if frame.kind == "challenge" and self._server_first is None:
            return self._challenge(frame, text or "")
        if text and self._signatures is not None:
            return self._confirm(frame, text)
        if frame.kind in ("success", "continue") and not self.facts.hindrance:
            return Ruling(troubles=(_unproved(self.facts),))
        return PASS

    def _begin(self, frame: Frame, text: str) -> Ruling:
        first = client_first(text)
        if first is None:
            return PASS  # the server will say what it thinks of it
        self._first, self._opening = first, frame
        return Ruling(self._plans.message(frame, first))

    def _ask_again(self) -> Ruling:
        """The server has refused; if that may be for the type of binding, try another."""
        if self._first is None or self._opening is None or self._server_first is not None:
            return PASS
        note = self._plans.give_up()
        if not note:
            return PASS
        return Ruling(None, reply=self._plans.message(self._opening, self._first), notes=(note,))

    def _challenge(self, frame: Frame, text: str) -> Ruling:
        first = self._first
        try:
            found = scram.ServerFirst.parse(text)
        except scram.ScramError:
            return PASS
        if first is None or not found.nonce.startswith(first.nonce):
            return PASS
        self.facts.challenged, self.facts.protected = True, protections(text)
        self._server_first = found
        self._keys, self.facts.hindrance = _derived(self._credentials, self.facts, found)
        values, troubles = _protected(self._scene, self.facts, found)
        self._shown_first = found.replacing(values)
        if self._shown_first.text == found.text:
            return Ruling(troubles=tuple(troubles))
        ruling = with_text(frame, frame.data, self._shown_first.text)
        return replace(ruling, troubles=tuple(troubles))

    def _prove(self, frame: Frame, text: str) -> Ruling:
        """Check the client's proof, and make one for the server."""
        first, found, shown, keys = self._first, self._server_first, self._shown_first, self._keys
        if first is None or found is None or shown is None or keys is None:
            return PASS
        try:
            final = scram.ClientFinal.parse(text)
        except scram.ScramError:
            return PASS
        theirs = scram.auth_message(first.bare, shown.text, final.without_proof)
        client_key = scram.recover(keys, theirs, final.proof)
        self.facts.proof_fits = client_key is not None
        self.facts.binding_fits = final.channel == self._channel(Side.CLIENT, first)
        upstream = first.with_flag(self._plans.now.flag, self._plans.now.binding)
        _, _, data = self._channel(Side.SERVER, upstream).partition(upstream.header.encode())
        unproved = scram.client_final(upstream.header, data, final.nonce, final.extensions)
        ours = scram.auth_message(first.bare, found.text, unproved)
        self._signatures = scram.signature(keys, ours), scram.signature(keys, theirs)
        if client_key is None or not self.facts.binding_fits:
            # What the server would say to a wrong proof it says best itself.
            proof = secrets.token_bytes(len(keys.stored))
        else:
            proof = scram.proof(replace(keys, client=client_key), ours)
        return with_text(frame, frame.data, scram.with_proof(unproved, proof))

    def _channel(self, side: Side, first: scram.ClientFirst) -> bytes:
        """What `c` has to hold on a leg."""
        return first.header.encode() + (self._scene.bound(side, first.binding) or b"")

    def _confirm(self, frame: Frame, text: str) -> Ruling:
        """Check the server's signature, and show the client one for its own dialogue."""
        try:
            found = scram.server_final(text)
        except scram.ScramError:
            found = b""
        if found is None or self._signatures is None:
            return PASS
        expected, shown = self._signatures
        self._is_confirmed = True
        if not secrets.compare_digest(found, expected):
            return Ruling(troubles=(_unproved(self.facts),))
        self._plans.succeed()
        return with_text(frame, frame.data, f"v={b64encode(shown).decode()}")


def _derived(
    credentials: Credentials, facts: Facts, found: scram.ServerFirst
) -> tuple[scram.Keys | None, str]:
    """The keys, or why there are none."""
    name = scram.hash_of(facts.mechanism) or ""
    try:
        keys = credentials.derive(name, found.salt, found.iterations)
    except scram.ScramError as error:
        return None, f"xmppspy cannot prove the password that it was given: {error}"
    return keys, _no_keys(facts, found) if keys is None else ""


def _protected(
    scene: Scene, facts: Facts, found: scram.ServerFirst
) -> tuple[Mapping[str, str], list[Trouble]]:
    """`h` and `t` for what the client has seen; one that is wrong on its way here stays wrong."""
    values: dict[str, str] = {}
    troubles: list[Trouble] = []
    said = found.attributes
    offered, shown = facts.of(scene.offered), facts.of(scene.shown)
    if "h" in said and offered is not None and shown is not None:
        if said["h"] == downgrade_hash(offered, facts.mechanism):
            values["h"] = downgrade_hash(shown, facts.mechanism) or said["h"]
        else:
            troubles.append(Trouble("downgrade", _WRONG_H))
    if "t" in said and len(scene.channels) == len(Side):
        versions = {side: VERSIONS.get(each.version, "") for side, each in scene.channels.items()}
        if said["t"] == versions[Side.SERVER]:
            values["t"] = versions[Side.CLIENT] or said["t"]
        else:
            troubles.append(Trouble("downgrade", _WRONG_T))
    return values, troubles


_WRONG_H: Final = (
    "the server's hash of its offer (h, XEP-0474) does not fit the offer that came here: the server "
    "counts wrongly, or somebody between it and xmppspy has changed the offer; h goes on as it is"
)
_WRONG_T: Final = (
    "the version of TLS that the server tells (t, XEP-0515) is not the one it has with xmppspy: "
    "somebody between them ends TLS; t goes on as it is"
)


def _no_keys(facts: Facts, found: scram.ServerFirst) -> str:
    return (
        f"the keys given for {facts.account} are not those that the server has for "
        f"{facts.mechanism.removesuffix('-PLUS')} (another salt, or other than {found.iterations} "
        "iterations): take them from the server again, or give the password"
    )


def _unproved(facts: Facts) -> Trouble:
    return Trouble(
        "server-unproved",
        f"the server let {facts.account} in without proving that it knows the password: its "
        "signature is missing or wrong; what it said goes on as it is, so that the client can "
        "notice (RFC 5802 §5)",
    )
