"""Rooms (XEP-0045)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Place, Said, Severity, place_of
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol.events import FrameRecord

MUC: Final = "http://jabber.org/protocol/muc"
MUC_USER: Final = "http://jabber.org/protocol/muc#user"
_KEPT: Final = 200
"""Rooms of each connection that are followed."""
_SELF: Final = "110"
_RENAMED: Final = "303"
_ONLY_PRESENCE: Final = frozenset(
    {"110", "201", "210", "301", "303", "307", "321", "322", "332", "333"}
)
_ONLY_UNAVAILABLE: Final = frozenset({"301", "303", "307", "321", "322", "332", "333"})
_ONLY_MESSAGE: Final = frozenset({"101", "102", "103", "104", "171", "172", "173", "174"})


@dataclass(slots=True)
class _Rooms:
    """The rooms that a connection is in, or enters, by their addresses."""

    joined: Kept[str, str] = field(default_factory=lambda: Kept(_KEPT))
    """With the nick."""
    entering: Kept[str, tuple[str, Place]] = field(default_factory=lambda: Kept(_KEPT))
    """With the nick, and the frame that asks for it."""
    renaming: Kept[str, str] = field(default_factory=lambda: Kept(_KEPT))
    """With the new nick."""
    directed: Kept[str, Place] = field(default_factory=lambda: Kept(_KEPT))
    """Presences to one address that are no request to enter."""


def _codes(sight: Sight) -> frozenset[str]:
    x = sight.child(MUC_USER, "x")
    found = () if x is None else tree.children(x, "status")
    return frozenset(each.get("code") or "" for each in found)


def _split(address: str | None) -> tuple[str, str]:
    room, _, nick = (address or "").partition("/")
    return room.lower(), nick


X12 = Rule(
    "X12", Severity.WARNING, "XEP-0045 §7, §15.6.2",
    "a room that is entered, or a nick that is changed, without the proper signs",
)  # fmt: skip


@X12.on(stanza("presence", "message", holding=[MUC_USER], way="s2c"))
def misplaced_code(sight: Sight) -> Iterator[Said]:
    """Each code has its kind of stanza."""
    codes, kind = _codes(sight), sight.record.kind
    wrong = codes & (_ONLY_PRESENCE if kind == "message" else _ONLY_MESSAGE)
    if wrong:
        type_ = f" of type {word(sight.record.type)}" if sight.record.type else ""
        yield f"status {listed(sorted(wrong))} in a {kind}{type_}"
    too_soon = codes & _ONLY_UNAVAILABLE
    if too_soon and kind == "presence" and sight.record.type != "unavailable":
        yield f"status {listed(sorted(too_soon))} in a presence that is not unavailable"


@X12.on(stanza("presence", holding=[MUC_USER], types=[None], way="s2c"))
def unmarked_self(sight: Sight) -> Iterator[Said]:
    """The occupant that one is oneself is marked by status 110."""
    room, nick = _split(sight.record.from_)
    entering = sight.conn.memory(_Rooms).entering.get(room)
    if entering is not None and entering[0] == nick and _SELF not in _codes(sight):
        yield f"the presence of {word(nick)!r} in answer to frame {entering[1].n} lacks status 110"


@X12.on(stanza("message", types=["groupchat"], way="s2c"))
def entered_without_self(sight: Sight) -> Iterator[Said]:
    """The subject comes last, after the presence of oneself."""
    room, _ = _split(sight.record.from_)
    entering = sight.conn.memory(_Rooms).entering.get(room)
    if entering is not None and sight.own("subject") and sight.conn.once(("X12", entering[1])):
        yield "the subject of the room has come, but no presence with status 110 before it"


@X12.on(stanza("presence", holding=[MUC_USER], types=[None], way="s2c"))
def entered_like_long_ago(sight: Sight) -> Iterator[Said]:
    """A presence to an occupant's address enters the room, by the protocol of before MUC."""
    room, nick = _split(sight.record.from_)
    rooms = sight.conn.memory(_Rooms)
    asked = rooms.directed.get(f"{room}/{nick}")
    if asked is None or rooms.entering.get(room) or rooms.joined.get(room):
        return
    if _SELF in _codes(sight) and sight.conn.once(("X12", asked)):
        yield Breach(f"{word(room)} is entered without <x xmlns='{MUC}'/>", place=asked)


@X12.on(stanza("presence", holding=[MUC_USER], types=["unavailable"], way="s2c"))
def unexplained_departure(sight: Sight) -> Iterator[Said]:
    """The old nick leaves with status 303 and the new nick."""
    room, nick = _split(sight.record.from_)
    rooms = sight.conn.memory(_Rooms)
    if rooms.renaming.get(room) is None or rooms.joined.get(room) != nick:
        return
    if _RENAMED not in _codes(sight):
        yield f"{word(nick)!r} leaves without status 303, although the nick was to be changed"


@follows(stanza("presence", way="c2s"))
def keep_wish(sight: Sight) -> None:
    """Remember what a client wants of a room."""
    record, rooms = sight.record, sight.conn.memory(_Rooms)
    room, nick = _split(record.to)
    if not nick or record.type is not None:
        return
    joined = rooms.joined.get(room)
    if MUC in record.ns:
        rooms.entering.pop(room)
        rooms.entering.put(room, (nick, place_of(record)))
    elif joined is None:
        rooms.directed.put(f"{room}/{nick}", place_of(record))
    elif joined != nick:
        rooms.renaming.put(room, nick)


def _is_of_a_room(record: FrameRecord) -> bool:
    return record.type == "error" or MUC_USER in record.ns


@follows(stanza("presence", way="s2c", only=_is_of_a_room))
def keep_occupation(sight: Sight) -> None:
    """Remember which rooms a client is in."""
    record, rooms = sight.record, sight.conn.memory(_Rooms)
    room, nick = _split(record.from_)
    if record.type == "error":
        rooms.entering.pop(room)
        rooms.renaming.pop(room)
    elif record.type is None:
        entering = rooms.entering.get(room)
        if _SELF in _codes(sight) or (entering is not None and entering[0] == nick):
            rooms.entering.pop(room)
            rooms.joined.put(room, nick)
            rooms.renaming.pop(room)
    elif rooms.joined.get(room) == nick and rooms.renaming.get(room) is None:
        rooms.joined.pop(room)
