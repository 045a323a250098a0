"""Stream headers (RFC 6120 §4.7, §4.8)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import raw
from xmppspy.analysis.lint.header import Header
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.responders import same
from xmppspy.analysis.words import word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.tokens import tokens

_DIALBACK: Final = "jabber:server:dialback"
_MAX_IDS: Final = 10_000
_LOOKS_LIKE_HEADER: Final = (b"stream:stream", b"stream")

HEADER: Final = raw("stream")
INITIAL: Final = raw("stream", way="c2s")
RESPONSE: Final = raw("stream", way="s2c")


S01 = Rule(
    "S01", Severity.ERROR, "RFC 6120 §4.8.1",
    "the root of a stream is not {http://etherx.jabber.org/streams}stream",
)  # fmt: skip


@S01.on(raw("stream", "partial"))
def wrong_root(sight: Sight) -> Iterator[Said]:
    """A header in another namespace; without an XML declaration it was framed as unfinished."""
    record, way = sight.record, sight.conn.way(sight.record.dir)
    if record.kind == "stream":
        if record.xmlns != ns.STREAMS:
            yield f"the stream's root is in the namespace {word(record.xmlns) or 'of nothing'!r}"
        return
    first = next(tokens(record.data), None)
    if way.headers or way.last is not None or first is None or first.kind != "start":
        return
    if first.name in _LOOKS_LIKE_HEADER:
        yield f"the stream's root is not in the namespace {ns.STREAMS}"


S02 = Rule(
    "S02", Severity.WARNING, "RFC 6120 §4.8.5", "a stream prefix other than `stream`",
)  # fmt: skip


@S02.on(HEADER)
def unusual_prefix(sight: Sight) -> Iterator[Said]:
    """No prefix at all is fine: that is the prefix-free style."""
    prefix = sight.header.prefix
    if prefix not in ("", "stream"):
        yield f"the prefix of the stream's namespace is {word(prefix)!r}, which peers may refuse"


S03 = Rule(
    "S03", Severity.ERROR, "RFC 6120 §4.8.2",
    "the two headers of a stream have different content namespaces",
)  # fmt: skip


def _content(header: Header) -> str | None:
    """The content namespace that a header declares; None where it leaves that to its children."""
    default = header.context.default
    if default not in ("", ns.STREAMS):
        return default
    declared = [each for each in header.context.prefixes.values() if each in ns.CONTENT]
    return declared[0] if declared else None


@S03.on(RESPONSE)
def other_content_namespace(sight: Sight) -> Iterator[Said]:
    """Compared with the latest header of the initiator."""
    initial = sight.conn.up.header
    asked = None if initial is None else _content(initial)
    answered = _content(sight.header)
    if asked is not None and answered is not None and asked != answered:
        yield f"the stream was opened for {word(asked)}, the answer is for {word(answered)}"


S04 = Rule("S04", Severity.ERROR, "RFC 6120 §4.7.2", "an initial header without `to`")


@S04.on(INITIAL)
def no_domain(sight: Sight) -> Iterator[Said]:
    """A server with several domains cannot know which one is meant."""
    if not sight.record.to:
        yield "the header does not say which domain it is for: `to` is missing"


S05 = Rule("S05", Severity.WARNING, "RFC 6120 §4.7.3", "an initial header with `id`")


@S05.on(INITIAL)
def initial_id(sight: Sight) -> Iterator[Said]:
    """Only the receiving side makes ids."""
    if sight.record.id is not None:
        yield "the id of a stream is made by the receiving side; this one is ignored"


S06 = Rule(
    "S06", Severity.ERROR, "RFC 6120 §4.7.1, §4.7.3, §4.7.4",
    "a response header without `id`, `from` or `xml:lang`", lesser=Severity.WARNING,
)  # fmt: skip


@S06.on(RESPONSE)
def incomplete_response(sight: Sight) -> Iterator[Said]:
    """Components and streams from before XMPP 1.0 know no language."""
    header = sight.header
    if not sight.record.id:
        yield "the response header has no id"
    if not sight.record.from_:
        yield Breach("the response header has no `from`", Severity.WARNING)
    if header.context.lang is None and header.version and sight.conn.kind != "component":
        yield Breach("the response header has no xml:lang", Severity.WARNING)


S07 = Rule("S07", Severity.ERROR, "RFC 6120 §4.3.3, §4.7.3", "a stream id that was used before")


class _Ids:
    """The ids of the streams seen, each with its server's name."""

    def __init__(self) -> None:
        self.seen: Kept[tuple[str | None, str], int] = Kept(_MAX_IDS)


