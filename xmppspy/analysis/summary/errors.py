"""Errors in words: of stanzas, streams, SASL and stream management."""

from collections.abc import Mapping
from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.words import joined, listed, named, quoted, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

_TEXT_ROOM: Final = 100
_CONDITIONS: Final = frozenset({ns.STANZA_ERRORS, ns.STREAM_ERRORS, ns.SASL})
_LEGACY: Final[Mapping[str, str]] = {
    "302": "redirect", "400": "bad-request", "401": "not-authorized", "402": "payment-required",
    "403": "forbidden", "404": "item-not-found", "405": "not-allowed", "406": "not-acceptable",
    "407": "registration-required", "408": "remote-server-timeout", "409": "conflict",
    "500": "internal-server-error", "501": "feature-not-implemented", "502": "service-unavailable",
    "503": "service-unavailable", "504": "remote-server-timeout", "510": "service-unavailable",
}  # fmt: skip
"""What the codes of elder servers stand for (XEP-0086)."""


def error(element: Element, setting: Setting) -> str:
    """An `<error/>` (RFC 6120 §8.3): `item-not-found (cancel) "text"`."""
    by = element.get("by")
    return joined(
        [
            problem(element) or _legacy(element),
            f"({word(element.get('type'))})" if element.get("type") else "",
            _text(element),
            named(by=setting.who(by)) if by else "",
        ]
    )


def failure(element: Element) -> str:
    """A stream error, a `<failure/>` or a `<failed/>`: `conflict "text"`."""
    return joined([problem(element) or "(no condition)", _text(element)])


def problem(element: Element) -> str:
    """The condition of an error, and what an application adds to it in brackets."""
    conditions, details = [], []
    for each in tree.children(element):
        name = tree.local(each)
        if name == "text":
            continue
        if tree.namespace(each) in _CONDITIONS:
            where = each.text
            conditions.append(f"{word(name)} → {word(where)}" if where else word(name))
        else:
            details.append(_detail(each))
    if not conditions:
        # Conditions in a wrong namespace, or none at all, come from peers that are being debugged.
        conditions, details = details[:1], details[1:]
    return joined([listed(conditions), f"[{listed(details)}]" if details else ""])


def _detail(element: Element) -> str:
    said = [f"{word(key)}={word(value)}" for key, value in tree.attributes(element)]
    return joined([word(tree.local(element)), listed(said, 2, " ")])


def _text(element: Element) -> str:
    said = (tree.child_text(element, "text") or element.text or "").strip()
    return quoted(said, _TEXT_ROOM) if said else ""


def _legacy(element: Element) -> str:
    code = element.get("code")
    if code is None:
        return "(no condition)"
    meaning = _LEGACY.get(code)
    return f"{word(code)} {meaning}" if meaning else word(code)
