"""What may stand in a stanza (RFC 6120 §8.4)."""

from collections.abc import Iterable, Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.words import word

_ATTRIBUTES: Final = frozenset({"to", "from", "id", "type"})
_CHILDREN: Final[dict[str, frozenset[str]]] = {
    "message": frozenset({"subject", "body", "thread", "error"}),
    "presence": frozenset({"show", "status", "priority", "error"}),
    "iq": frozenset({"error"}),
}
_EXTENSIONS: Final = frozenset(
    {
        "query", "x", "c", "active", "composing", "paused", "inactive", "gone", "request",
        "received", "displayed", "acknowledged", "markable", "delay", "event", "pubsub", "html",
        "data", "vCard", "command", "jingle", "encrypted", "encryption", "openpgp", "origin-id",
        "stanza-id", "replace", "reactions", "reply", "retract", "fallback", "forwarded", "result",
        "sent", "private", "no-copy", "no-store", "no-permanent-store", "store", "nick", "idle",
        "occupant-id", "fin", "attention", "addresses", "invite", "signed", "thumbnail",
        "reference", "file-sharing", "geoloc", "tune", "mood", "activity", "propose", "proceed",
        "accept", "reject", "retracted", "moderated", "apply-to", "spoiler", "body-label",
    }
)  # fmt: skip
"""Names of common extensions, by which an element that lost its namespace is recognised."""


def _strays(sight: Sight) -> Iterable[str]:
    """The names of children in the content namespace that do not belong there."""
    names, known = sight.content, _CHILDREN[sight.record.kind]
    return () if known.issuperset(names) else names.keys() - known


A21 = Rule(
    "A21", Severity.WARNING, "RFC 6120 §8.4",
    "an attribute or a child element that stanzas do not have",
)  # fmt: skip


@A21.on(stanza())
def unknown_parts(sight: Sight) -> Iterator[Said]:
    """Extensions have namespaces of their own."""
    names = [str(name) for name, _ in sight.tree.items()]
    if not _ATTRIBUTES.issuperset(names):
        for name in names:
            if name not in _ATTRIBUTES and not name.startswith("{"):
                yield f"{word(name)!r} is no attribute of a {sight.record.kind}"
    if sight.record.kind == "iq":
        return
    for name in _strays(sight):
        if name not in _EXTENSIONS:
            yield f"<{word(name)}> is no child of a {sight.record.kind}"


A22 = Rule("A22", Severity.WARNING, "RFC 6120 §8.4", "an extension without its namespace")


@A22.on(stanza())
def lost_namespace(sight: Sight) -> Iterable[Said]:
    """Without `xmlns` it fell into the content namespace, where nobody looks for it."""
    return [
        f"<{word(name)}> has no namespace of its own"
        for name in _strays(sight)
        if name in _EXTENSIONS or sight.record.kind == "iq"
    ]
