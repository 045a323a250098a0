"""Journeys: what became of each message, from being sent to being read."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.identity import Identities, Identity
from xmppspy.analysis.mentions import Mention, Role, mentions
from xmppspy.analysis.streammanagement import StreamManagement
from xmppspy.protocol.events import UNCHANGED, Direction, Event, FateDecided, FrameRecord
from xmppspy.protocol.jid import JID

MAX_JOURNEYS: Final = 10_000
"""Messages that are followed; of more, the oldest are forgotten."""
MAX_STEPS: Final = 100
"""Steps of one message, such as receipts of a large room; more are only counted."""
MAX_ALIASES: Final = 20
"""Ids by which one message is known."""
MAX_ALIKE: Final = 20
"""Messages with the same id of which the latest are followed."""

Kind: TypeAlias = Literal[
    "sent", "acked", "reflected", "received", "archived", "carbon", "receipt", "marker", "error",
    "fate",
]  # fmt: skip

_KINDS: Final[dict[Role, Kind]] = {
    Role.SENT: "sent",
    Role.RECEIVED: "received",
    Role.CARBON: "carbon",
    Role.ARCHIVED: "archived",
    Role.RECEIPT: "receipt",
    Role.MARKER: "marker",
    Role.ERROR: "error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to a message.

    `sent` by a client; `acked` by the side that got it (XEP-0198); `reflected` by a room to its
    sender; `received` by a client; found in an archive (`archived`); copied to a client (`carbon`);
    a `receipt`, `marker` or `error` for it, on its way from a client (c2s) or to one (s2c); `fate`:
    what xmppspy did with it.
    """

    kind: Kind
    t: float
    conn: int
    dir: Direction
    n: int
    """The frame in which it is seen; for a fate, the one whose it is."""
    who: str
    """The client of the connection, as far as known; empty otherwise."""
    peer: str = ""
    """The other side's address, where the stanza says one."""
    detail: str = ""
    """The marker's name, the error's condition, what xmppspy did."""
    stored: tuple[tuple[str, str], ...] = ()
    """Ids under which it is kept, and by whom, as far as this made them known."""


@dataclass(eq=False, slots=True)
class Journey:
    """One message and its steps, in order."""

    number: int
    """From 1, in the order of appearance."""
    parties: frozenset[JID]
    room: JID | None
    ids: list[str] = field(default_factory=list)
    """By which its sender knows it."""
    stored: list[tuple[str, str]] = field(default_factory=list)
    """By which servers and rooms know it, and who gave the id."""
    digest: int = 0
    """What tells its content from another's."""
    is_content: bool = False
    """Whether it says something to a person."""
    encryption: str | None = None
    steps: list[Step] = field(default_factory=list)
    more: int = 0
    """Steps that are not kept."""

    def first(self, *kinds: Kind) -> Step | None:
        """The first step of these kinds; None when there is none."""
        return next((step for step in self.steps if step.kind in kinds), None)

    def fits(self, mention: Mention) -> bool:
        """Whether a mention with one of its ids can mean it: in its room, or between its parties."""
        if mention.room is not None and mention.room in self.parties:
            return True
        return self.parties <= mention.parties or mention.parties <= self.parties


class Advance(NamedTuple):
    """A step and whose it is."""

    journey: Journey
    step: Step


