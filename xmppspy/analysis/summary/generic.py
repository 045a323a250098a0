"""Payloads that no table knows: named by their specification, else by their namespace."""

from typing import Final

from xmppspy.analysis import registry
from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry
from xmppspy.analysis.words import joined, size, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

_MOST_VALUES: Final = 3
_TITLE_ROOM: Final = 50
_TELLING: Final = (
    "action", "type", "node", "nodeId", "name", "var", "jid", "id", "method", "status", "code",
    "seqnr", "sourceId", "result", "done", "start", "end", "version", "ver", "with", "xml:lang",
)  # fmt: skip
"""Attributes that are worth telling and hold no secrets, the most telling first."""


def entry(tag: str) -> Entry:
    """How to describe elements of a tag: `foo (XEP-0999 Title)`, or `{urn:example}foo`."""
    namespace, local = tree.split(tag)
    local = word(local) or "(no name)"
    if namespace in ns.CONTENT or not namespace:
        return Entry(local, describe)
    known = registry.lookup(namespace)
    if known is None:
        return Entry(f"{local} {{{word(namespace)}}}", describe)
    origin = joined([known.id, _title(known.title)])
    return Entry(f"{local} ({origin})", describe)


def _title(title: str) -> str:
    return title if len(title) <= _TITLE_ROOM else title[: _TITLE_ROOM - 1].rstrip() + "…"


def describe(element: Element, setting: Setting) -> str:
    """Attributes that tell something, and what is inside by name; no text, it may be secret."""
    values = [
        f"{name}={word(value)}" for name in _TELLING if (value := element.get(name)) is not None
    ]
    text = "" if len(element) else (element.text or "").strip()
    content = f"({size(len(text.encode(errors='replace')))})" if text else tree.names(element)
    carried = tree.child(element, "forwarded")
    return joined(
        [
            " ".join(values[:_MOST_VALUES]),
            content if carried is None else setting.tell(carried),
        ]
    )