@S07.on(RESPONSE)
def repeated_id(sight: Sight) -> Iterator[Said]:
    """Ids must be unpredictable; digests and dialback keys are made of them."""
    name = sight.record.id
    first = sight.capture.of(_Ids).seen.get((sight.record.from_, name or ""))
    if name and first is not None:
        yield f"the stream id {word(name)!r} was already that of frame {first}"


@follows(RESPONSE)
def keep_id(sight: Sight) -> None:
    """Remember a stream's id."""
    key = (sight.record.from_, sight.record.id or "")
    ids = sight.capture.of(_Ids).seen
    if ids.get(key) is None:
        ids.put(key, sight.record.n)


S08 = Rule(
    "S08", Severity.WARNING, "RFC 6120 §4.7.2",
    "a response header whose `to` is not the initial header's `from`",
)  # fmt: skip


@S08.on(RESPONSE)
def unasked_address(sight: Sight) -> Iterator[Said]:
    """Between client and server; servers always name each other."""
    initial, told = sight.conn.up.header, sight.record.to
    if initial is None or told is None or sight.conn.kind != "client":
        return
    asked = initial.attributes.get("from")
    if asked is None:
        yield f"the answer is to {word(told)}, but the client has not said who it is"
    elif not same(asked.partition("/")[0], told):
        yield f"the answer is to {word(told)}, but the client says it is {word(asked)}"


S09 = Rule(
    "S09", Severity.ERROR, "RFC 6120 §4.7.5",
    "a header without `version`, or a response with a higher one", lesser=Severity.WARNING,
)  # fmt: skip


@S09.on(HEADER)
def wrong_version(sight: Sight) -> Iterator[Said]:
    """The protocol of components has no version (XEP-0114)."""
    header = sight.header
    if header.context.content.startswith("jabber:component:"):
        return
    initial = sight.conn.up.header
    asked = None if sight.up or initial is None else initial.version
    if header.version is None:
        if sight.up or initial is None or asked is not None:
            yield Breach("the header has no version, as before XMPP 1.0", Severity.WARNING)
    elif not sight.up and initial is not None and header.version > (asked or (0, 9)):
        yield (
            f"the answer has version {word(header.attributes['version'])}, "
            f"more than the {word(initial.attributes.get('version')) or 'missing one'} asked for"
        )


S23 = Rule(
    "S23", Severity.ERROR, "RFC 6120 §11.5-11.8",
    "an XML declaration with standalone, another encoding or version, or none at all",
    lesser=Severity.INFO,
)  # fmt: skip


@S23.on(HEADER)
def wrong_declaration(sight: Sight) -> Iterator[Said]:
    """A missing one is told once for each direction."""
    data = sight.record.data
    start = data.find(b"<?xml")
    if start < 0:
        if sight.conn.once(("S23", sight.record.dir)):
            yield Breach("the stream begins without an XML declaration", Severity.INFO)
        return
    said = dict(_pseudo_attributes(data[start : data.find(b"?>", start)]))
    if said.get("version", "1.0") != "1.0":
        yield f"XML version {word(said['version'])} instead of 1.0"
    if said.get("encoding", "utf-8").lower() != "utf-8":
        yield f"encoding {word(said['encoding'])} instead of UTF-8"
    if "standalone" in said:
        yield "standalone in the XML declaration, which is not allowed in XMPP"


def _pseudo_attributes(declaration: bytes) -> Iterator[tuple[str, str]]:
    for piece in declaration.decode(errors="replace").split()[1:]:
        name, _, value = piece.partition("=")
        yield name, value.strip("'\"")


S27 = Rule(
    "S27", Severity.WARNING, "RFC 6120 §4.8.5",
    "the namespace of an extension declared on the stream's header",
)  # fmt: skip


@S27.on(HEADER)
def extension_on_header(sight: Sight) -> Iterator[Said]:
    """Only the stream's, the content's and dialback's namespaces belong there."""
    for prefix, namespace in sight.header.context.prefixes.items():
        if namespace not in ns.CONTENT and namespace not in (ns.STREAMS, _DIALBACK, ns.XML):
            yield f"the header declares the prefix {word(prefix)!r} for {word(namespace)}"
