"""What entities can do: service discovery (XEP-0030), capabilities (XEP-0115, XEP-0390)."""

from typing import Final

from xmppspy.analysis.caps import verified
from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.archive import page
from xmppspy.analysis.summary.forms import node
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, flag
from xmppspy.analysis.words import counted, joined, listed, named, quoted, word
from xmppspy.protocol.readable import Element

_NAME_ROOM: Final = 40
_NOTABLE: Final = {
    "http://jabber.org/protocol/muc": "muc",
    "urn:xmpp:mam:": "mam:",
    "http://jabber.org/protocol/pubsub": "pubsub",
    "urn:xmpp:http:upload:": "upload:",
    "urn:xmpp:carbons:": "carbons:",
    "urn:xmpp:push:": "push:",
    "urn:xmpp:blocking": "blocking",
    "urn:xmpp:jingle:": "jingle:",
    "jabber:iq:register": "register",
    "http://jabber.org/protocol/bytestreams": "s5b",
}
"""Features that people look for, by their name or how it begins when that ends in a colon."""
_FEW: Final = 2
"""Features that are all named."""
_SHORT_HASH: Final = 8


def _info(element: Element, setting: Setting) -> str:
    of = element.get("node")
    where = f"node={node(of)}" if of else ""
    if setting.type in ("get", "set"):
        return where
    features = [each.get("var") or "" for each in tree.children(element, "feature")]
    known = _notable(features) if len(features) > _FEW else [node(each) for each in features]
    forms = tree.count(element, "x")
    count = counted(len(features), "feature")
    return joined(
        [
            _identities(element),
            f"{count} ({listed([f'+{name}' for name in known], 4)})" if known else count,
            counted(forms, "form") if forms else "",
            where,
            _fit(element),
        ],
        ", ",
    )


def _fit(element: Element) -> str:
    """Whether the hash in the node is that of the content."""
    fits = verified(element)
    return "" if fits is None else "hash verified" if fits else "hash does NOT fit"


def _identities(element: Element) -> str:
    """The only identity by its name; of several ones the number."""
    found = tree.children(element, "identity")
    kinds = {(each.get("category"), each.get("type")) for each in found}
    if not kinds:
        return "no identity"
    if len(kinds) != 1:
        return counted(len(found), "identity", "identities")
    category, kind = kinds.pop()
    name = found[0].get("name")
    return joined([f"{word(category)}/{word(kind)}", quoted(name, _NAME_ROOM) if name else ""])


def _notable(features: list[str]) -> list[str]:
    found = []
    for name, short in _NOTABLE.items():
        if not name.endswith(":"):
            found += [short] if name in features else []
            continue
        versions = [each.removeprefix(name) for each in features if each.startswith(name)]
        found += [short + version for version in sorted(versions) if version.isdigit()][-1:]
    return found


def _items(element: Element, setting: Setting) -> str:
    of = element.get("node")
    where = f"node={node(of)}" if of else ""
    if setting.type == "get":
        return joined([where, page(element)])
    return joined([counted(tree.count(element, "item"), "item"), where])


def _caps(element: Element, _setting: Setting) -> str:
    """Entity Capabilities; the oldest form has no hash but a list of extensions."""
    version, algorithm = word(element.get("ver")), element.get("hash")
    if algorithm is None:
        return f"caps={word(element.get('node'))}#{version} (legacy)"
    short = version if len(version) <= _SHORT_HASH else version[:_SHORT_HASH] + "…"
    return f"caps={short} ({word(algorithm)})"


def _caps2(element: Element, _setting: Setting) -> str:
    algorithms = [word(each.get("algo")) for each in tree.children(element, "hash")]
    return f"caps2 ({listed(algorithms) or 'no hash'})"


def _browse(element: Element, setting: Setting) -> str:
    if setting.type == "get":
        return "query"
    kind = joined([word(element.get("category")), word(element.get("type"))], "/")
    return joined([kind, counted(tree.count(element), "entry", "entries")], ", ")


def _agents(element: Element, setting: Setting) -> str:
    return "" if setting.type == "get" else counted(tree.count(element, "agent"), "agent")


def _entity_versions(element: Element, _setting: Setting) -> str:
    return named(ver=tree.text(element) or element.get("ver"))


TABLE: Final[Table] = {
    "{http://jabber.org/protocol/disco#info}query": Entry("disco#info", _info),
    "{http://jabber.org/protocol/disco#items}query": Entry("disco#items", _items),
    "{http://jabber.org/protocol/caps}c": flag(_caps),
    "{urn:xmpp:caps}c": flag(_caps2),
    "{jabber:iq:browse}query": Entry("browse", _browse),
    "{jabber:iq:browse}item": Entry("browse", _browse),
    "{jabber:iq:agents}query": Entry("agents", _agents),
    "{urn:xmpp:entityver:0}ver": Entry("entity versions", _entity_versions),
}
