"""Data forms (XEP-0004), field by field."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.contents.content import Content
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import harmless, joined
from xmppspy.protocol.readable import Element

FORM: Final = "{jabber:x:data}x"

_ROOM: Final = 400
"""Characters of a value that are shown; the XML has all."""
_MOST_ROWS: Final = 500


def forms(root: Element) -> Iterator[Content]:
    """The forms inside an element, what they are asked and what was filled in."""
    for form in root.iter(FORM):
        title = joined([form.get("type") or "form", _text(tree.child_text(form, "title"))])
        yield Content(f"form: {harmless(title)}", tuple(_rows(form))[:_MOST_ROWS])


def _rows(form: Element) -> Iterator[tuple[str, str]]:
    for each in tree.children(form):
        name = tree.local(each)
        if name == "instructions":
            yield "instructions", _text(tree.text(each))
        elif name == "field":
            yield _name(each), _field(each)
        elif name == "item":
            cells = [f"{_name(cell)}={_values(cell)}" for cell in tree.children(each, "field")]
            yield "row", joined(cells)


def _name(field: Element) -> str:
    return harmless(field.get("var") or field.get("label") or field.get("type") or "?")


def _field(field: Element) -> str:
    kind, label = field.get("type") or "", field.get("label") or ""
    options = [tree.child_text(each, "value") for each in tree.children(field, "option")]
    said = [
        kind if kind not in ("", "text-single") else "",
        "required" if tree.child(field, "required") is not None else "",
        _text(label) if label and field.get("var") else "",
        f"one of {', '.join(map(_text, options))}" if options else "",
    ]
    remarks = joined(said, "; ")
    return joined([_values(field), f"({remarks})" if remarks else ""])


def _values(field: Element) -> str:
    return ", ".join(_text(tree.text(each)) for each in tree.children(field, "value"))


def _text(text: str) -> str:
    return harmless(text if len(text) <= _ROOM else text[:_ROOM] + "…")