class Journeys:
    """Follows the messages of a capture.

    Show every event to `identities` first, and then here, in order. Ids are the senders' own and
    may be used again: who a message is between decides, and then the latest one counts. Memory is
    bounded (`MAX_JOURNEYS`, `MAX_STEPS`): the oldest messages are forgotten, `dropped` counts them.
    """

    def __init__(self, identities: Identities, limit: int = MAX_JOURNEYS) -> None:
        self._identities = identities
        self._management = StreamManagement()
        self._limit = limit
        self._count = 0
        self._journeys: deque[Journey] = deque()
        self._by_id: dict[str, list[Journey]] = {}
        self._by_frame: Bounded[int, Journey] = Bounded(limit)
        self.dropped = 0
        """How many messages were forgotten."""

    def __iter__(self) -> Iterator[Journey]:
        return iter(self._journeys)

    def find(self, name: str) -> list[Journey]:
        """The messages with that id, origin-id or stanza-id, in the order of appearance."""
        return sorted(self._by_id.get(name, ()), key=lambda journey: journey.number)

    def see(self, event: Event) -> list[Advance]:
        """Take the next event; returns the steps that it is to messages."""
        acknowledgement = self._management.see(event)
        if isinstance(event, FateDecided):
            return self._decide(event)
        if not isinstance(event, FrameRecord):
            return []
        if acknowledgement is not None:
            confirmed = (self.confirm(n, event) for n in acknowledgement.confirmed)
            return [advance for advance in confirmed if advance is not None]
        if event.kind != "message":
            return []
        me = self._identities.of(event.conn)
        return [self._meet(event, mention, me) for mention in mentions(event, me)]

    def confirm(self, n: int, by: FrameRecord) -> Advance | None:
        """Take it that a frame is acknowledged by another one; None where it holds no message."""
        journey = self._by_frame.pop(n)
        return None if journey is None else self._step(journey, by, "acked")

    # --- steps

    def _meet(self, record: FrameRecord, mention: Mention, me: Identity) -> Advance:
        kind = _KINDS[mention.role]
        journey = self._journey_of(mention, record.conn)
        if journey is None:
            journey = self._begin(mention)
        given = tuple([each for each in mention.stored if each not in journey.stored])
        self._learn(journey, mention, given)
        if kind == "received" and mention.room is not None and _has_sent(journey, me.bare):
            kind = "reflected"
        if kind in ("sent", "received"):
            self._by_frame.put(record.n, journey)
        detail = mention.detail or _treatment(record)
        return self._step(journey, record, kind, detail, given)

    def _step(
        self,
        journey: Journey,
        record: FrameRecord,
        kind: Kind,
        detail: str = "",
        stored: tuple[tuple[str, str], ...] = (),
    ) -> Advance:
        me = self._identities.of(record.conn)
        peer = record.to if record.dir == "c2s" else record.from_
        step = Step(
            kind=kind,
            t=record.t,
            conn=record.conn,
            dir=record.dir,
            n=record.n,
            who=me.full or me.bare or "",
            peer=peer or "",
            detail=detail,
            stored=stored,
        )
        return _add(journey, step)

    def _decide(self, event: FateDecided) -> list[Advance]:
        journey = self._by_frame.get(event.n)
        if journey is None:
            return []
        about = next((step for step in journey.steps if step.n == event.n), None)
        if about is None:
            return []
        held = "" if event.held is None else f", held for {event.held:.3f} s"
        detail = f"{_ACTIONS[event.action]} by xmppspy{held}"
        return [_add(journey, replace(about, kind="fate", t=event.t, detail=detail))]

    # --- which message it is

    def _journey_of(self, mention: Mention, conn: int) -> Journey | None:
        candidates: set[Journey] = set()
        for name in (*mention.ids, *[name for name, _ in mention.stored]):
            candidates.update(self._by_id.get(name, ()))
        if not candidates:
            return None
        for journey in sorted(candidates, key=lambda each: each.number, reverse=True):
            if journey.fits(mention):
                return None if _is_other(journey, mention, conn) else journey
        return None

    def _begin(self, mention: Mention) -> Journey:
        self._count += 1
        journey = Journey(self._count, mention.parties, mention.room, digest=mention.digest)
        self._journeys.append(journey)
        if len(self._journeys) > self._limit:
            self._forget(self._journeys.popleft())
        return journey

    def _forget(self, journey: Journey) -> None:
        self.dropped += 1
        for name in (*journey.ids, *(name for name, _ in journey.stored)):
            alike = self._by_id.get(name, [])
            if journey in alike:
                alike.remove(journey)
            if not alike:
                self._by_id.pop(name, None)

    def _learn(
        self, journey: Journey, mention: Mention, given: tuple[tuple[str, str], ...]
    ) -> None:
        """Take over what a mention adds."""
        journey.is_content = journey.is_content or mention.is_content
        journey.encryption = journey.encryption or mention.encryption
        if mention.room is None and journey.room is None:
            journey.parties |= mention.parties
        for name in mention.ids:
            # A marker in a room names the id that the room gave.
            known = name in journey.ids or name in [stored for stored, _ in journey.stored]
            if not known and len(journey.ids) < MAX_ALIASES:
                journey.ids.append(name)
                self._index(name, journey)
        for name, by in given[: MAX_ALIASES - len(journey.stored)]:
            journey.stored.append((name, by))
            self._index(name, journey)

    def _index(self, name: str, journey: Journey) -> None:
        alike = self._by_id.get(name)
        if alike is None:
            self._by_id[name] = [journey]
        elif journey not in alike:
            alike.append(journey)
            del alike[:-MAX_ALIKE]


_ACTIONS: Final = {
    "forward": "sent on",
    "drop": "dropped",
    "replace": "changed",
    "duplicate": "duplicated",
}


def _is_other(journey: Journey, mention: Mention, conn: int) -> bool:
    """Whether a message sent with an id that was used before is another message.

    The same one is sent again on another connection only, when it was lost with the last one.
    """
    sent = journey.first("sent")
    if mention.role is not Role.SENT or sent is None:
        return False
    return sent.conn == conn or journey.digest != mention.digest


def _add(journey: Journey, step: Step) -> Advance:
    if len(journey.steps) < MAX_STEPS:
        journey.steps.append(step)
    else:
        journey.more += 1
    return Advance(journey, step)


def _has_sent(journey: Journey, account: str | None) -> bool:
    """Whether the account is its sender."""
    sent = journey.first("sent")
    return sent is not None and account is not None and sent.who.partition("/")[0] == account


def _treatment(record: FrameRecord) -> str:
    """What xmppspy did with the frame when it came."""
    if record.injected:
        return "injected by xmppspy"
    if record.waits:
        return "kept waiting by xmppspy"
    if record.sent is UNCHANGED:
        return ""
    return "changed by xmppspy" if record.sent else "dropped by xmppspy"
