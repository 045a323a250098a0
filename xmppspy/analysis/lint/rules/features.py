"""Stream features (RFC 6120 §4.3, §5.3)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.connection import tag_of
from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Mood, element, raw
from xmppspy.analysis.lint.offer import BINDINGS, FAST, read_offer
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Sight, named
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side

FEATURES: Final = element(ns.STREAMS, names=["features"], way="s2c")
_ERROR: Final = f"{{{ns.STREAMS}}}error"
_BEFORE_ELEMENTS: Final = frozenset({"stream", "/stream", "space", "text", "comment", "pi"})
_NEGOTIABLE: Final = frozenset(
    {
        ns.SASL, ns.SASL2, ns.COMPRESS_FEATURE, "http://jabber.org/features/iq-register",
        "http://jabber.org/features/iq-auth", "urn:ietf:params:xml:ns:xmpp-bind",
        "urn:ietf:params:xml:ns:xmpp-session", ns.SM, ns.SM_OLD, "urn:xmpp:features:bidi",
        "urn:xmpp:features:dialback", BINDINGS, FAST,
    }
)  # fmt: skip
"""What a peer could go on with instead of TLS; limits (XEP-0478) and caps say only how it is."""


S10 = Rule(
    "S10", Severity.ERROR, "RFC 6120 §4.3.2",
    "something else than features first after a header of version 1.0",
)  # fmt: skip


@S10.on(raw(way="s2c", mood=Mood.UNSETTLED))
def no_features(sight: Sight) -> Iterator[Said]:
    """After SASL2's success it is rule T22 that says so."""
    record, down = sight.record, sight.conn.down
    if not sight.conn.offers_due or down.last is None or down.last.kind != "stream":
        return
    if record.kind in _BEFORE_ELEMENTS or record.kind in ("opaque", "partial"):
        return
    if tag_of(record) != _ERROR and record.kind != "features":
        yield f"{named(record)} where the features have to come first"


S11 = Rule(
    "S11", Severity.WARNING, "RFC 6120 §4.7.5",
    "features although the initial header had no version",
)  # fmt: skip


@S11.on(FEATURES)
def unexpected_features(sight: Sight) -> Iterator[Said]:
    """Streams from before XMPP 1.0 have none."""
    initial = sight.conn.up.header
    if initial is not None and initial.version is None:
        yield "the initial header has no version, so the peer knows no features"


S12 = Rule(
    "S12", Severity.ERROR, "RFC 6120 §4.3.5", "features once more, without a new stream",
)  # fmt: skip


@S12.on(FEATURES)
def repeated_features(sight: Sight) -> Iterator[Said]:
    """They come once after each header, and once after SASL2's success; T22 knows of the latter."""
    down = sight.conn.down
    first = sight.conn.offered
    if first is None or sight.conn.offers_due or down.last is None:
        return
    if tag_of(down.last) != f"{{{ns.SASL2}}}success":
        where = "after the resource was bound" if sight.conn.binding == "bound" else "again"
        yield f"features {where}; the first were frame {first.record.n}"


S13 = Rule(
    "S13", Severity.ERROR, "RFC 6120 §5.4.3.3, RFC 7395 §3.9",
    "STARTTLS offered inside TLS, or over WebSocket",
)  # fmt: skip


@S13.on(FEATURES)
def starttls_inside_tls(sight: Sight) -> Iterator[Said]:
    """Judged by the server's own TLS, which need not be the client's."""
    if sight.child(ns.TLS, "starttls") is None:
        return
    if sight.conn.transport == "websocket":
        yield "STARTTLS is offered over WebSocket"
    elif sight.conn.secured(Side.SERVER):
        yield "STARTTLS is offered again although TLS is up"


S14 = Rule(
    "S14", Severity.WARNING, "RFC 6120 §5.3.1",
    "TLS is required, yet other features are offered beside it",
)  # fmt: skip


@S14.on(FEATURES)
def not_only_starttls(sight: Sight) -> Iterator[Said]:
    """A peer may try what cannot work yet."""
    starttls = sight.child(ns.TLS, "starttls")
    if starttls is None or tree.of(starttls, ns.TLS, "required") is None:
        return
    others = [name for name in sight.record.ns if name in _NEGOTIABLE]
    if others:
        yield f"TLS is required, but {listed(others)} can be seen before it"


T10 = Rule(
    "T10", Severity.WARNING, "XEP-0440 §3",
    "mechanisms with channel binding without its types, or the reverse",
)  # fmt: skip


@T10.on(FEATURES)
def binding_types(sight: Sight) -> Iterator[Said]:
    """Without the list a client has to guess which type the server supports."""
    offer = read_offer(sight.record)
    if offer.binds_channels and offer.bindings is None:
        yield "-PLUS mechanisms are offered, but not with which types of channel binding"
    elif offer.bindings and not offer.binds_channels and offer.profiles:
        yield "types of channel binding are listed, but no -PLUS mechanism is offered"


T11 = Rule(
    "T11", Severity.WARNING, "XEP-0440 §4",
    "the list of channel-binding types lacks tls-server-end-point",
)  # fmt: skip


@T11.on(FEATURES)
def no_end_point(sight: Sight) -> Iterator[Said]:
    """The one type that works behind a TLS-terminating front end."""
    bindings = read_offer(sight.record).bindings
    if bindings is not None and "tls-server-end-point" not in bindings:
        yield f"channel binding by {listed(sorted(map(word, bindings)))} only"
