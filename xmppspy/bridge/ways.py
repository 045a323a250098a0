"""Ways: what is done about an offer, and about a login, by what is known of both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from xmppspy.analysis.sasl.offers import Offer, Offers
from xmppspy.bridge import offer
from xmppspy.bridge.attempt import Attempt, Watched
from xmppspy.bridge.external_bridge import ExternalBridge
from xmppspy.bridge.plain_bridge import STRENGTH, Plain, PlainBridge
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.scram_bridge import ScramBridge
from xmppspy.bridge.token_bridge import TokenBridge
from xmppspy.protocol.events import Side

END_POINT: Final = "tls-server-end-point"
TYPES: Final = ("tls-exporter", END_POINT, "tls-unique")
"""The types of channel binding that there are (RFC 5929, RFC 9266)."""

Edit: TypeAlias = Callable[[bytes], bytes]


# --- offers


@dataclass(frozen=True, slots=True)
class Showing:
    """How an offer is changed for the client, and why."""

    edit: Edit
    why: str
    strips: bool = False
    plain_only: bool = False


def showing(scene: Scene) -> Showing | None:
    """How `scene.offered` is to be shown to the client; None: as it is."""
    house = scene.house
    if house.strips(scene.host, scene.domain) and _can_bind(scene.offered):
        if house.takes_plain:
            return Showing(offer.plain_only, _PLAIN_ONLY, plain_only=True)
        return Showing(offer.without_binding, _STRIPPED[house.mode], strips=True)
    if not house.may_bridge:
        return None
    return _for_bridging(scene) or _for_types(scene)


def _for_bridging(scene: Scene) -> Showing | None:
    """Mechanisms that the client needs so that xmppspy can log in for it."""
    house = scene.house
    names = _names(scene.offered)
    is_needed = house.mode == "bridge" or _can_bind(scene.offered)
    if house.takes_plain and is_needed and _strongest(names):
        if house.accounts:
            return Showing(lambda data: offer.with_mechanisms(data, ["PLAIN"]), _PLAIN_TOO)
        return Showing(offer.plain_only, _PLAIN_ONLY, plain_only=True)
    by_certificate = house.has_certificate and "EXTERNAL" in names
    if by_certificate and house.accounts and not _strongest(names):
        more = [name for name in STRENGTH if name not in names]
        return Showing(lambda data: offer.with_mechanisms(data, more), _SCRAM_TOO)
    return None


def _for_types(scene: Scene) -> Showing | None:
    """Types of channel binding that the client's leg can have."""
    listed = _types(scene.offered)
    if not listed:
        return None
    if scene.house.accounts and scene.versions_differ:
        possible = {kind for kind in TYPES if scene.bound(Side.CLIENT, kind) is not None}
        if not listed <= possible:
            return Showing(lambda data: offer.with_types_only(data, possible), _OTHER_TYPES)
    elif not scene.house.accounts and {END_POINT} < listed and scene.is_equal(END_POINT):
        return Showing(lambda data: offer.with_types_only(data, {END_POINT}), _ONE_TYPE)
    return None


_STRIPPED: Final = {
    "strip": "-PLUS was taken out of the offer (--channel-binding strip): a client that could bind "
    "says so (flag y), and servers may refuse that",
    "auto": "-PLUS was taken out of the offer, because a login from this client has failed that "
    "was bound to its TLS; with --account JID xmppspy can log in on both legs instead",
}
_PLAIN_ONLY: Final = (
    "PLAIN is offered in place of SCRAM (--bridge-plain): the client shows its password, and "
    "xmppspy logs in with it"
)
_PLAIN_TOO: Final = "PLAIN is offered too (--bridge-plain), for accounts without a password here"
_SCRAM_TOO: Final = (
    "SCRAM is offered too: the client proves its password to xmppspy, which logs in by certificate"
)
_OTHER_TYPES: Final = (
    "types of channel binding that the client cannot have in its version of TLS were taken out of "
    "the offer"
)
_ONE_TYPE: Final = (
    f"of the types of channel binding {END_POINT} alone was left in the offer: with the server's "
    "own certificate it is equal on both legs, the others are not"
)


# --- logins


def is_ours(scene: Scene, facts: Facts) -> bool:
    """Whether the client has its mechanism from xmppspy, and not from the server."""
    offered, shown = facts.of(scene.offered), facts.of(scene.shown)
    ours = set(shown.mechanisms if shown else ()) - set(offered.mechanisms if offered else ())
    return facts.mechanism in ours


