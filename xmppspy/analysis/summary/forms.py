"""Data forms (XEP-0004) and what is made of them: commands (XEP-0050), CAPTCHAs, negotiations."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table
from xmppspy.analysis.words import counted, joined, listed, quoted, word
from xmppspy.protocol.readable import Element

_FORMS: Final = "jabber:x:data"
_TITLE_ROOM: Final = 50
_NOTE_ROOM: Final = 80
_PREFIXES: Final = ("http://jabber.org/protocol/", "urn:xmpp:")


def values(form: Element) -> dict[str, str]:
    """The fields of a form by name, each with its first value."""
    return {
        name: tree.child_text(field, "value")
        for field in tree.children(form, "field")
        if (name := field.get("var"))
    }


def form(element: Element) -> str:
    """`form "Title" (5 fields)`; of what was filled in, only how much: it may be secret."""
    kind = element.get("type") or "form"
    if kind == "cancel":
        return "form cancelled"
    title = tree.child_text(element, "title")
    fields = sum(
        1
        for each in tree.children(element, "field")
        if each.get("type") not in ("hidden", "fixed") and each.get("var") != "FORM_TYPE"
    )
    rows = tree.count(element, "item")
    return joined(
        [
            {"submit": "form submitted", "result": "form result"}.get(kind, "form"),
            quoted(title, _TITLE_ROOM) if title else _form_type(element),
            f"({counted(rows, 'row') if rows else counted(fields, 'field')})",
        ]
    )


def form_in(element: Element) -> str:
    """The same of the form that an element holds; empty when it holds none."""
    found = tree.of(element, _FORMS, "x")
    return "" if found is None else form(found)


def _form_type(element: Element) -> str:
    for field in tree.children(element, "field"):
        if field.get("var") == "FORM_TYPE":
            return node(tree.child_text(field, "value"))
    return ""


def node(name: str | None) -> str:
    """A node or form type without what most of them begin with."""
    for prefix in _PREFIXES:
        name = (name or "").removeprefix(prefix)
    return word(name)


def _form(element: Element, _setting: Setting) -> str:
    return form(element)


def _command(element: Element, setting: Setting) -> str:
    """A step of a command, or what came of it."""
    status = element.get("status")
    state = status or ("" if setting.type == "result" else element.get("action") or "execute")
    notes = [
        joined([word(note.get("type")), quoted(tree.text(note), _NOTE_ROOM)])
        for note in tree.children(element, "note")
    ]
    actions = tree.child(element, "actions")
    offered = [] if actions is None else [tree.local(each) for each in tree.children(actions)]
    said = [word(state), form_in(element), *notes]
    return joined(
        [
            node(element.get("node")) or "(no node)",
            joined(said, ", "),
            f"[{listed(map(word, offered))}]" if offered else "",
        ]
    )


def _with_form(element: Element, _setting: Setting) -> str:
    return form_in(element)


TABLE: Final[Table] = {
    "{jabber:x:data}x": Entry("", _form),
    "{http://jabber.org/protocol/commands}command": Entry("command", _command),
    "{http://jabber.org/protocol/feature-neg}feature": Entry("feature negotiation", _with_form),
    "{urn:xmpp:captcha}captcha": Entry("CAPTCHA", _with_form),
}
