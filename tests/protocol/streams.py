"""Hypothesis strategies for streams: well-formed in every way that XML has, and spoilt ones."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st

from xmppspy.protocol import namespaces as ns

Scope = Mapping[str, str]
"""Prefix to namespace, `""` for the default one."""

_SPACE: Final = st.sampled_from(["", "", " ", "\n", "\t ", "\r\n  "])
_GAP: Final = st.sampled_from([" ", "  ", "\n", "\r\n\t", "\t"])
_LOCALS: Final = st.sampled_from(
    ["message", "iq", "a", "_b", "stream", "space", "x-y.z", "élan", "名", "é"]
)
_PREFIXES: Final = st.sampled_from(["p", "q", "stream", "db", "é"])
_NAMESPACES: Final = st.sampled_from(
    [
        ns.CLIENT,
        ns.SERVER,
        ns.STREAMS,
        ns.TLS,
        "urn:a",
        "urn:a b",
        "urn:&amp;",
        "http://é.example/#x",
    ]
)
_ATTRIBUTES: Final = st.sampled_from(
    ["type", "id", "from", "to", "xml:lang", "Type", "xmlnsx", "ids", "tö", "href"]
)
_TEXTS: Final = st.sampled_from(
    ["x", "O Romeo", " ", "\n", "\r\n", "\t", ">", "/>", "é", "名", "😀", "--", "?", "=", "xmlns='n'", ' id="x"',
     "&lt;", "&gt;", "&amp;", "&quot;", "&apos;", "&#65;", "&#0000000065;", "&#x1F600;", "&#10;"]
)  # fmt: skip
_SECTIONS: Final = st.sampled_from(
    ["", "<b>", "]", "]]", ">", "]] >", "</a>", "&", "-->", "'", "é"]
)
_COMMENTS: Final = st.sampled_from(["", " x ", ">", "<a>", "'", '"', "]]>", "?>", " - é", "&"])
_INSTRUCTIONS: Final = st.sampled_from(["go", "go ", "go <a>", "go '", 'go "?', "xml-x y=']]>'"])


def _text() -> st.SearchStrategy[str]:
    return st.lists(_TEXTS, max_size=4).map("".join)


@st.composite
def _attribute(draw: st.DrawFn, name: str, value: str | None = None) -> str:
    quote = draw(st.sampled_from("'\""))
    if value is None:
        value = draw(_text()).replace(quote, "")
    return f"{draw(_GAP)}{name}{draw(_SPACE)}={draw(_SPACE)}{quote}{value}{quote}"


@st.composite
def _declarations(draw: st.DrawFn) -> dict[str, str]:
    """What one start tag declares."""
    prefixes = draw(st.lists(_PREFIXES, max_size=2, unique=True))
    declared = {prefix: draw(_NAMESPACES) for prefix in prefixes}
    if draw(st.integers(0, 2)) == 0:
        declared[""] = draw(st.one_of(_NAMESPACES, st.just("")))
    return declared


@st.composite
def _tag(draw: st.DrawFn, name: str, declared: Scope, scope: Scope) -> str:
    """A start tag without its end, attributes in any order."""
    names = draw(st.lists(_ATTRIBUTES, max_size=4, unique=True))
    prefix = draw(st.sampled_from([p for p in scope if p] or [""]))
    if prefix and draw(st.booleans()):
        names.append(f"{prefix}:type")
    parts = [draw(_attribute(each)) for each in names]
    for key, value in declared.items():
        parts.append(draw(_attribute(f"xmlns:{key}" if key else "xmlns", value)))
    return f"<{name}{''.join(draw(st.permutations(parts)))}{draw(_SPACE)}"


@st.composite
def element(draw: st.DrawFn, outer: Scope, depth: int = 0) -> str:
    """An element that is namespace-well-formed inside `outer`."""
    declared = draw(_declarations())
    scope = {**outer, **declared}
    prefix = draw(st.sampled_from(["", *sorted(scope)]))
    local = draw(_LOCALS)
    if local == "stream" and scope.get(prefix, "") == ns.STREAMS:
        local = "features"  # it would be a restart
    name = f"{prefix}:{local}" if prefix else local
    tag = draw(_tag(name, declared, scope))
    if draw(st.integers(0, 3)) == 0:
        return f"{tag}/>"
    inner = draw(st.lists(_content(scope, depth + 1), max_size=3).map("".join))
    return f"{tag}>{inner}</{name}{draw(_SPACE)}>"


def _content(scope: Scope, depth: int) -> st.SearchStrategy[str]:
    leaves = [_text(), _loose(), _SECTIONS.map(lambda text: f"<![CDATA[{text}]]>")]
    return st.one_of(*leaves, *([element(scope, depth)] * 2 if depth < 3 else []))


def _loose() -> st.SearchStrategy[str]:
    """A comment or a processing instruction: XMPP forbids both, XML does not."""
    return st.one_of(
        _COMMENTS.map(lambda text: f"<!--{text}-->"), _INSTRUCTIONS.map(lambda text: f"<?{text}?>")
    )


@st.composite
def stream(draw: st.DrawFn, *, may_end: bool = False) -> bytes:
    """One stream from its header on; whether its end tag is among it is open."""
    style = draw(st.sampled_from(["stream", "é", ""]))
    declared = draw(_declarations())
    declared.pop(style, None)
    scope = {style: ns.STREAMS, "xml": ns.XML, **({"": ns.CLIENT} if style else {}), **declared}
    name = f"{style}:stream" if style else "stream"
    opening = draw(_declaration())
    tag = draw(_tag(name, {k: v for k, v in scope.items() if k != "xml"}, scope))
    between = st.one_of(element(scope), element(scope), _loose(), _GAP)
    inner = draw(st.lists(between, max_size=5).map("".join))
    end = f"</{name}{draw(_SPACE)}>" if may_end and draw(st.booleans()) else ""
    return f"{opening}{tag}>{inner}{end}".encode()


@st.composite
def _declaration(draw: st.DrawFn) -> str:
    quote = draw(st.sampled_from("'\""))
    if draw(st.booleans()):
        return ""
    encoding = draw(st.sampled_from(["", f" encoding={quote}UTF-8{quote}"]))
    loose = draw(st.lists(st.one_of(_loose(), _GAP), max_size=2).map("".join))
    return f"<?xml{draw(_GAP)}version = {quote}1.0{quote}{encoding}{draw(_SPACE)}?>{loose}"


@st.composite
def streams(draw: st.DrawFn) -> list[bytes]:
    """Some streams of one direction, each a restart of the one before; the last may have ended."""
    restarts = draw(st.lists(stream(), max_size=2))
    return [*restarts, draw(stream(may_end=True))]


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Streams in which bytes are missing, changed or added."""
    data = bytearray(b"".join(draw(streams())))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["change", "delete", "insert"])):
            case "change":
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "delete":
                del data[at : at + draw(st.integers(1, 12))]
            case _:
                data[at:at] = draw(_MARKS)
    return bytes(data)


_MARKS: Final = st.sampled_from([
    b"<", b">", b"/", b"'", b'"', b"&", b"</", b"<!", b"<!--", b"-->", b"<?", b"?>", b"<?xml ?>",
    b"<![CDATA[", b"]]>", b"<!DOCTYPE a>", b"</stream:stream>", b"text", b" ", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"<a", b"<a/>", b"<x:y>", b"=",
])  # fmt: skip
