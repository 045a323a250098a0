"""Contacts: the roster (RFC 6121 §2), roster exchange, blocking, privacy lists, bookmarks."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table
from xmppspy.analysis.words import MASK, counted, joined, listed, named, quoted, word
from xmppspy.protocol.readable import Element

_NAME_ROOM: Final = 40


def _roster(element: Element, setting: Setting) -> str:
    version = named(ver=element.get("ver"))
    if setting.type == "get":
        return version
    if setting.type == "set":
        push = "" if setting.outgoing else joined(["push", setting.forged])
        changes = [_contact(item, setting) for item in tree.children(element, "item")]
        return joined([push, listed(changes) or "no item", version])
    return joined([counted(tree.count(element, "item"), "item"), version])


def _contact(item: Element, setting: Setting) -> str:
    """`nurse@example.org both "Nurse" [Servants]`."""
    jid = setting.who(item.get("jid")) or "(no jid)"
    if item.get("subscription") == "remove":
        return (
            f"{'removes ' if setting.outgoing else ''}{jid}{'' if setting.outgoing else ' removed'}"
        )
    name = item.get("name")
    groups = [word(tree.text(group)) for group in tree.children(item, "group")]
    return joined(
        [
            jid,
            word(item.get("subscription")),
            quoted(name, _NAME_ROOM) if name else "",
            f"[{listed(groups)}]" if groups else "",
            named(ask=item.get("ask")),
            "pre-approved" if item.get("approved") in ("true", "1") else "",
        ]
    )


def _suggestion(element: Element, _setting: Setting) -> str:
    """Roster Item Exchange (XEP-0144)."""
    deeds = [each.get("action") or "add" for each in tree.children(element, "item")]
    return listed([f"{word(deed)} {deeds.count(deed)}" for deed in dict.fromkeys(deeds)]) or "empty"


def _blocked(element: Element, setting: Setting) -> str:
    items = tree.children(element, "item")
    jids = [setting.who(each.get("jid")) for each in items]
    report = next((each for item in items if (each := tree.child(item)) is not None), None)
    reason = "" if report is None else (report.get("reason") or "").rpartition(":")[2]
    return joined([listed(jids) or "everybody", f"reported: {word(reason)}" if reason else ""])


def _block_list(element: Element, setting: Setting) -> str:
    return (
        ""
        if setting.type == "get"
        else counted(tree.count(element, "item"), "address", "addresses")
    )


def _privacy(element: Element, _setting: Setting) -> str:
    """Privacy Lists (XEP-0016)."""
    said = []
    for each in tree.children(element):
        kind, name = word(tree.local(each)), each.get("name")
        rules = tree.count(each, "item")
        said.append(
            joined(
                [
                    kind,
                    quoted(name, _NAME_ROOM) if name else "none" if kind != "list" else "",
                    f"({counted(rules, 'rule')})" if rules else "",
                ]
            )
        )
    return listed(said) or "lists"


def _conference(element: Element, _setting: Setting) -> str:
    """A bookmark; in PEP its address is the item's id (XEP-0402)."""
    name = element.get("name")
    return joined(
        [
            word(element.get("jid")),
            quoted(name, _NAME_ROOM) if name else "",
            "autojoin" if element.get("autojoin") in ("true", "1") else "",
            f"password {MASK}" if tree.child(element, "password") is not None else "",
        ]
    )


def _bookmarks(element: Element, _setting: Setting) -> str:
    rooms, links = tree.count(element, "conference"), tree.count(element, "url")
    return joined([counted(rooms, "room"), counted(links, "link") if links else ""], ", ")


def _private(element: Element, setting: Setting) -> str:
    """Private XML Storage (XEP-0049): what is wanted or kept, by its name."""
    return listed([_kept(each, setting) for each in tree.children(element)]) or "empty"


def _kept(element: Element, setting: Setting) -> str:
    namespace, name = tree.parts(element)
    if namespace in _STORAGE and not len(element):
        return _STORAGE[namespace]
    return setting.tell(element) if namespace in _STORAGE else f"{word(name)} {{{word(namespace)}}}"


_STORAGE: Final = {"storage:bookmarks": "bookmarks", "storage:rosternotes": "roster notes"}


def _annotations(element: Element, _setting: Setting) -> str:
    return counted(tree.count(element, "note"), "note")


TABLE: Final[Table] = {
    "{jabber:iq:roster}query": Entry("roster", _roster),
    "{http://jabber.org/protocol/rosterx}x": Entry("roster suggestion", _suggestion),
    "{jabber:x:roster}x": Entry("roster suggestion", _suggestion),
    "{urn:xmpp:blocking}block": Entry("block", _blocked),
    "{urn:xmpp:blocking}unblock": Entry("unblock", _blocked),
    "{urn:xmpp:blocking}blocklist": Entry("block list", _block_list),
    "{jabber:iq:privacy}query": Entry("privacy", _privacy),
    "{jabber:iq:private}query": Entry("private storage", _private),
    "{storage:bookmarks}storage": Entry("bookmarks", _bookmarks),
    "{urn:xmpp:bookmarks}conference": Entry("bookmark", _conference),
    "{storage:rosternotes}storage": Entry("roster notes", _annotations),
}
