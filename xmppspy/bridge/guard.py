"""LoginGuard: watches over the logins of one connection (a `protocol.guard.Guard`)."""

from dataclasses import replace
from typing import Final

from xmppspy.analysis.sasl.mechanisms import HT_BINDINGS
from xmppspy.bridge import explain, offer, scram, ways
from xmppspy.bridge.attempt import Asked, Attempt, Watched, client_first, content_of, text_of
from xmppspy.bridge.edits import attribute
from xmppspy.bridge.fast import HashedToken
from xmppspy.bridge.house import House
from xmppspy.bridge.plain_bridge import plain
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.token_bridge import Purse, authcid
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction, Side
from xmppspy.protocol.features import is_features
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Channel, Ruling
from xmppspy.protocol.tokens import children

_CONDITIONS: Final = frozenset({
    "aborted", "account-disabled", "credentials-expired", "encryption-required",
    "incorrect-encoding", "invalid-authzid", "invalid-mechanism", "malformed-request",
    "mechanism-too-weak", "not-authorized", "temporary-auth-failure",
})  # fmt: skip
"""What a failure can say (RFC 6120 §6.5)."""

_LONGEST: Final = 1023
"""Characters of a user name (RFC 7622 §3.3), and of what is told of other names."""


class LoginGuard:
    """Keeps, strips, bridges and explains the logins of a connection, as its house wants it.

    `host` is the client's address.
    """

    def __init__(self, house: House, host: str) -> None:
        self._scene = Scene(house, host)
        self._attempt: Attempt | None = None
        self._purse = Purse(self._scene, house.tokens)
        self._has_tried = self._has_told = False

    def named(self, domain: str) -> None:
        """A header of the client names the domain it wants."""
        self._scene.domain = domain

    def secured(self, side: Side, channel: Channel) -> None:
        """TLS with that side is up."""
        self._scene.channels[side] = channel

    def see(self, direction: Direction, frame: Frame) -> Ruling:
        """Judge features, an element of SASL, or a stream error."""
        if is_features(frame):
            return self._offer(frame) if direction == "s2c" else PASS
        if frame.xmlns not in (ns.SASL, ns.SASL2):
            return PASS
        if direction == "c2s":
            return self._client(frame)
        return self._server(frame)

    def ended(self) -> Ruling:
        """Explain a login that was not brought to an end."""
        if self._attempt is not None:
            trouble = explain.left(self._attempt.facts, self._scene)
        elif not self._has_tried:
            trouble = explain.left_without_login(self._scene)
        else:
            trouble = None
        self._attempt = None
        return PASS if trouble is None else Ruling(troubles=(trouble,))

    # --- offers

    def _offer(self, frame: Frame) -> Ruling:
        scene = self._scene
        scene.offered = scene.shown = offer.offers_of(frame)
        scene.stripped = scene.plain_only = False
        showing = ways.showing(scene) if scene.offered.sasl or scene.offered.sasl2 else None
        if showing is None:
            return PASS
        change = offer.changed(frame, showing.edit)
        if change.data == frame.data:
            return PASS
        if _is_emptied(change.offers.sasl) or _is_emptied(change.offers.sasl2):
            return Ruling(notes=("the offer was left as it is: all that it holds binds to TLS",))
        scene.shown = change.offers
        scene.stripped, scene.plain_only = showing.strips, showing.plain_only
        return Ruling(change.data, notes=(showing.why,))

    # --- logins

    def _client(self, frame: Frame) -> Ruling:
        if frame.kind in ("auth", "authenticate"):
            return self._begin(frame)
        if self._attempt is None:
            return PASS
        facts = self._attempt.facts
        if isinstance(self._attempt, Asked):
            begun = self._attempt.begun(frame)
            return self._attend(self._attempt, frame) if begun is None else self._begin(begun)
        if frame.kind == "response" and isinstance(self._attempt, Watched) and not facts.flag:
            return self._begin_late(frame, facts)
        return self._attend(self._attempt, frame)

    def _begin(self, frame: Frame) -> Ruling:
        """A login begins: find the way for it."""
        mechanism = attribute(frame.data, "mechanism")[:_LONGEST]
        facts = Facts(frame.xmlns or ns.SASL, mechanism)
        self._purse.asked(frame, facts)
        way = self._way(frame, facts)
        self._attempt = way.attempt
        self._has_tried = True
        return self._told(self._attend(way.attempt, frame), facts, way.why)

    def _begin_late(self, frame: Frame, facts: Facts) -> Ruling:
        """The first message of the mechanism has not come with `<auth/>`, but behind it."""
        self._read(frame, facts)
        if not facts.flag or scram.hash_of(facts.mechanism) is None:
            return PASS
        way = ways.by_scram(self._scene, facts, told=facts.mechanism)
        self._attempt = way.attempt
        return self._told(self._attend(way.attempt, frame), facts, way.why)

    def _told(self, ruling: Ruling, facts: Facts, why: str) -> Ruling:
        """Say what is done about a login: the first time, and whenever it is bridged."""
        if not why or (self._has_told and not facts.bridged):
            return ruling
        self._has_told = True
        return replace(ruling, notes=(f"{_done(facts)}: {why}", *ruling.notes))

    def _way(self, frame: Frame, facts: Facts) -> ways.Way:
        if content_of(frame) is None and ways.is_ours(self._scene, facts):
            return ways.Way(Asked(facts, frame), "")
        self._read(frame, facts)
        said = plain(text_of(frame)) if facts.mechanism == "PLAIN" else None
        if said is not None:
            return ways.by_plain(self._scene, facts, said)
        if HashedToken.read(facts.mechanism) is not None:
            return ways.by_token(self._scene, facts, self._purse.find(frame, facts))
        if scram.hash_of(facts.mechanism) is None:
            unknown = offer.binds(facts.mechanism)
            why = "is not known to xmppspy" if unknown else "does not bind to TLS"
            return ways.Way(Watched(facts), f"{facts.mechanism} {why}")
        return ways.by_scram(self._scene, facts) if facts.flag else ways.Way(Watched(facts), "")

    def _read(self, frame: Frame, facts: Facts) -> None:
        """What the first message of a mechanism says of the client."""
        text = text_of(frame)
        if facts.mechanism == "PLAIN":
            said = plain(text)
            facts.account = self._account(said.user) if said else ""
        elif facts.mechanism.startswith("HT"):
            facts.account = self._account(authcid(frame, facts.mechanism))
            facts.binding = HT_BINDINGS.get(facts.mechanism.rpartition("-")[2], "")
        elif facts.mechanism.startswith("SCRAM-"):
            first = client_first(text)
            if first is not None:
                facts.account = self._account(first.user)
                facts.flag, facts.binding = first.flag, first.binding

    def _account(self, user: str) -> str:
        """The account of a user name; some clients send the whole address."""
        domain, user = self._scene.domain, user[:_LONGEST]
        is_whole = not user or user.lower().endswith(f"@{domain}".lower())
        return user if is_whole or not domain else f"{user}@{domain}"

    def _server(self, frame: Frame) -> Ruling:
        attempt = self._attempt
        if attempt is None:
            return PASS
        ruling = attempt.server(frame)
        if frame.kind == "success":
            self._purse.given(frame, attempt.facts)
            self._attempt = None
        elif frame.kind == "failure" and ruling.data is not None:  # else it is tried again
            return self._failed(attempt.facts, ruling, _condition(frame.data))
        return ruling

    def _attend(self, attempt: Attempt, frame: Frame) -> Ruling:
        """An element of the client's; a failure that comes from here is explained."""
        ruling = attempt.client(frame)
        if b"<failure" not in ruling.reply:
            return ruling
        return self._failed(attempt.facts, ruling, _condition(ruling.reply))

    def _failed(self, facts: Facts, ruling: Ruling, condition: str) -> Ruling:
        self._attempt = None
        trouble = explain.failed(facts, self._scene, condition)
        known = self._scene.house.accounts.of(facts.account)
        if trouble.error == "channel-binding" and known is None:
            self._scene.house.remember_bound(self._scene.host, self._scene.domain)
        return replace(ruling, troubles=(*ruling.troubles, trouble))


def _is_emptied(found: object) -> bool:
    return getattr(found, "mechanisms", None) == ()


def _done(facts: Facts) -> str:
    if not facts.bridged:
        return "channel binding: the login passes untouched"
    bound = f", bound by {facts.bridged_binding}" if facts.bridged_binding else ""
    return f"channel binding: the login of {facts.account} is bridged ({facts.bridged}{bound})"


def _condition(data: bytes) -> str:
    """What a failure says; unknown conditions count as not-authorized (RFC 6120 §6.5)."""
    names = (each.name.rpartition(b":")[2].decode(errors="replace") for each in children(data))
    return next((name for name in names if name in _CONDITIONS), "not-authorized")
