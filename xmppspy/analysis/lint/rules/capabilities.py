"""Entity capabilities (XEP-0115), service discovery (XEP-0030)."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.caps import verification
from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import element, stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

CAPS: Final = "http://jabber.org/protocol/caps"
INFO: Final = "http://jabber.org/protocol/disco#info"
_KEPT: Final = 2000
"""Pairs of node and hash that are remembered."""


class _Algorithms:
    """The hash algorithm that was told with each `node#ver`."""

    def __init__(self) -> None:
        self.told: Kept[str, str] = Kept(_KEPT)


P06 = Rule(
    "P06", Severity.WARNING, "XEP-0115 §5",
    "entity capabilities of the old format, or with a hash that does not fit",
)  # fmt: skip


def _caps(sight: Sight) -> Element | None:
    return sight.child(CAPS, "c")


@P06.on(stanza("presence", holding=[CAPS]))
@P06.on(element(ns.STREAMS, names=["features"]))
def wrong_caps(sight: Sight) -> Iterator[Said]:
    """Without a hash anybody can claim anything about a client."""
    caps = _caps(sight)
    if caps is None:
        return
    if not caps.get("hash"):
        yield "capabilities without a hash, as before version 1.4 of XEP-0115"
    if not caps.get("node"):
        yield "capabilities without a node"
    if not caps.get("ver"):
        yield "capabilities without a `ver`"


@follows(stanza("presence", holding=[CAPS]))
def keep_algorithm(sight: Sight) -> None:
    """Remember by which algorithm a hash was made."""
    caps = _caps(sight)
    if caps is not None and caps.get("hash"):
        told = sight.capture.of(_Algorithms).told
        told.put(f"{caps.get('node')}#{caps.get('ver')}", caps.get("hash") or "")


@P06.on(stanza("iq", types=["result"], holding=[INFO]))
def wrong_hash(sight: Sight) -> Iterator[Said]:
    """The answer to a query for `node#ver`, hashed again."""
    query = sight.child(INFO, "query")
    node = "" if query is None else query.get("node") or ""
    algorithm = sight.capture.of(_Algorithms).told.get(node)
    if query is None or algorithm is None:
        return
    expected = verification(query, algorithm)
    told = node.rpartition("#")[2]
    if expected is not None and expected != told:
        yield f"the hash of this is {expected}, but {word(told)} was told"


X14 = Rule(
    "X14", Severity.WARNING, "XEP-0030 §3",
    "a disco#info result without identity or the feature disco#info, or with duplicates",
)  # fmt: skip


@X14.on(stanza("iq", types=["result"], holding=[INFO]))
def poor_information(sight: Sight) -> Iterator[Said]:
    """Nodes other than those of capabilities may be anything; duplicates are wrong anywhere."""
    query = sight.child(INFO, "query")
    if query is None:
        return
    features = Counter(each.get("var") or "" for each in tree.children(query, "feature"))
    node = query.get("node") or ""
    if not node or sight.capture.of(_Algorithms).told.get(node) is not None:
        if tree.child(query, "identity") is None:
            yield "the entity tells no identity"
        if INFO not in features:
            yield "the feature disco#info itself is missing"
    twice = [name for name, count in features.items() if count > 1]
    if twice:
        yield f"features that stand there twice: {listed(map(word, twice))}"
