"""What an entity says that it is and can do (XEP-0030), with the names of the specifications."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis import registry
from xmppspy.analysis.contents.content import Content
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import counted, harmless, joined, word
from xmppspy.protocol.readable import Element

QUERY: Final = "{http://jabber.org/protocol/disco#info}query"

_MOST: Final = 500


def abilities(root: Element) -> Iterator[Content]:
    """The identities and features that are told inside an element."""
    for query in root.iter(QUERY):
        identities = [("identity", _identity(each)) for each in tree.children(query, "identity")]
        features = [each.get("var") or "" for each in tree.children(query, "feature")]
        rows = [*identities, *((harmless(each), _known(each)) for each in sorted(features))]
        if rows:
            title = f"service discovery: {counted(len(features), 'feature')}"
            yield Content(title, tuple(rows[:_MOST]))


def _identity(identity: Element) -> str:
    kind = f"{word(identity.get('category'))}/{word(identity.get('type'))}"
    return joined([kind, word(identity.get("name"))])


def _known(feature: str) -> str:
    label = registry.label(feature)
    return "" if label == feature else label
