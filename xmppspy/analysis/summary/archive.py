"""Message archives (XEP-0313, the older XEP-0136) and the paging of results (XEP-0059)."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.forms import values
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table
from xmppspy.analysis.words import joined, listed, moment, named, word
from xmppspy.protocol.readable import Element

_FORMS: Final = "jabber:x:data"
_RSM: Final = "http://jabber.org/protocol/rsm"
_TIMES: Final = frozenset({"start", "end"})


def page(element: Element) -> str:
    """What part of a long result is asked for (XEP-0059 §2): `max=50 after=…`."""
    rsm = tree.of(element, _RSM, "set")
    if rsm is None:
        return ""
    parts = []
    for each in tree.children(rsm):
        name, value = tree.local(each), tree.text(each)
        parts.append(f"{word(name)}={word(value)}" if value else _EMPTY.get(name, word(name)))
    return joined(parts)


_EMPTY: Final = {"before": "last page", "after": "first page"}


def paged(element: Element) -> tuple[str, str]:
    """Of a result that comes in pages: how many there are in all, and the id of the last one."""
    rsm = tree.of(element, _RSM, "set")
    return word(tree.child_text(rsm, "count")), word(tree.child_text(rsm, "last"))


def _query(element: Element, setting: Setting) -> str:
    if setting.type == "result":
        return _form(element)
    asked = [page(element), named(queryid=element.get("queryid"), node=element.get("node"))]
    if setting.type == "get":
        return "fields?"
    return joined(["query", _conditions(element, setting), *asked])


def _form(element: Element) -> str:
    form = tree.of(element, _FORMS, "x")
    names = [] if form is None else [word(each.get("var")) for each in tree.children(form, "field")]
    return f"fields {listed([name for name in names if name != 'FORM_TYPE'], 8)}"


def _conditions(element: Element, setting: Setting) -> str:
    """The filter of a query: a form, or child elements in the oldest version."""
    form = tree.of(element, _FORMS, "x")
    if form is not None:
        found = values(form)
    else:
        found = {
            tree.local(each): tree.text(each)
            for each in tree.children(element)
            if tree.namespace(each) == tree.namespace(element)
        }
    found.pop("FORM_TYPE", None)
    return joined(f"{word(name)}={_value(name, text, setting)}" for name, text in found.items())


def _value(name: str, text: str, setting: Setting) -> str:
    if name == "with":
        return setting.who(text)
    return moment(text) if name in _TIMES else word(text)


def _fin(element: Element, _setting: Setting) -> str:
    total, last = paged(element)
    return joined(
        [
            "done",
            f"of {total}" if total else "",
            named(complete=element.get("complete"), queryid=element.get("queryid")),
            f"last={last}" if last else "",
        ]
    )


def _preferences(element: Element, setting: Setting) -> str:
    always, never = (tree.child(element, name) for name in ("always", "never"))
    counts = [
        f"{name} {tree.count(each)}"
        for name, each in (("always", always), ("never", never))
        if each is not None and len(each)
    ]
    asked = "" if setting.type != "get" else "?"
    return joined([f"preferences{asked}", named(default=element.get("default")), *counts])


def _metadata(element: Element, setting: Setting) -> str:
    if setting.type == "get":
        return "metadata?"
    times = [
        f"{name} {moment(each.get('timestamp'))}"
        for name in ("start", "end")
        if (each := tree.child(element, name)) is not None
    ]
    return f"metadata: {', '.join(times) or 'empty'}"


def _old(element: Element, setting: Setting) -> str:
    """Message Archiving (XEP-0136): `list`, `retrieve`, `save`, `chat`, `remove`, …."""
    conversation = element if element.get("with") else tree.child(element, "chat")
    whom = "" if conversation is None else setting.who(conversation.get("with"))
    start = "" if conversation is None else moment(conversation.get("start"))
    children = [tree.local(each) for each in tree.children(element) if tree.local(each) != "set"]
    counted = [f"{children.count(name)} {word(name)}" for name in dict.fromkeys(children)]
    return joined(
        [
            word(tree.local(element)),
            f"with={whom}" if whom else "",
            f"start={start}" if start else "",
            named(save=element.get("save"), end=element.get("end"), open=element.get("open")),
            f"({listed(counted)})" if counted else "",
            page(element) if setting.type != "result" else "",
        ]
    )


TABLE: Final[Table] = {
    "{urn:xmpp:mam}query": Entry("archive", _query),
    "{urn:xmpp:mam:tmp}query": Entry("archive", _query),
    "{urn:xmpp:mam}fin": Entry("archive", _fin),
    "{urn:xmpp:mam}prefs": Entry("archive", _preferences),
    "{urn:xmpp:mam:tmp}prefs": Entry("archive", _preferences),
    "{urn:xmpp:mam}metadata": Entry("archive", _metadata),
} | {
    f"{{urn:xmpp:archive}}{name}": Entry("archive", _old)
    for name in (
        "auto", "chat", "itemremove", "list", "modified", "pref", "remove", "retrieve", "save",
        "session", "sessionremove",
    )
}  # fmt: skip
