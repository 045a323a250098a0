"""What servers and components say to one another: dialback, handshakes, bidirectional streams."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.errors import error
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, nothing, said
from xmppspy.analysis.words import MASK, joined, named, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

_DIALBACK: Final = "{jabber:server:dialback}"


def _pair(element: Element) -> str:
    return f"{word(element.get('from')) or '?'}→{word(element.get('to')) or '?'}"


def _dialback(element: Element, setting: Setting) -> str:
    """A step of Server Dialback (XEP-0220): a key shown, a key checked, or what came of it."""
    verdict = element.get("type")
    what = _pair(element)
    id_ = named(stream=element.get("id"))
    is_check = tree.local(element) == "verify"
    if verdict is None:
        return joined(["verify key?" if is_check else "key", what, id_])
    problem = tree.child(element, "error")
    said = word(verdict) if problem is None else error(problem, setting)
    return joined(["key" if is_check else "", said, what, id_])


def _handshake(element: Element, _setting: Setting) -> str:
    """External components (XEP-0114 §3): the hash of the secret, or that it was right."""
    return f"hash {MASK}" if tree.text(element) else "accepted"


TABLE: Final[Table] = {
    f"{_DIALBACK}result": Entry("dialback", _dialback),
    f"{_DIALBACK}verify": Entry("dialback", _dialback),
    "{urn:xmpp:bidi}bidi": Entry("both directions on this stream", nothing),
    "{urn:xmpp:component}bind": said("component bind"),
} | {
    f"{{{namespace}}}handshake": Entry("component handshake", _handshake)
    for namespace in ns.CONTENT
}  # fmt: skip
