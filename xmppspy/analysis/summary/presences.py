"""Presence (RFC 6121 §3-4): who is available, subscriptions, what comes along."""

from collections.abc import Mapping
from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.messages import Payloads
from xmppspy.analysis.summary.outline import Outline
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.words import joined, word
from xmppspy.protocol.readable import Element

_DEEDS: Final = frozenset({"subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe"})
_INVISIBLE: Final = frozenset({"invisible", "visible"})
"""Types of an elder time (XEP-0018)."""
_ROOMS: Final = "http://jabber.org/protocol/muc"
_USUAL_PRIORITY: Final = ("", "0")


def presence(setting: Setting, content: Mapping[str, Element], payloads: Payloads) -> Outline:
    """What a presence is; `content` holds its children of the content namespace."""
    leads = ", ".join(filter(None, [lead.text for lead in payloads.leads]))
    status = tree.text(content.get("status"))
    said = setting.quote(status) if status else ""
    if not setting.type and any(lead.namespace.startswith(_ROOMS) for lead in payloads.leads):
        parts = [leads, _details(content)]
    else:
        state = _state(setting, content)
        parts = [f"{state}, {leads}" if leads else state]
    # What it carries is told with it: a room's business has no topic of its own.
    return Outline("", joined([*parts, said, payloads.brackets]))


def _state(setting: Setting, content: Mapping[str, Element]) -> str:
    if setting.type in _DEEDS:
        return joined([setting.type, _whom(setting)])
    if setting.type == "unavailable":
        return "offline"
    if setting.type in _INVISIBLE:
        return setting.type
    state = f"type {word(setting.type)}?" if setting.type else "available"
    return joined([state, _details(content)])


def _whom(setting: Setting) -> str:
    """`→ nurse@example.org`, or `← …` for what comes from there."""
    arrow = "→" if setting.outgoing else "←"
    return f"{arrow} {setting.other}" if setting.other else ""


def _details(content: Mapping[str, Element]) -> str:
    show = word(tree.text(content.get("show")))
    priority = word(tree.text(content.get("priority")))
    details = joined([show, "" if priority in _USUAL_PRIORITY else f"prio {priority}"], ", ")
    return f"({details})" if details else ""
