"""Survey: what a look at a server found, before any login; and the reading of its features."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xmppspy.analysis.sasl.offers import Offer, offers_in
from xmppspy.bridge.certificate import Certificate
from xmppspy.protocol import namespaces as ns

if TYPE_CHECKING:
    from lxml import etree

_FAST: Final = "{urn:xmpp:fast:0}fast"
_LIMITS: Final = "{urn:xmpp:stream-limits:0}limits"
_BINDINGS: Final = "urn:xmpp:sasl-cb:0"
_MOST: Final = 50
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFeatures:
    """What a server offers in one `<stream:features/>`. Names are as they came from the wire."""

    starttls: bool = False
    starttls_required: bool = False
    sasl: Offer | None = None
    sasl2: Offer | None = None
    inline: tuple[str, ...] = ()
    """Namespaces of what SASL2 takes along with a login (XEP-0388), those within Bind 2 too."""
    fast: tuple[str, ...] = ()
    """Mechanisms for tokens (XEP-0484)."""
    limits: tuple[tuple[str, str], ...] = ()
    """What XEP-0478 names, such as `("max-bytes", "262144")`."""
    compression: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Namespaces of all other features."""

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Those of both profiles, each once."""
        offers = [offer.mechanisms for offer in (self.sasl, self.sasl2) if offer is not None]
        return tuple(dict.fromkeys(name for names in offers for name in names))

    @property
    def bindings(self) -> tuple[str, ...] | None:
        """The types of channel binding; None where the server does not tell (XEP-0440)."""
        offer = self.sasl or self.sasl2
        return None if offer is None else offer.bindings

    @property
    def can_bind(self) -> bool:
        """Whether a mechanism that binds to the TLS channel is offered."""
        return any(name.endswith("-PLUS") for name in self.mechanisms)


@dataclass(frozen=True, slots=True, kw_only=True)
class TLSLayer:
    """A TLS connection to the server."""

    version: str
    """`TLSv1.3`."""
    cipher: str
    alpn: str | None
    certificate: Certificate | None
    problem: str = ""
    """Why the server is not verified; empty when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One connection to the server, as far as it went."""

    before: StreamFeatures | None = None
    """The features in the clear; None where TLS came first."""
    tls: TLSLayer | None = None
    after: StreamFeatures | None = None
    """The features inside TLS."""
    trouble: str = ""
    """Why it went no further, and what to do; empty when it went to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A server that was tried."""

    place: str
    """`xmpp.example.org:5222`."""
    address: str
    """Its address once connected, `192.0.2.1:5222`; empty when it was not reached."""
    direct_tls: bool
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All that was found."""

    domain: str
    """Whom the streams were for."""
    via: str
    """How the server was found: `srv`, `address`, `fixed` or `map`; empty when it was not."""
    attempts: tuple[Attempt, ...] = ()
    """In the order in which they are tried; the last one may have succeeded."""
    untried: tuple[str, ...] = ()
    """Places that come after the one that was reached."""
    visits: tuple[Visit, ...] = ()
    """The first with the best TLS there is; others with an older one, to compare."""
    trouble: str = ""
    """Why the server could not be examined, and what to do."""

    @property
    def best(self) -> Visit | None:
        """The visit with the best TLS."""
        return self.visits[0] if self.visits else None

    @property
    def offers(self) -> tuple[tuple[str, StreamFeatures], ...]:
        """What clients can log in by, for each version of TLS that was tried, the best first."""
        found = [
            (visit.tls.version if visit.tls else "", visit.after or visit.before)
            for visit in self.visits
        ]
        return tuple((version, offer) for version, offer in found if offer is not None)

    @property
    def verified(self) -> bool:
        """Whether TLS is up and the certificate is good for the domain."""
        best = self.best
        return best is not None and best.tls is not None and not best.tls.problem

    @property
    def examined(self) -> bool:
        """Whether it was seen what clients can log in by."""
        best = self.best
        return best is not None and not best.trouble


def stream_features(features: "etree._Element") -> StreamFeatures:
    """Read `<stream:features/>`, of which no more is kept than a sane server says."""
    offers = offers_in(features)
    starttls = features.find(f"{{{ns.TLS}}}starttls")
    limits = features.find(_LIMITS)
    return StreamFeatures(
        starttls=starttls is not None,
        starttls_required=starttls is not None and starttls.find("{*}required") is not None,
        sasl=offers.sasl,
        sasl2=offers.sasl2,
        inline=_bounded(_inline(features)),
        fast=_bounded(_texts(features, f"{_FAST}/{{*}}mechanism")),
        limits=() if limits is None else tuple(_pairs(limits))[:_MOST],
        compression=_bounded(_texts(features, f"{{{ns.COMPRESS_FEATURE}}}compression/{{*}}method")),
        others=_bounded(_others(features)),
    )


def _inline(features: "etree._Element") -> Iterator[str]:
    for inline in features.iterfind("{*}authentication/{*}inline"):
        for each in inline.iterchildren("{*}*"):
            yield _namespace(each)
            for below in each.iterfind("{*}inline/{*}feature"):
                yield below.get("var") or ""


def _others(features: "etree._Element") -> Iterator[str]:
    told = {ns.TLS, ns.SASL, _BINDINGS, ns.COMPRESS_FEATURE, "urn:xmpp:stream-limits:0"}
    for each in features.iterchildren("{*}*"):
        namespace = _namespace(each)
        if namespace not in told and not namespace.startswith("urn:xmpp:sasl:"):
            yield namespace


def _texts(features: "etree._Element", path: str) -> Iterator[str]:
    prefix = "{*}authentication/{*}inline/" if path.startswith(_FAST) else ""
    for each in features.iterfind(prefix + path):
        yield (each.text or "").strip()


def _pairs(limits: "etree._Element") -> Iterator[tuple[str, str]]:
    for each in limits.iterchildren("{*}*"):
        name = str(each.tag).rpartition("}")[2]
        yield name[:_LONGEST], (each.text or "").strip()[:_LONGEST]


def _namespace(element: "etree._Element") -> str:
    return str(element.tag).removeprefix("{").partition("}")[0]


def _bounded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name[:_LONGEST] for name in names if name))[:_MOST]
