"""Prognosis: which clients will log in through xmppspy, and how, judged by what a server offers."""

# Theory of operation
#
# A client that binds its login to TLS proves something about its own TLS connection, which is the
# one to xmppspy; the server compares it with its own, which is another. What follows depends on the
# server: one that offers no -PLUS binds nothing; one that does has to refuse a client that says it
# was offered none (RFC 5802 §6, flag y), which not all do. For each kind of client and each way of xmppspy this is
# one verdict and one sentence. What a server says in the login itself is not known here.

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from xmppspy.bridge.offer import binds
from xmppspy.bridge.survey import StreamFeatures

Way: TypeAlias = Literal["keep", "cert", "strip", "bridge"]
"""What xmppspy does: `--channel-binding keep`, the same with the server's own `--cert` and `--key`,
`strip`, or `bridge`, which needs the account's password."""
Verdict: TypeAlias = Literal["passes", "may fail", "fails"]

WAYS: Final[tuple[Way, ...]] = ("keep", "cert", "strip", "bridge")
TYPES: Final = ("tls-exporter", "tls-unique", "tls-server-end-point")
"""The types of channel binding that XMPP knows (RFC 5929, RFC 9266)."""
_END_POINT: Final = "tls-server-end-point"

_UNBOUND: Final = "nothing in its login depends on TLS"
_TWO_LEGS: Final = "bound to its TLS, not the server's"
_ONLY_END_POINT: Final = f"only {_END_POINT} is equal"
_IF_KNOWN: Final = "equal, if the server knows the type"
_SAME_CERTIFICATE: Final = "both sides see the same certificate"
_DOWNGRADE: Final = "it says y, which most servers refuse"
_REFUSED_ANYWAY: Final = "y may be refused, without xmppspy too"
_NO_BINDING_SERVER: Final = "the server binds nothing, accepts y"
_BRIDGED: Final = "xmppspy logs in itself, bound anew"
_NO_MECHANISM: Final = "the server offers it no mechanism"
_OFFER_KEPT: Final = "offer and version are the server's"
_OFFER_EDITED: Final = "it notices, if the server tells h"
_OFFER_RENEWED: Final = "xmppspy tells it what it saw"
_NO_KEY: Final = "xmppspy needs --client-cert for that"
_FREE_TOKEN: Final = "the token is not bound to TLS"  # noqa: S105 - no password
_NO_TOKEN: Final = "it needs its password instead"  # noqa: S105
_NEW_TOKEN: Final = "bound anew, if given through xmppspy"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of a login in one way."""

    verdict: Verdict
    reason: str
    """A part of a sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of client."""

    kind: str
    examples: str
    """Clients that are so, where known; empty otherwise."""
    outlooks: Mapping[Way, Outlook]

    @property
    def grouped(self) -> tuple[tuple[Outlook, tuple[Way, ...]], ...]:
        """The outlooks, each with the ways that share it."""
        found: dict[Outlook, list[Way]] = {}
        for way in WAYS:
            found.setdefault(self.outlooks[way], []).append(way)
        return tuple((outlook, tuple(ways)) for outlook, ways in found.items())


@dataclass(frozen=True, slots=True)
class Prognosis:
    """The rows for one version of TLS, and what to do."""

    rows: tuple[Row, ...]
    binds: bool
    """Whether there is a client whose login fails without an option."""
    advice: str
    """What to do, in a sentence."""
    options: tuple[str, ...] = ()
    """What the command line of the proxy should have for it."""


def prognosis(offers: Sequence[tuple[str, StreamFeatures]]) -> Prognosis:
    """Judge a server by its offers, which come with their TLS versions, the best first.

    The rows are about the first offer; of the others it counts whether -PLUS is in them.
    """
    if not offers:
        return Prognosis((), binds=False, advice="it was not seen what the server offers")
    version, offer = offers[0]
    rows = tuple(_rows(version, offer))
    if not offer.mechanisms:
        return Prognosis(rows, binds=False, advice="the server offers no login here")
    if offer.can_bind or _bound(offer.fast):
        advice = "clients that bind need the account's password, which xmppspy asks for:"
        return Prognosis(rows, binds=True, advice=advice, options=("--account", "YOU@DOMAIN"))
    elsewhere = [older for older, features in offers[1:] if features.can_bind]
    if elsewhere:
        advice = (
            f"nothing binds with {_said(version)}: no option is needed; for clients that bind "
            f"with {_said(elsewhere[0])} add --account and the password"
        )
        return Prognosis(rows, binds=False, advice=advice)
    return Prognosis(rows, binds=False, advice="nothing binds here: no option is needed")


def _said(version: str) -> str:
    return version.replace("TLSv", "TLS ") or "the clear"


def _rows(version: str, offer: StreamFeatures) -> Iterator[Row]:
    if not offer.mechanisms:
        return
    yield _unbound(offer)
    yield _able(offer)
    if offer.can_bind:
        is_listed = offer.bindings is not None
        possible = [kind for kind in TYPES if _is_possible(kind, version, offer)]
        yield from (_binding(kind, is_listed=is_listed) for kind in possible)
        yield _verifying()
    yield Row("has a certificate of its own (EXTERNAL)", "", _all("fails", _NO_KEY))
    yield from _tokens(offer)


def _all(verdict: Verdict, reason: str) -> dict[Way, Outlook]:
    return dict.fromkeys(WAYS, Outlook(verdict, reason))


def _unbound(offer: StreamFeatures) -> Row:
    """A client that says n; it needs a mechanism without -PLUS."""
    kind = "does not bind (flag n)"
    usable = [name for name in offer.mechanisms if not name.endswith("-PLUS")]
    outlooks = _all("passes", _UNBOUND) if usable else _all("fails", _NO_MECHANISM)
    return Row(kind, "xmpp.js", outlooks)


def _able(offer: StreamFeatures) -> Row:
    """A client that says y: it can bind, but not here, as it thinks."""
    kind = "could bind, but uses no -PLUS (flag y)"
    if not offer.can_bind:
        return Row(kind, "", _all("passes", _NO_BINDING_SERVER))
    outlooks = _all("may fail", _REFUSED_ANYWAY)
    return Row(kind, "", {**outlooks, "bridge": Outlook("passes", _BRIDGED)})


def _is_possible(kind: str, version: str, offer: StreamFeatures) -> bool:
    """Whether the type exists in that version of TLS, and the server does not leave it out."""
    if kind == "tls-unique" and version == "TLSv1.3":
        return False  # undefined there (RFC 9266 §3)
    return offer.bindings is None or kind in offer.bindings


def _binding(kind: str, *, is_listed: bool) -> Row:
    cert = Outlook("fails", _ONLY_END_POINT)
    if kind == _END_POINT:
        same = Outlook("passes", _SAME_CERTIFICATE)
        cert = same if is_listed else Outlook("may fail", _IF_KNOWN)
    return Row(
        f"binds by {kind}",
        _examples(kind, is_listed=is_listed),
        {
            "keep": Outlook("fails", _TWO_LEGS),
            "cert": cert,
            "strip": Outlook("may fail", _DOWNGRADE),
            "bridge": Outlook("passes", _BRIDGED),
        },
    )


def _verifying() -> Row:
    kept = Outlook("passes", _OFFER_KEPT)
    return Row(
        "verifies offer and TLS version (XEP-0474, XEP-0515)",
        "",
        {
            "keep": kept,
            "cert": kept,
            "strip": Outlook("may fail", _OFFER_EDITED),
            "bridge": Outlook("passes", _OFFER_RENEWED),
        },
    )


def _tokens(offer: StreamFeatures) -> Iterator[Row]:
    """Clients that come again with a token (XEP-0484)."""
    free = [name for name in offer.fast if name.endswith("-NONE")]
    if free:
        yield Row("has a token, HT-*-NONE", "", _all("passes", _FREE_TOKEN))
    for name, ends in (("HT-*-ENDP", "-ENDP"), ("HT-*-EXPR or HT-*-UNIQ", ("-EXPR", "-UNIQ"))):
        if any(each.endswith(ends) for each in offer.fast):
            yield _bound_token(name)


def _bound_token(name: str) -> Row:
    bound = Outlook("fails", _TWO_LEGS)
    is_end_point = name == "HT-*-ENDP"
    return Row(
        f"has a token, {name}",
        "",
        {
            "keep": bound,
            "cert": Outlook("passes", _SAME_CERTIFICATE) if is_end_point else bound,
            "strip": Outlook("may fail", _NO_TOKEN),
            "bridge": Outlook("passes", _NEW_TOKEN),
        },
    )


def _bound(fast: Sequence[str]) -> bool:
    return any(binds(name) for name in fast)


_EXAMPLES: Final = {"tls-unique": "slixmpp", _END_POINT: "go-sendxmpp"}
"""Clients whose source was seen to bind so."""
_LISTED: Final = "Conversations"
"""Binds by the types that the server lists (XEP-0440), and by no others."""


def _examples(kind: str, *, is_listed: bool) -> str:
    return ", ".join(filter(None, (_LISTED if is_listed else "", _EXAMPLES.get(kind, ""))))
