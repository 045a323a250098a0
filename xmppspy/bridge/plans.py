"""Plans: how to log in to a server by SCRAM, where more than one way may have to be tried."""

from collections.abc import Iterable
from dataclasses import dataclass

from xmppspy.analysis.sasl.offers import Offer
from xmppspy.bridge import edits
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.scram import ClientFirst
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Channel


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to log in."""

    mechanism: str
    flag: str
    binding: str = ""


class Plans:
    """The ways to log in with one hash, that of `mechanism`, bound where the server can.

    There is more than one where the server does not list its types of channel binding (XEP-0440):
    what it refuses before its first message is tried again in the next way. `told` is the mechanism
    that the server knows already, if it does.
    """

    def __init__(self, scene: Scene, facts: Facts, mechanism: str, *, told: str = "") -> None:
        self._scene, self._facts = scene, facts
        base = mechanism.removesuffix("-PLUS")
        self.now, *self._others = _plans(scene, facts, base, told)
        self._is_trying = bool(self._others)
        self._take(self.now)

    def message(self, opening: Frame, first: ClientFirst) -> bytes:
        """The login's first element, as the present plan wants it; all else in it stays."""
        data = edits.with_attribute(opening.data, "mechanism", self.now.mechanism)
        text = first.with_flag(self.now.flag, self.now.binding).text
        return edits.with_payload(opening.kind, opening.xmlns, data, text.encode())

    def give_up(self) -> str:
        """Go on to the next plan, and say so; empty when there is none."""
        if not self._others:
            return ""
        refused = self.now
        self._take(self._others.pop(0))
        how = f"bound by {self.now.binding}" if self.now.binding else "without binding"
        return (
            f"the server does not tell its types of channel binding, and has refused "
            f"{refused.binding}: the login is tried again, {how}"
        )

    def stop(self) -> None:
        """The login is given up: what the server refuses now is not tried again."""
        self._others.clear()

    def succeed(self) -> None:
        """The present plan has worked: where it was a try, the next login begins with it."""
        version = _version(self._scene)
        if self._is_trying:
            self._scene.house.remember_binding(self._scene.domain, version, self.now.binding)

    def _take(self, plan: Plan) -> None:
        self.now = plan
        self._facts.bridged, self._facts.bridged_binding = plan.mechanism, plan.binding


def _plans(scene: Scene, facts: Facts, base: str, told: str) -> list[Plan]:
    # A client may know an offer that has not come, or not yet (XEP-0509).
    offer = facts.of(scene.offered) or Offer((facts.mechanism,))
    can_bind = told.endswith("-PLUS") if told else f"{base}-PLUS" in offer.mechanisms
    kinds = _kinds(scene, facts, offer) if can_bind else []
    found = [Plan(f"{base}-PLUS", "p", kind) for kind in kinds]
    if not found or (offer.bindings is None and base in offer.mechanisms):
        found.append(Plan(told or base, "y" if facts.flag == "y" and not offer.can_bind else "n"))
    return found[:1] if told else found


def _kinds(scene: Scene, facts: Facts, offer: Offer) -> list[str]:
    """The types to bind with: one of those that are listed, or all that are worth a try.

    Servers that list none are mostly older than RFC 9266 and know tls-unique only; ejabberd 23.01 takes
    it even in TLS 1.3, where it is not defined. What is tried first matters: Prosody 0.12 does not
    recover from a bound login that it has refused.
    """
    channel = scene.channels.get(Side.SERVER)
    if channel is None:
        return []
    usual = "tls-exporter" if channel.version == "TLSv1.3" else "tls-unique"
    if offer.bindings is not None:
        wanted = [facts.binding, usual, "tls-server-end-point", "tls-exporter", "tls-unique"]
        return _possible(channel, [kind for kind in wanted if kind in offer.bindings])[:1]
    known = scene.house.binding_of(scene.domain, channel.version)
    if known is not None:
        return [known] if known else []
    if usual == "tls-unique":
        return _possible(channel, [usual, facts.binding])
    return _possible(channel, [facts.binding or usual, "tls-unique"])


def _possible(channel: Channel, kinds: Iterable[str]) -> list[str]:
    return [kind for kind in dict.fromkeys(kinds) if kind and channel.channel_binding(kind)]


def _version(scene: Scene) -> str:
    channel = scene.channels.get(Side.SERVER)
    return "" if channel is None else channel.version
