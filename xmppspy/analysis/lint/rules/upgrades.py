"""TLS (RFC 6120 §5, RFC 7590, XEP-0368) and compression (XEP-0138)."""

import re
from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.connection import tag_of
from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Mood, element, raw
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Secured, Sight
from xmppspy.analysis.words import word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Fault, Side
from xmppspy.protocol.jid import JID

_OLD: Final = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})
_ALPN: Final = frozenset({"xmpp-client", "xmpp-server"})
_DISTRUST: Final = re.compile(
    r"self.signed|issuer|expired|not yet valid|chain|revoked|unsupported|purpose", re.IGNORECASE
)
"""Words of OpenSSL about certificates whose names were not looked at."""
_PROCEED: Final = f"{{{ns.TLS}}}proceed"


T01 = Rule(
    "T01", Severity.ERROR, "RFC 6120 §5.3.3",
    "something between <starttls/> and TLS, or behind <proceed/>",
)  # fmt: skip


@T01.on(raw(mood=Mood.UNSETTLED))
def injected(sight: Sight) -> Iterator[Said]:
    """What is said in the clear must not count as said inside TLS (CVE-2011-0411)."""
    record, conn = sight.record, sight.conn
    if record.kind == "space":
        return
    if sight.up and conn.upgrade == "asked":
        yield f"{len(record.data):,} bytes in the clear behind <starttls/>"
    last = conn.down.last
    if sight.up or conn.upgrade != "agreed" or last is None or record.kind == "stream":
        return
    if tag_of(last) == _PROCEED:
        yield f"{len(record.data):,} bytes behind <proceed/>, where TLS and a header come first"


T06 = Rule(
    "T06", Severity.WARNING, "XEP-0368 §3",
    "SNI for another domain than the stream's, or direct TLS without XMPP's ALPN",
)  # fmt: skip


@T06.on(raw("stream", way="c2s"))
def other_name(sight: Sight) -> Iterator[Said]:
    """Told once; no SNI at all is another matter."""
    tls, wanted = sight.conn.tls.get(Side.CLIENT), sight.record.to
    if tls is None or tls.sni is None or not wanted:
        return
    if JID.read(tls.sni).domain != JID.read(wanted).domain and sight.conn.once("T06"):
        yield f"SNI is {word(tls.sni)}, the stream is for {word(wanted)}"


@T06.on_tls
def no_alpn(case: Secured) -> Iterator[Said]:
    """Of the client, where TLS comes before any XML."""
    event, conn = case.event, case.conn
    if event.leg is not Side.CLIENT or conn.up.headers or not conn.opened:
        return
    if event.alpn is None:
        yield "the client uses no ALPN for direct TLS: xmpp-client would be it"
    elif event.alpn not in _ALPN:
        yield f"ALPN is {word(event.alpn)!r} instead of xmpp-client"


T07 = Rule(
    "T07", Severity.ERROR, "RFC 6120 §13.7.1.2, RFC 6125",
    "a certificate that does not name the domain",
)  # fmt: skip


@T07.on_fault
def wrong_certificate(event: Fault) -> Iterator[Said]:
    """As xmppspy found when it verified the server; a CA that is not trusted is another matter."""
    if event.error == "certificate-invalid" and not _DISTRUST.search(event.detail):
        yield word(event.detail, 300)


T08 = Rule("T08", Severity.WARNING, "RFC 7590, BCP 195", "a version of TLS below 1.2")


@T08.on_tls
def old_version(case: Secured) -> Iterator[Said]:
    """Each leg has its own."""
    if case.event.version in _OLD:
        yield f"{case.event.version} with the {case.event.leg}"


T24 = Rule(
    "T24", Severity.WARNING, "XEP-0138 §2, XEP-0170 §2.2", "compression before TLS or before login"
)


@T24.on(element(ns.COMPRESS, names=["compress"], way="c2s"))
def early_compression(sight: Sight) -> Iterator[Said]:
    """TLS first, then SASL, then compression."""
    conn = sight.conn
    if conn.exposed(Side.CLIENT):
        yield "compression before TLS"
    if conn.certain and not conn.login.profile:
        yield "compression before login"
