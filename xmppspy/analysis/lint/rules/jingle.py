"""Jingle sessions (XEP-0166)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.responders import same
from xmppspy.analysis.words import word
from xmppspy.protocol.events import Direction
from xmppspy.protocol.readable import Element

JINGLE: Final = "urn:xmpp:jingle:1"
_ACTIONS: Final = frozenset(
    {
        "content-accept", "content-add", "content-modify", "content-reject", "content-remove",
        "description-info", "security-info", "session-accept", "session-info", "session-initiate",
        "session-terminate", "transport-accept", "transport-info", "transport-reject",
        "transport-replace",
    }
)  # fmt: skip
_KEPT: Final = 200
"""Sessions of each connection that are followed."""

SET: Final = stanza("iq", types=["set"], holding=[JINGLE])


@dataclass(slots=True)
class _Call:
    """A session."""

    dir: Direction
    """The way of its initiation."""
    id: str
    """That of the iq that initiates it."""
    acknowledged: bool = False


class _Calls:
    """The sessions of a connection, by their ids and the other side."""

    def __init__(self) -> None:
        self.open: Kept[tuple[str, str], _Call] = Kept(_KEPT)
        self.by_iq: Kept[tuple[Direction, str], _Call] = Kept(_KEPT)


def _jingle(sight: Sight) -> Element | None:
    return sight.child(JINGLE, "jingle")


def _key(sight: Sight, jingle: Element) -> tuple[str, str]:
    return jingle.get("sid") or "", (sight.peer or "").partition("/")[0]


X11 = Rule(
    "X11", Severity.ERROR, "XEP-0166 §6-7",
    "a Jingle action that does not exist, or does not fit its session",
    lesser=Severity.WARNING,
)  # fmt: skip


@X11.on(SET)
def wrong_action(sight: Sight) -> Iterator[Said]:
    """The name, the session, who begins it, and whether its beginning was acknowledged."""
    jingle = _jingle(sight)
    if jingle is None:
        return
    action = jingle.get("action") or ""
    call = sight.conn.memory(_Calls).open.get(_key(sight, jingle))
    if action not in _ACTIONS:
        yield f"{word(action) or 'nothing'!r} is no action of Jingle"
    elif action == "session-initiate":
        yield from _wrong_initiator(sight, jingle)
    elif call is None:
        if sight.conn.certain and not sight.conn.login.resumed:
            yield f"{action} in the session {word(jingle.get('sid'))!r}, which was not initiated"
    elif action == "session-accept" and call.dir != sight.record.dir and not call.acknowledged:
        yield "the session is accepted before its initiation was acknowledged"


def _wrong_initiator(sight: Sight, jingle: Element) -> Iterator[Said]:
    initiator = jingle.get("initiator")
    sender = sight.record.from_ or (sight.me.full if sight.up else sight.me.bare)
    if initiator is not None and sender is not None and not same(initiator, sender):
        message = f"the initiator is said to be {word(initiator)}, and this is from {word(sender)}"
        yield Breach(message, Severity.WARNING)


@follows(SET)
def keep_call(sight: Sight) -> None:
    """Remember the session."""
    jingle = _jingle(sight)
    if jingle is None:
        return
    calls, record = sight.conn.memory(_Calls), sight.record
    if jingle.get("action") == "session-initiate":
        call = _Call(record.dir, record.id or "")
        calls.open.put(_key(sight, jingle), call)
        calls.by_iq.put((record.dir, call.id), call)


@follows(stanza("iq", types=["result"]))
def keep_acknowledgement(sight: Sight) -> None:
    """The initiation has been acknowledged."""
    record = sight.record
    way: Direction = "s2c" if record.dir == "c2s" else "c2s"
    call = sight.conn.memory(_Calls).by_iq.get((way, record.id or ""))
    if call is not None:
        call.acknowledged = True
