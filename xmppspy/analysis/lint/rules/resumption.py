"""Sessions of stream management that are resumed (XEP-0198 §5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.counting import Problem
from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import Mood, element, stanza
from xmppspy.analysis.lint.keeping import MAX_KEY, Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.rules.iqs import ROSTER
from xmppspy.analysis.lint.rules.presences import is_broadcast
from xmppspy.analysis.lint.sight import Ending, Sight
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.analysis.words import counted
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction

FRESH: Final = 5.0
"""Seconds after a resumption in which a presence counts as sent because of it."""
_MAX_UNCONFIRMED: Final = 1000
_MAX_SESSIONS: Final = 200
_MAX_ID: Final = 4000
_DISCO: Final = "http://jabber.org/protocol/disco#info"
_SM: Final = (ns.SM, ns.SM_OLD)
_WAYS: Final[tuple[Direction, Direction]] = ("c2s", "s2c")


@dataclass(frozen=True, slots=True)
class _Stanza:
    """A stanza, as far as it can be recognised when it is sent again."""

    kind: str
    type: str | None
    id: str
    peer: str


class _Session:
    """Stanzas of whose arrival their sender was not told, by direction and number of the frame."""

    def __init__(self) -> None:
        self.unconfirmed: dict[Direction, dict[int, _Stanza]] = {"c2s": {}, "s2c": {}}


class _Sessions:
    """The sessions that can be resumed, by their ids."""

    def __init__(self) -> None:
        self.by_id: Kept[str, _Session] = Kept(_MAX_SESSIONS)


class _Carried:
    """The session that a connection carries."""

    def __init__(self) -> None:
        self.session = _Session()
        self.wanted = ""
        """The id of the one that is to be resumed."""
        self.resumed_at: float | None = None
        self.due: dict[Direction, dict[int, _Stanza]] = {"c2s": {}, "s2c": {}}
        """What has to be sent again, by the numbers it had."""


@follows(element(*_SM, ns.SASL2))
def keep_session(sight: Sight) -> None:
    """Follow sessions from their beginning, through acknowledgements, to their resumption."""
    carried = sight.conn.memory(_Carried)
    sessions = sight.capture.of(_Sessions).by_id
    for each in sm_elements(sight.record):
        name = local_name(each)
        if name == "enabled" and 0 < len(each.get("id") or "") <= _MAX_ID:
            sessions.put(each.get("id") or "", carried.session)
        elif name == "resume" and len(each.get("previd") or "") <= _MAX_ID:
            carried.wanted = each.get("previd") or ""
            carried.session = sessions.get(carried.wanted) or carried.session
        elif name == "failed":
            carried.session = _Session()
    _confirm(sight, carried.session)
    if any(local_name(each) == "resumed" for each in sm_elements(sight.record)):
        carried.resumed_at = sight.record.t
        for way in _WAYS:
            carried.due[way] = carried.session.unconfirmed[way]
            carried.session.unconfirmed[way] = {}


def _confirm(sight: Sight, session: _Session) -> None:
    found = sight.acknowledged
    for n in () if found is None else found.told:
        session.unconfirmed[found.counted if found else "c2s"].pop(n, None)


@follows(stanza(mood=Mood.MANAGED))
def keep_stanza(sight: Sight) -> None:
    """Remember what was sent; take what was due from what is to come."""
    record, conn = sight.record, sight.conn
    if conn.management != "on" and not (conn.management and sight.up):
        return
    carried = conn.memory(_Carried)
    due, this = carried.due[record.dir], _stanza(sight)
    for n, each in due.items():
        if each == this:
            del due[n]
            break
    unconfirmed = carried.session.unconfirmed[record.dir]
    unconfirmed[record.n] = this
    if len(unconfirmed) > _MAX_UNCONFIRMED:
        del unconfirmed[next(iter(unconfirmed))]


def _stanza(sight: Sight) -> _Stanza:
    record = sight.record
    return _Stanza(record.kind, record.type, _short(record.id), _short(sight.peer))


def _short(text: str | None) -> str:
    return (text or "")[:MAX_KEY]


M25 = Rule(
    "M25", Severity.ERROR, "XEP-0198 §5",
    "a resumption whose counts do not fit, or without what had to be sent again",
    lesser=Severity.WARNING,
)  # fmt: skip


@M25.on(element(*_SM, names=["resume", "resumed", "failed"]))
@M25.on(element(ns.SASL2, names=["authenticate", "success"]))
def inconsistent_count(sight: Sight) -> Iterator[Said]:
    """Only where the session is in the capture."""
    found = sight.acknowledged
    if found is not None and found.problem not in (None, Problem.MISLEADING):
        yield str(found)


@M25.on(stanza(mood=Mood.RESUMED))
def not_sent_again(sight: Sight) -> Iterator[Said]:
    """What was not acknowledged comes first, because it keeps its numbers."""
    carried, record = sight.conn.memory(_Carried), sight.record
    due = carried.due[record.dir]
    if not due or not sight.conn.certain or _stanza(sight) in due.values():
        return
    if sight.conn.once(("M25", record.dir)):
        what = counted(len(due), "stanza")
        yield Breach(
            f"{what}, from frame {next(iter(due))} on, had to be sent again before this",
            Severity.WARNING,
        )


@M25.at_end
def never_sent_again(ending: Ending) -> Iterator[Said]:
    """Not judged where the connection did not last."""
    carried = ending.conn.memory(_Carried)
    if carried.resumed_at is None or ending.t - carried.resumed_at < FRESH:
        return
    for way in _WAYS:
        due = carried.due[way]
        if due and ending.conn.certain and ending.conn.once(("M25", way)):
            what = counted(len(due), "stanza")
            yield Breach(
                f"{what}, from frame {next(iter(due))} on, not sent again", Severity.WARNING
            )


M26 = Rule(
    "M26", Severity.INFO, "XEP-0198 §5",
    "roster, presence or features asked for again although the session was resumed",
)  # fmt: skip


@M26.on(stanza("iq", types=["get"], holding=[ROSTER, _DISCO], way="c2s", mood=Mood.RESUMED))
@M26.on(stanza("presence", types=[None], way="c2s", mood=Mood.RESUMED))
def needless_repetition(sight: Sight) -> Iterator[Said]:
    """The server has kept all that; that is what resumption is for."""
    carried, record = sight.conn.memory(_Carried), sight.record
    if carried.resumed_at is None or _stanza(sight) in carried.due["c2s"].values():
        return
    if ROSTER in record.ns:
        yield "the roster is asked for again after the session was resumed"
    elif _DISCO in record.ns and record.to in (None, sight.me.domain, sight.me.bare):
        yield "the server's features are asked for again after the session was resumed"
    elif is_broadcast(sight) and record.t - carried.resumed_at < FRESH:
        yield "presence again although the session was resumed"
