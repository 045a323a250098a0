"""What carries other stanzas: carbons, archive results, forwarded and privileged ones."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table
from xmppspy.analysis.words import counted, joined, listed, moment, word
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.readable import Element

MOST_DEPTH: Final = 3
"""Wrappers inside wrappers that are still opened."""
_EMPTY: Final = "nothing"


def _carried(element: Element | None) -> Element | None:
    """The stanza in a `<forwarded/>`, whatever namespace it fell into."""
    for each in () if element is None else tree.children(element):
        if tree.local(each) in STANZAS:
            return each
    return None


def _stamp(forwarded: Element | None) -> str:
    delay = tree.child(forwarded, "delay")
    return "" if delay is None else moment(delay.get("stamp"))


def _told(stanza: Element | None, setting: Setting) -> str:
    """What the carried stanza is; its kind is named unless it is a message."""
    if stanza is None:
        return _EMPTY
    if setting.depth >= MOST_DEPTH:
        return "…"
    kind = tree.local(stanza)
    type_ = stanza.get("type") or ""
    words = {"message": "" if type_ == "normal" else type_, "iq": f"iq {type_}"}.get(kind, kind)
    return joined([word(words), setting.teller.stanza(stanza, setting)])


def _between(stanza: Element | None, setting: Setting) -> str:
    """`romeo@example.org→me`."""
    if stanza is None:
        return ""
    from_, to = setting.who(stanza.get("from")), setting.who(stanza.get("to"))
    return f"{from_}→{to}" if from_ or to else ""


def _sent(element: Element, setting: Setting) -> str:
    stanza = _carried(tree.child(element, "forwarded"))
    to = "" if stanza is None else setting.who(stanza.get("to"))
    return f"{joined([f'sent→{to}', setting.forged])}: {_told(stanza, setting)}"


def _received(element: Element, setting: Setting) -> str:
    stanza = _carried(tree.child(element, "forwarded"))
    from_ = "" if stanza is None else setting.who(stanza.get("from"))
    return f"{joined([f'recv←{from_}', setting.forged])}: {_told(stanza, setting)}"


def _result(element: Element, setting: Setting) -> str:
    """One message out of an archive (XEP-0313 §4.2)."""
    forwarded = tree.child(element, "forwarded")
    stanza = _carried(forwarded)
    query = word(element.get("queryid"))
    return joined(
        [
            f"[{query}]" if query else "result",
            _stamp(forwarded),
            _between(stanza, setting),
            _told(stanza, setting),
        ]
    )


def _forwarded(element: Element, setting: Setting) -> str:
    stanza = _carried(element)
    told = joined([_stamp(element), _between(stanza, setting)])
    return f"{told}: {_told(stanza, setting)}" if told else _told(stanza, setting)


def _carrier(element: Element, setting: Setting) -> str:
    """A wrapper whose forwarded stanza is all there is to it, or else a list of its content."""
    forwarded = tree.child(element, "forwarded")
    if forwarded is not None:
        return _forwarded(forwarded, setting)
    names = [word(tree.local(each)) for each in tree.children(element)]
    return f"({listed(names)})" if names else ""


def _privilege(element: Element, setting: Setting) -> str:
    """Privileged Entity (XEP-0356): permissions, or a stanza in another's name."""
    granted = [
        joined([word(each.get("access")), word(each.get("type"))], ":")
        for each in tree.children(element, "perm")
    ]
    return f"grants {listed(granted)}" if granted else _carrier(element, setting)


def _privileged_iq(element: Element, setting: Setting) -> str:
    inner = tree.child(element, "iq")
    return f"for {_between(inner, setting) or _EMPTY}: {_told(inner, setting)}"


def _delegation(element: Element, setting: Setting) -> str:
    delegated = [word(each.get("namespace")) for each in tree.children(element, "delegated")]
    return f"of {listed(delegated)}" if delegated else _carrier(element, setting)


def _inbox_entry(element: Element, _setting: Setting) -> str:
    unread = word(element.get("unread"))
    return joined([word(element.get("jid")), f"{unread} unread" if unread else ""])


def _inbox(element: Element, setting: Setting) -> str:
    if setting.type != "result":
        return "query"
    total, unread = word(element.get("total")), word(element.get("unread"))
    return f"{total or counted(0, 'conversation')} in all, {unread or 0} unread"


TABLE: Final[Table] = {
    "{urn:xmpp:carbons}sent": Entry("carbon", _sent),
    "{urn:xmpp:carbons}received": Entry("carbon", _received),
    "{urn:xmpp:mam}result": Entry("archive", _result),
    "{urn:xmpp:mam:tmp}result": Entry("archive", _result),
    "{urn:xmpp:forward}forwarded": Entry("forwarded", _forwarded),
    "{urn:xmpp:privilege}privilege": Entry("privilege", _privilege),
    "{urn:xmpp:privilege}privileged_iq": Entry("privileged iq", _privileged_iq),
    "{urn:xmpp:delegation}delegation": Entry("delegation", _delegation),
    "{urn:xmpp:delegation}delegate": Entry("delegation", _delegation),
    "{urn:xmpp:inbox}inbox": Entry("inbox", _inbox),
    "{urn:xmpp:inbox}entry": Entry("inbox", _inbox_entry),
    "{urn:xmpp:inbox}fin": Entry("inbox", _inbox),
}