@dataclass(frozen=True, slots=True)
class Way:
    """How a login goes on, and why."""

    attempt: Attempt
    why: str
    """A part of a sentence; empty while it is not known."""


def by_scram(scene: Scene, facts: Facts, *, told: str = "") -> Way:
    """A login by SCRAM whose first message has been read into `facts`.

    `told` is the mechanism that the server knows already, when the first message comes late.
    """
    credentials = scene.house.accounts.of(facts.account)
    is_bound = facts.flag == "p"
    if not scene.house.may_bridge:
        return Way(Watched(facts), f"as --channel-binding {scene.house.mode} wants it")
    if credentials is not None and not told and _by_certificate(scene, facts):
        return Way(ExternalBridge(scene, facts, credentials), "by the certificate given to it")
    differs = scene.versions_differ or facts.of(scene.offered) != facts.of(scene.shown)
    needed = is_bound or differs
    if scene.is_equal(facts.binding) and not (differs and credentials):
        return Way(Watched(facts), f"both legs are equal by {facts.binding}")
    if credentials is None:
        return Way(Watched(facts), _unknown(facts) if needed else _unbound(facts))
    if needed or scene.house.mode == "bridge":
        attempt = ScramBridge(scene, facts, credentials, told=told)
        return Way(attempt, _bridged(facts))
    return Way(Watched(facts), _unbound(facts))


def by_plain(scene: Scene, facts: Facts, said: Plain) -> Way:
    """A login whose first message shows the password."""
    names = (facts.of(scene.offered) or Offer(())).mechanisms
    credentials = scene.house.accounts.of(facts.account)
    if not scene.house.may_bridge:
        return Way(Watched(facts), f"as --channel-binding {scene.house.mode} wants it")
    if credentials is not None and _by_certificate(scene, facts):
        return Way(ExternalBridge(scene, facts, credentials), "by the certificate given to it")
    base = _strongest(names)
    is_wanted = scene.house.mode == "bridge" and credentials is not None
    if base and (is_wanted or scene.house.takes_plain):
        attempt = PlainBridge(scene, facts, said, base)
        return Way(attempt, "the client has shown its password")
    return Way(Watched(facts), _unbound(facts))


def _by_certificate(scene: Scene, facts: Facts) -> bool:
    names = (facts.of(scene.offered) or Offer(())).mechanisms
    return "EXTERNAL" in names and scene.house.certifies(facts.account)


def _unknown(facts: Facts) -> str:
    if facts.flag != "p":
        return f"{_unbound(facts)}, though the offer differs; the password would help (--account)"
    return (
        f"the client binds to its TLS ({facts.binding}), which the server cannot see, and xmppspy "
        f"has no password for {facts.account or 'the account'} (--account)"
    )


def _unbound(facts: Facts) -> str:
    flags = {"n": "the client does not bind (n)", "y": "the client could bind but is not asked (y)"}
    return flags.get(facts.flag, f"{facts.mechanism} does not bind to TLS")


def _bridged(facts: Facts) -> str:
    reason = f"the client binds to its TLS ({facts.binding})" if facts.binding else _unbound(facts)
    return f"{reason}, and the password was given"


def _can_bind(offers: Offers) -> bool:
    return any(each is not None and each.can_bind for each in (offers.sasl, offers.sasl2))


def _names(offers: Offers) -> set[str]:
    each = (offers.sasl, offers.sasl2)
    return {name for one in each if one is not None for name in one.mechanisms}


def _types(offers: Offers) -> set[str]:
    each = (offers.sasl, offers.sasl2)
    return {kind for one in each if one is not None for kind in one.bindings or ()}


def _strongest(names: "set[str] | tuple[str, ...]") -> str:
    """The best variant of SCRAM that is offered, without -PLUS; empty when there is none."""
    found = (base for base in STRENGTH if base in names or f"{base}-PLUS" in names)
    return next(found, "")


def by_token(scene: Scene, facts: Facts, bridge: TokenBridge | None) -> Way:
    """A login by a token; `bridge` is there when the token is known and bound to TLS."""
    if not offer.binds(facts.mechanism):
        return Way(Watched(facts), f"{facts.mechanism} does not bind to TLS")
    if not scene.house.may_bridge:
        return Way(Watched(facts), f"as --channel-binding {scene.house.mode} wants it")
    if scene.is_equal(facts.binding):
        return Way(Watched(facts), f"both legs are equal by {facts.binding}")
    if bridge is None:
        return Way(Watched(facts), "the token is bound to TLS, and is not known to xmppspy")
    return Way(bridge, "the token is bound to TLS, and was given through xmppspy")
