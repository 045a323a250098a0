"""Messages that refer to others: corrections, replies, reactions, retractions; stanza ids."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import MAX_KEY, Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.responders import same
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol.events import Direction
from xmppspy.protocol.readable import Element

CORRECTION: Final = "urn:xmpp:message-correct:0"
IDS: Final = "urn:xmpp:sid:0"
REPLY: Final = "urn:xmpp:reply:0"
REACTIONS: Final = "urn:xmpp:reactions:0"
RETRACT: Final = ("urn:xmpp:message-retract:0", "urn:xmpp:message-retract:1")
_REFERRING: Final = {
    f"{{{REPLY}}}reply": "a reply to",
    f"{{{REACTIONS}}}reactions": "a reaction to",
    **{f"{{{each}}}retract": "a retraction of" for each in RETRACT},
}
_BY_ROOM: Final = f"{{{IDS}}}stanza-id"
_GIVEN: Final = frozenset({_BY_ROOM, f"{{{IDS}}}origin-id"})
_KEPT: Final = 5000
"""Messages that are remembered."""


class _Message(NamedTuple):
    """One that others may refer to."""

    n: int
    dir: Direction
    peer: str
    """Whom it is for, or whom it is from; the room for what is said in one."""
    type: str | None
    by_room: bool
    """Whether the id is one that a room or an archive has given."""


class _Messages:
    """Messages by their ids: their own, those of their origin, those that archives gave them."""

    def __init__(self) -> None:
        self.by_id: Kept[str, _Message] = Kept(_KEPT)


@follows(stanza("message"))
def keep(sight: Sight) -> None:
    """Remember the ids of messages."""
    record = sight.record
    known = sight.capture.of(_Messages).by_id
    if record.id and known.get(record.id) is None:
        peer = _correspondent(sight, sight.tree)
        known.put(record.id, _Message(record.n, record.dir, peer, record.type, by_room=False))
    if IDS in record.ns:
        _keep_given(sight, sight.tree)


@follows(stanza("message", text=(b"forwarded",)))
def keep_forwarded(sight: Sight) -> None:
    """Remember the ids of forwarded ones: of carbons, and out of archives."""
    record, known = sight.record, sight.capture.of(_Messages).by_id
    archived = [each.get("id") for each in tree.children(sight.tree, "result")]
    for forwarded in sight.tree.iter("{urn:xmpp:forward:0}forwarded"):
        for message in tree.children(forwarded, "message"):
            peer, type_ = _correspondent(sight, message), message.get("type")
            if name := message.get("id"):
                known.put(name, _Message(record.n, record.dir, peer, type_, by_room=False))
            for name in filter(None, archived):
                known.put(name, _Message(record.n, record.dir, peer, type_, by_room=True))
            _keep_given(sight, message)


def _keep_given(sight: Sight, message: Element) -> None:
    """The ids of its origin, and those that rooms and archives gave it (XEP-0359)."""
    record, known = sight.record, sight.capture.of(_Messages).by_id
    peer, type_ = _correspondent(sight, message), message.get("type")
    for each in tree.children(message):
        tag = each.tag
        if tag in _GIVEN and (given := each.get("id")):
            known.put(given, _Message(record.n, record.dir, peer, type_, tag == _BY_ROOM))


def _correspondent(sight: Sight, message: Element) -> str:
    """The other one's bare address, of a message as it stands in a client's stream."""
    sender = message.get("from") or ""
    is_mine = sight.up if message == sight.tree else bool(sender) and _is_me(sight, sender)
    peer = (message.get("to") if is_mine else sender) or ""
    return peer.partition("/")[0][:MAX_KEY]


def _is_me(sight: Sight, jid: str) -> bool:
    return sight.me.bare is not None and same(jid.partition("/")[0], sight.me.bare)


M09 = Rule(
    "M09", Severity.WARNING, "XEP-0308 §3",
    "a correction to somebody else, or of another type, than the message it corrects",
)  # fmt: skip


@M09.on(stanza("message", holding=[CORRECTION]))
def misplaced_correction(sight: Sight) -> Iterator[Said]:
    """It will not be found there."""
    replace = sight.child(CORRECTION, "replace")
    if replace is None:
        return
    original = sight.capture.of(_Messages).by_id.get(replace.get("id") or "")
    if original is None or original.dir != sight.record.dir or original.by_room:
        return
    peer = _correspondent(sight, sight.tree)
    if original.peer and peer and not same(original.peer, peer):
        yield f"frame {original.n}, which it corrects, is about {word(original.peer)}"
    elif (original.type or "normal") != (sight.record.type or "normal"):
        type_ = word(original.type) or "normal"
        yield f"frame {original.n}, which it corrects, is of type {type_}"


M10 = Rule(
    "M10", Severity.INFO, "XEP-0461 §3.1, XEP-0444 §4.2, XEP-0424 §4",
    "a reference to a message that is not in this capture, or by a wrong kind of id",
)  # fmt: skip


@M10.on(stanza("message", holding=[REPLY, REACTIONS, *RETRACT]))
def unknown_reference(sight: Sight) -> Iterator[Said]:
    """In rooms only the id that the room has given counts."""
    for each in sight.children:
        verb = _REFERRING.get(str(each.tag))
        name = each.get("id")
        if verb is None or not name or MASK in name:
            continue
        known = sight.capture.of(_Messages).by_id.get(name)
        if known is None:
            yield f"{verb} {word(name)!r}, which is no message of this capture"
        elif sight.record.type == "groupchat" and not known.by_room:
            yield f"{verb} {word(name)!r}, its sender's id; in a room the stanza-id counts"


M11 = Rule(
    "M11", Severity.ERROR, "XEP-0359 §3.1, §6",
    "a stanza-id that claims to be given by somebody else than the account or the room",
)  # fmt: skip


@M11.on(stanza("message", holding=[IDS], way="s2c"))
def forged_id(sight: Sight) -> Iterator[Said]:
    """Who believes it can be made to skip messages, or to show them twice."""
    me, sender = sight.me, sight.record.from_
    if me.bare is None or sight.conn.kind != "client":
        return
    trusted = {me.bare, me.domain or me.bare, (sender or me.bare).partition("/")[0]}
    for each in sight.tree.iterchildren(f"{{{IDS}}}stanza-id"):
        by = each.get("by")
        if not by:
            yield "the stanza-id does not say by whom it was given"
        elif by not in trusted and not any(same(by, one) for one in trusted):
            yield f"a stanza-id given by {word(by)}, in a message from {word(sender)}"
