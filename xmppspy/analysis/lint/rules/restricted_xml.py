"""XML as XMPP allows it (RFC 6120 §11), and what may stand at the first level (§4.8, §8)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Frames, Mood, raw
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.registry import label
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import harmless, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.framing import MAX_FRAME, Flaw, Framer
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.stanza import read

_BOM: Final = b"\xef\xbb\xbf"
_USUAL: Final = (
    b"<stream:stream xmlns='%s' xmlns:stream='http://etherx.jabber.org/streams'>"
)  # fmt: skip
_MARKUP: Final = ("comment", "pi", "text")
_CSI: Final = "urn:xmpp:csi:0"
_KNOWN: Final[dict[str, frozenset[str]]] = {
    ns.STREAMS: frozenset({"features", "error"}),
    ns.TLS: frozenset({"starttls", "proceed", "failure"}),
    ns.SASL: frozenset({"auth", "challenge", "response", "abort", "success", "failure"}),
    ns.SASL2: frozenset(
        {"authenticate", "challenge", "response", "abort", "success", "failure", "continue",
         "next", "task-data"}
    ),
    ns.SM: frozenset({"enable", "enabled", "resume", "resumed", "failed", "r", "a"}),
    ns.SM_OLD: frozenset({"enable", "enabled", "resume", "resumed", "failed", "r", "a"}),
    ns.COMPRESS: frozenset({"compress", "compressed", "failure"}),
    _CSI: frozenset({"active", "inactive"}),
    "jabber:server:dialback": frozenset({"result", "verify"}),
    "urn:xmpp:bidi": frozenset({"bidi"}),
}  # fmt: skip
"""First-level elements by their namespaces."""
_OTHERS: Final = frozenset(
    {
        "urn:ietf:params:xml:ns:xmpp-framing", "http://jabber.org/protocol/compress/exi",
        "http://jabber.org/protocol/httpbind", "https://xmpp.org/extensions/isr/0",
        "urn:xmpp:sasl:0", "urn:xmpp:sasl:1", "google:mobile:data",
    }
)  # fmt: skip
"""Namespaces of first-level elements whose names are not checked."""


S22 = Rule(
    "S22", Severity.ERROR, "RFC 6120 §11.1",
    "a comment, a processing instruction, a DOCTYPE, or an entity that is not predefined",
)  # fmt: skip


@S22.on(Frames(raw=True, flawed=True))
def restricted(sight: Sight) -> Iterator[Said]:
    """Some servers close the stream on them, others drop them in silence."""
    record, flaw = sight.record, sight.flaw or _lost(sight)
    if flaw is not None and flaw.error == "restricted-xml" and record.kind != "stream":
        yield harmless(flaw.detail.partition(" (RFC")[0])
    elif record.kind in ("comment", "pi") and sight.root is None and flaw is None:
        name = "comment" if record.kind == "comment" else "processing instruction"
        yield f"a {name} between stanzas"


S25 = Rule("S25", Severity.ERROR, "RFC 6120 §11.3", "XML that is not well-formed")


@S25.on(Frames(raw=True, flawed=True))
def broken(sight: Sight) -> Iterator[Said]:
    """In the eyes of expat, which the common servers parse with; namespaces included."""
    flaw = sight.flaw or _lost(sight)
    if flaw is not None and flaw.error not in ("restricted-xml", "invalid-namespace"):
        yield harmless(flaw.detail.partition(" (RFC")[0])


def _lost(sight: Sight) -> Flaw | None:
    """Why the boundaries of frames were lost here, if they were, and with XML."""
    record = sight.record
    way = sight.conn.way(record.dir)
    if record.kind != "opaque" or record.sent is not UNCHANGED or sight.conn.compressed:
        return None
    if way.last is not None and way.last.kind == "opaque":
        return None
    framer = Framer(max(MAX_FRAME, 2 * len(record.data)))
    framer.receive_data(_USUAL % record.context.default.encode())
    framer.next_frame()
    framer.receive_data(record.data)
    while frame := framer.next_frame():
        if frame.flaw is not None:
            return frame.flaw if frame.flaw.error != "stanza-too-big" else None
    return None


S24 = Rule(
    "S24", Severity.WARNING, "RFC 6120 §11.6", "a byte order mark, or U+FEFF, between elements"
)


@S24.on(raw("text"))
def byte_order_mark(sight: Sight) -> Iterator[Said]:
    """Inside a stream it is no byte order mark but a character."""
    if sight.root is None and _BOM in sight.record.data:
        yield "U+FEFF outside of elements; as a byte order mark it is not needed either"


S29 = Rule("S29", Severity.ERROR, "RFC 6120 §8.1, §11.7", "text between stanzas")


@S29.on(raw("text"))
def stray_text(sight: Sight) -> Iterator[Said]:
    """White space is the only character data at the first level."""
    data = sight.record.data.replace(_BOM, b"").strip()
    if sight.root is None and data:
        yield f"text between stanzas: {word(data[:60].decode(errors='replace'))!r}"


S26 = Rule(
    "S26", Severity.ERROR, "RFC 6120 §4.8.5", "an element of the content namespace with a prefix"
)


@S26.on(Frames(mood=Mood.PREFIXED))
@S26.on(Frames(text=(b"xmlns:",)))
def prefixed(sight: Sight) -> Iterator[Said]:
    """Many peers compare names, not namespaces."""
    root = read(sight.record).tree
    for each in () if root is None else root.iter("*"):
        if each.prefix and tree.namespace(each) in ns.CONTENT:
            yield f"<{word(each.prefix)}:{word(tree.local(each))}> is written with a prefix"
            return


S28 = Rule(
    "S28", Severity.ERROR, "RFC 6120 §4.8.4, §4.9.3.24",
    "an unknown first-level element, or a stanza in a wrong namespace",
)  # fmt: skip


@S28.on(Frames(content=False))
@S28.on(Frames(content=True, but=STANZAS))
def unknown_element(sight: Sight) -> Iterator[Said]:
    """Whatever the server has advertised counts as known."""
    record = sight.record
    name, namespace = record.kind, record.xmlns
    if namespace is None:
        if name not in STANZAS and not (name == "handshake" and sight.conn.kind == "component"):
            yield f"<{word(name)}> is none of message, presence and iq"
    elif name in STANZAS:
        content = record.context.content
        article = "an" if name == "iq" else "a"
        yield f"{article} {name} in the namespace {word(namespace) or 'of nothing'!r} instead of {content}"
    elif namespace in _KNOWN:
        if name not in _KNOWN[namespace]:
            yield f"<{word(name)}> is no element of {word(label(namespace))}"
    elif namespace not in _OTHERS and not _is_advertised(sight, namespace):
        yield f"<{word(name)}> in {word(namespace) or 'no namespace'!r} is unknown at the first level"


def _is_advertised(sight: Sight, namespace: str) -> bool:
    offer = sight.conn.offer
    return offer is not None and namespace in offer.namespaces
