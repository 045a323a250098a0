"""Data forms (XEP-0004, XEP-0068) and times (XEP-0082)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.readable import Element

FORMS: Final = "jabber:x:data"
_FIELD: Final = f"{{{FORMS}}}field"
_TYPED: Final = frozenset(
    {
        "http://jabber.org/protocol/disco#info",
        "http://jabber.org/protocol/muc#owner",
        "http://jabber.org/protocol/pubsub",
        "http://jabber.org/protocol/pubsub#owner",
        "urn:xmpp:mam:1",
        "urn:xmpp:mam:2",
    }
)
"""Whose forms have to tell by a FORM_TYPE what they are."""
_DATETIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)"
)
_STAMPED: Final = ("{urn:xmpp:delay}delay", "{urn:xmpp:time}utc", "{urn:xmpp:idle:1}idle")
_TIMED: Final = (
    "urn:xmpp:delay", "urn:xmpp:time", "urn:xmpp:idle:1", "urn:xmpp:mam:0", "urn:xmpp:mam:1",
    "urn:xmpp:mam:2", "urn:xmpp:forward:0", "urn:xmpp:carbons:2",
)  # fmt: skip
"""What has times, or carries stanzas with some."""
_TIMES: Final = frozenset({"start", "end"})


def has_payload(record: FrameRecord) -> bool:
    """Whether there is anything but the stanza's own elements."""
    return bool(record.ns)


X06 = Rule(
    "X06", Severity.WARNING, "XEP-0004 §3.2, XEP-0068 §3",
    "a form with nameless fields, with labels in its answer, or of no stated kind",
)  # fmt: skip


@X06.on(stanza(only=has_payload, text=(FORMS.encode(),)))
def wrong_form(sight: Sight) -> Iterator[Said]:
    """Wherever a form stands in the stanza."""
    for form in sight.tree.iter(f"{{{FORMS}}}x"):
        yield from _judge(form)


def _judge(form: Element) -> Iterator[Said]:
    kind = form.get("type")
    fields = list(form.iterchildren(_FIELD))
    if any(not each.get("var") and each.get("type") != "fixed" for each in fields):
        yield "a field without a name (`var`)"
    if kind == "submit" and any(_is_decorated(each) for each in fields):
        yield "labels or options in a submitted form: only names and values belong there"
    types = [each for each in fields if each.get("var") == "FORM_TYPE"]
    if kind in ("form", "result") and any(each.get("type") != "hidden" for each in types):
        yield "FORM_TYPE is not hidden, so it counts for nothing"
    parent = form.getparent()
    owner = "" if parent is None else tree.namespace(parent)
    if fields and not types and owner in _TYPED and kind != "cancel":
        yield f"a form of {word(owner)} without FORM_TYPE"


def _is_decorated(field: Element) -> bool:
    return field.get("label") is not None or tree.child(field, "option") is not None


X07 = Rule("X07", Severity.ERROR, "XEP-0082 §3", "a time that is not written as XEP-0082 says")


@X07.on(stanza(holding=_TIMED))
def wrong_time(sight: Sight) -> Iterator[Said]:
    """Of delays, idle times, clocks, and the limits of archive queries."""
    for each in sight.tree.iter(*_STAMPED):
        name = tree.local(each)
        told = (
            tree.text(each) if name == "utc" else each.get("stamp" if name == "delay" else "since")
        )
        yield from _no_time(name, told)
    if b"urn:xmpp:mam:" in sight.record.data:
        for field in sight.tree.iter(_FIELD):
            if field.get("var") in _TIMES:
                for value in tree.children(field, "value"):
                    yield from _no_time(field.get("var") or "", tree.text(value))


def _no_time(name: str, told: str | None) -> Iterator[Said]:
    if told is not None and MASK in told:
        return
    if not _is_time(told or ""):
        yield f"the time of {word(name)} is {word(told) or 'missing'!r}"


def _is_time(text: str) -> bool:
    match = _DATETIME.fullmatch(text)
    if match is None:
        return False
    try:
        datetime.fromisoformat(match[1].replace("T24:", "T00:").replace(":60", ":59"))
    except ValueError:
        return False
    return True
