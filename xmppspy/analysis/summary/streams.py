"""Streams themselves: headers, features, errors, TLS, compression, the WebSocket framing."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.errors import failure
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, family, nothing, said
from xmppspy.analysis.words import duration, joined, listed, named, size_said, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

_OWN: Final = (ns.STREAMS, "urn:ietf:params:xml:ns:xmpp-framing")
_XML_LANG: Final = f"{{{ns.XML}}}lang"
_STREAMS: Final = f"{{{ns.STREAMS}}}"
_FRAMING: Final = "{urn:ietf:params:xml:ns:xmpp-framing}"
_MOST: Final = 12
_SAYING_NOTHING: Final = frozenset({"c", "x", "query", "ver", "sub", "auth", "optional"})

_Teller: TypeAlias = Callable[[Element], str]


def _header(element: Element, _setting: Setting) -> str:
    """`to=example.com from=… v1.0 lang=en id=…`; the content namespace unless it is the usual."""
    version = element.get("version")
    content = getattr(element, "nsmap", {}).get(None)  # a header is always read by lxml
    usual = (ns.CLIENT, ns.STREAMS, tree.namespace(element))
    own = tree.namespace(element)
    return joined(
        [
            named(to=element.get("to"), from_=element.get("from")),
            f"v{word(version)}" if version else "without version",
            named(lang=element.get(_XML_LANG), id=element.get("id")),
            f"xmlns={word(content)}" if content and content not in usual else "",
            "" if own in _OWN else f"in namespace {word(own) or '(none)'}",
        ]
    )


def _closing(element: Element, _setting: Setting) -> str:
    return named(see_other_uri=element.get("see-other-uri"))


# --- features


def _features(element: Element, _setting: Setting) -> str:
    """`starttls!, mechanisms[SCRAM-SHA-1,…], sm`; `!` means required."""
    return listed(dict.fromkeys(_feature(each) for each in tree.children(element)), _MOST) or "none"


def _feature(element: Element) -> str:
    tell = _FEATURES.get(family(element.tag))
    told = tell(element) if tell else _short_name(element)
    is_required = tree.child(element, "required") is not None
    return told + ("!" if is_required else "")


def _short_name(element: Element) -> str:
    """The local name, with the end of the namespace where alone it tells nothing."""
    name = tree.local(element)
    tail = tree.namespace(element).rstrip("0123456789:").replace("/", ":").rpartition(":")[2]
    return word(tail if name in _SAYING_NOTHING and tail else name)


def _mechanisms(element: Element) -> str:
    names = [word(tree.text(each)) for each in tree.children(element, "mechanism")]
    return f"mechanisms[{','.join(names)}]"


def _authentication(element: Element) -> str:
    """The offer of SASL2 (XEP-0388 §2.1), with what may go inside."""
    names = [word(tree.text(each)) for each in tree.children(element, "mechanism")]
    inline = tree.child(element, "inline")
    upgrades = [word(tree.text(each)) for each in tree.children(element, "upgrade")]
    return joined(
        [
            f"sasl2[{','.join(names)}]",
            "" if inline is None else _inline(inline),
            f"upgrade[{','.join(upgrades)}]" if upgrades else "",
        ]
    )


def _inline(inline: Element) -> str:
    return f"inline[{' '.join(_inline_part(each) for each in tree.children(inline))}]"


def _inline_part(element: Element) -> str:
    """`bind`, `sm`, `fast[HT-SHA-256-NONE]`, with the features that Bind 2 takes along."""
    name = _short_name(element)
    mechanisms = [word(tree.text(each)) for each in tree.children(element, "mechanism")]
    inner = tree.child(element, "inline")
    features = (
        []
        if inner is None
        else [_end_of(each.get("var")) for each in tree.children(inner, "feature")]
    )
    told = mechanisms + features
    return f"{name}[{','.join(told)}]" if told else name


def _end_of(namespace: str | None) -> str:
    return word((namespace or "?").rstrip("0123456789:").rpartition(":")[2])


def _bindings(element: Element) -> str:
    types = [word(each.get("type")) for each in tree.children(element, "channel-binding")]
    return f"cb[{','.join(types)}]"


def _compression(element: Element) -> str:
    methods = [word(tree.text(each)) for each in tree.children(element, "method")]
    return f"compression[{','.join(methods)}]"


def _limits(element: Element) -> str:
    idle = tree.child_text(element, "idle-seconds")
    told = [
        size_said(tree.child_text(element, "max-bytes")),
        f"idle {duration(idle)}" if idle else "",
    ]
    return f"limits[{joined(told, ', ')}]"


def _caps(element: Element) -> str:
    return joined(["caps", word(element.get("ver"))[:8]], "=")


_FEATURES: Final[Mapping[str, _Teller]] = {
    f"{{{ns.SASL}}}mechanisms": _mechanisms,
    "{urn:xmpp:sasl}authentication": _authentication,
    "{urn:xmpp:sasl}mechanisms": _mechanisms,
    "{urn:xmpp:sasl-cb}sasl-channel-binding": _bindings,
    f"{{{ns.COMPRESS_FEATURE}}}compression": _compression,
    "{urn:xmpp:stream-limits}limits": _limits,
    "{http://jabber.org/protocol/caps}c": _caps,
    "{urn:xmpp:caps}c": lambda _element: "caps2",
    "{urn:xmpp:features:rosterver}ver": lambda _element: "rosterver",
    "{urn:xmpp:features:pre-approval}sub": lambda _element: "pre-approval",
    "{http://jabber.org/features/iq-auth}auth": lambda _element: "iq-auth",
}


# --- nonzas


def _stream_error(element: Element, _setting: Setting) -> str:
    return failure(element)


def _refused(element: Element, _setting: Setting) -> str:
    return failure(element) if tree.child(element) is not None else ""


def _bosh(element: Element, setting: Setting) -> str:
    """A body of BOSH (XEP-0124) by what is in it; its ids and keys are secret."""
    inside = tree.children(element)
    restart = any(name == "restart" for name, _ in tree.attributes(element))
    return (
        joined(
            [
                joined([word(element.get("type")), word(element.get("condition"))]),
                "session wanted" if element.get("wait") and element.get("to") else "",
                "restart" if restart else "",
                listed([setting.tell(each) for each in inside]),
            ],
            ", ",
        )
        or "(nothing)"
    )


def _compress(element: Element, _setting: Setting) -> str:
    return listed([word(tree.text(each)) for each in tree.children(element, "method")])


TABLE: Final[Table] = {
    f"{_STREAMS}stream": Entry("stream open", _header),
    f"{_STREAMS}features": Entry("features:", _features),
    f"{_STREAMS}error": Entry("stream error", _stream_error),
    f"{_FRAMING}open": Entry("stream open", _header),
    f"{_FRAMING}close": Entry("stream closed", _closing),
    "{http://jabber.org/protocol/httpbind}body": Entry("bosh", _bosh),
    f"{{{ns.TLS}}}starttls": said("asks for TLS"),
    f"{{{ns.TLS}}}proceed": said("TLS begins here"),
    f"{{{ns.TLS}}}failure": Entry("TLS refused", nothing),
    f"{{{ns.COMPRESS}}}compress": Entry("asks for compression", _compress),
    f"{{{ns.COMPRESS}}}compressed": said("compression begins here"),
    f"{{{ns.COMPRESS}}}failure": Entry("compression refused", _refused),
}
