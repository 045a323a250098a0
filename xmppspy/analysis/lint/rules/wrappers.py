"""Stanzas that carry others: carbons (XEP-0280), archive results (XEP-0313), forwarded ones."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.rules.archives import ARCHIVES, asked_of
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.responders import same
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.readable import Element

CARBONS: Final = ("urn:xmpp:carbons:2", "urn:xmpp:carbons:1")
FORWARD: Final = "urn:xmpp:forward:0"
_COPY: Final = frozenset({"sent", "received"})
_HOLDING: Final = (*CARBONS, *ARCHIVES, FORWARD)


def _copies(sight: Sight) -> Iterator[Element]:
    """The carbon wrappers in a message."""
    for each in sight.children:
        if tree.namespace(each) in CARBONS and tree.local(each) in _COPY:
            yield each


def _forwarded(element: Element) -> Iterator[Element]:
    """The stanzas in a wrapper, whatever namespace they are in."""
    for forwarded in element.iterchildren(f"{{{FORWARD}}}forwarded"):
        for each in tree.children(forwarded):
            if tree.local(each) in STANZAS:
                yield each


X01 = Rule(
    "X01", Severity.ERROR, "XEP-0280 §11, XEP-0313 §4.2",
    "a carbon or an archive result that is not from the account or the archive",
)  # fmt: skip


@X01.on(stanza("message", holding=CARBONS, way="s2c"))
def forged_carbon(sight: Sight) -> Iterator[Said]:
    """Who believes it can be shown messages that nobody wrote (CVE-2017-5589 and many more)."""
    sender, me = sight.record.from_, sight.me.bare
    if sender is None or me is None or not any(True for _ in _copies(sight)):
        return
    if sender != me and not same(sender, me):
        yield f"a carbon from {word(sender)}, which only {word(me)} may send"


@X01.on(stanza("message", holding=ARCHIVES, way="s2c"))
def forged_result(sight: Sight) -> Iterator[Said]:
    """An archive is one's own, or one that was asked."""
    sender, me = sight.record.from_, sight.me.bare
    if sender is None or me is None or sender == me or same(sender, me):
        return
    if not sight.conn.certain or any(same(sender, each) for each in asked_of(sight)):
        return
    if any(tree.local(each) == "result" for each in sight.children):
        yield f"an archive result from {word(sender)}, whose archive was not asked"


X02 = Rule(
    "X02", Severity.WARNING, "XEP-0280 §6",
    "a carbon of a carbon, of a groupchat message, or of one marked private",
)  # fmt: skip


@X02.on(stanza("message", holding=CARBONS))
def needless_copy(sight: Sight) -> Iterator[Said]:
    """Such messages are not to be copied."""
    for copy in _copies(sight):
        for message in _forwarded(copy):
            tags = {(tree.namespace(each), tree.local(each)) for each in tree.children(message)}
            if any((carbons, name) in tags for carbons in CARBONS for name in _COPY):
                yield "a carbon of a carbon"
            if any((carbons, "private") in tags for carbons in CARBONS):
                yield "a carbon of a message that is marked private"
            if message.get("type") == "groupchat":
                yield "a carbon of a groupchat message"


X03 = Rule(
    "X03", Severity.ERROR, "XEP-0297 §3.1", "a forwarded stanza that is not in jabber:client"
)


@X03.on(stanza(holding=_HOLDING))
def lost_namespace(sight: Sight) -> Iterator[Said]:
    """Without `xmlns` of its own it falls into the namespace of the wrapper."""
    for forwarded in sight.tree.iter(f"{{{FORWARD}}}forwarded"):
        for each in tree.children(forwarded):
            namespace = tree.namespace(each)
            if tree.local(each) in STANZAS and namespace not in ns.CONTENT:
                yield f"the forwarded {tree.local(each)} is in {word(namespace) or 'no namespace'}"
