"""Receipts (XEP-0184) and chat markers (XEP-0333)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.words import word

RECEIPTS: Final = "urn:xmpp:receipts"
MARKERS: Final = "urn:xmpp:chat-markers:0"
CORRECTION: Final = "urn:xmpp:message-correct:0"
_MARKS: Final = ("displayed", "received", "acknowledged")
_KEPT: Final = 5000
"""Ids of marker messages that are remembered."""


M05 = Rule(
    "M05", Severity.ERROR, "XEP-0184 §5, XEP-0333 §4, XEP-0308 §3",
    "a message without id that asks for a receipt or a marker, or corrects another one",
)  # fmt: skip


@M05.on(stanza("message", holding=[RECEIPTS, MARKERS, CORRECTION]))
def nothing_to_refer_to(sight: Sight) -> Iterator[Said]:
    """Nobody can refer to it."""
    if sight.record.id:
        return
    asks = {
        "a receipt": sight.child(RECEIPTS, "request"),
        "a marker": sight.child(MARKERS, "markable"),
        "a correction of itself": sight.child(CORRECTION, "replace"),
    }
    wanted = [name for name, found in asks.items() if found is not None]
    if wanted:
        yield f"the message makes room for {' and '.join(wanted)}, but has no id"


M06 = Rule(
    "M06", Severity.WARNING, "XEP-0184 §5",
    "a receipt that is asked for where there should be none",
)  # fmt: skip


@M06.on(stanza("message", holding=[RECEIPTS]))
def unwanted_receipt(sight: Sight) -> Iterator[Said]:
    """For a receipt, for an error, in a room."""
    asks = sight.child(RECEIPTS, "request") is not None
    gives = sight.child(RECEIPTS, "received") is not None
    if asks and gives:
        yield "a receipt that asks for a receipt"
    elif sight.record.type == "error":
        # What bounced holds what its sender wrote.
        if gives and sight.up:
            yield "a receipt of type error"
    elif sight.record.type == "groupchat":
        yield "a receipt in a room" if gives else "a receipt is asked for in a room"


M07 = Rule("M07", Severity.ERROR, "XEP-0333 §4", "a marker for a marker")


class _Markers:
    """The ids of messages that are markers."""

    def __init__(self) -> None:
        self.ids: Kept[str, int] = Kept(_KEPT)


def _mark(sight: Sight) -> str | None:
    """The id that a marker is about."""
    for name in _MARKS:
        found = sight.child(MARKERS, name)
        if found is not None:
            return found.get("id") or ""
    return None


@M07.on(stanza("message", holding=[MARKERS]))
def marked_marker(sight: Sight) -> Iterator[Said]:
    """Two that do so would never stop."""
    about = _mark(sight)
    if about is None:
        return
    if sight.child(MARKERS, "markable") is not None:
        yield "a marker that can be marked itself"
    earlier = sight.capture.of(_Markers).ids.get(about)
    if about and earlier is not None:
        yield f"the marked message {word(about)!r}, frame {earlier}, is a marker"


@follows(stanza("message", holding=[MARKERS]))
def keep_marker(sight: Sight) -> None:
    """Remember which messages are markers, and nothing else."""
    if sight.record.id and _mark(sight) is not None and not sight.own("body"):
        sight.capture.of(_Markers).ids.put(sight.record.id, sight.record.n)
