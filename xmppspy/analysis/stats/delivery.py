"""Delivery: which messages arrived, as far as anything confirms it."""

from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.bounds import Bounded
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.journeys import MAX_JOURNEYS, Journey, Journeys, Kind, Step
from xmppspy.protocol.events import Direction, Event

MAX_UNCONFIRMED: Final = 20
"""Messages without any confirmation that are told one by one, the latest ones."""
MAX_METHODS: Final = 20
OTHER_METHODS: Final = "other"

_SEEN: Final[dict[tuple[Kind, Direction], str]] = {
    ("acked", "s2c"): "acked",
    ("reflected", "s2c"): "arrived",
    ("received", "s2c"): "arrived",
    ("receipt", "c2s"): "receipt",
    ("receipt", "s2c"): "receipt",
    ("marker", "c2s"): "marker",
    ("marker", "s2c"): "marker",
    ("error", "s2c"): "error",
    ("error", "c2s"): "error",
}
"""What a step tells of a message that was sent."""
_COUNTED: Final = ("messages", "sent", "received", "known", *sorted(set(_SEEN.values())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """A message that nothing confirms."""

    n: int
    t: float
    conn: int
    id: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """Messages with text, encrypted or not, by what was seen of them."""

    messages: int
    """Sent or received by a client of the capture, copies counted once; archives left out."""
    sent: int
    received: int
    """Once for each client that got it."""
    acked: int
    """Of those sent: acknowledged by the server (XEP-0198)."""
    arrived: int
    """Seen on a receiver's connection, or sent back by a room."""
    receipts: int
    """With a delivery receipt (XEP-0184)."""
    displayed: int
    """With a chat marker (XEP-0333)."""
    failed: int
    """Returned as an error."""
    unconfirmed: int
    """Nothing of all that was seen."""
    which: tuple[Unconfirmed, ...]
    """The latest of these."""
    encrypted: dict[str, int]
    """Messages that are encrypted end to end, by method."""
    dropped: int
    """Messages that were forgotten before the end; what came later for them is not counted."""


class Delivery:
    """Follows all messages of a capture; `identities` are shown each event first."""

    def __init__(self, identities: Identities) -> None:
        self._journeys = Journeys(identities)
        self._met: Bounded[int, bool] = Bounded(MAX_JOURNEYS)
        self._sent: Bounded[int, set[str]] = Bounded(MAX_JOURNEYS)
        """What was seen of the messages sent that count, by the number of the journey."""
        self._counts = dict.fromkeys(_COUNTED, 0)
        self._encrypted: dict[str, int] = {}

    def see(self, event: Event, *, counts: bool) -> None:
        """Take the next event. A message counts when a frame does that it was sent or got with."""
        for advance in self._journeys.see(event):
            journey, step = advance.journey, advance.step
            if journey.is_content:
                if counts and step.kind in ("sent", "received", "carbon"):
                    self._meet(journey, step)
                self._confirm(journey, step)

    def report(self) -> DeliveryReport:
        """What was found so far."""
        counts = self._counts
        waiting = [each for each in self._journeys if self._sent.get(each.number) == set()]
        return DeliveryReport(
            messages=counts["messages"],
            sent=counts["sent"],
            received=counts["received"],
            acked=counts["acked"],
            arrived=counts["arrived"],
            receipts=counts["receipt"],
            displayed=counts["marker"],
            failed=counts["error"],
            unconfirmed=counts["sent"] - counts["known"],
            which=tuple(map(_unconfirmed, waiting[-MAX_UNCONFIRMED:])),
            encrypted=dict(self._encrypted),
            dropped=self._journeys.dropped,
        )

    def _meet(self, journey: Journey, step: Step) -> None:
        if journey.number not in self._met:
            self._met.put(journey.number, True)
            self._counts["messages"] += 1
            if journey.encryption is not None:
                self._encrypt(journey.encryption)
        if step.kind == "received":
            self._counts["received"] += 1
        elif step.kind == "sent" and self._sent.get(journey.number) is None:
            self._counts["sent"] += 1
            self._sent.put(journey.number, set())

    def _encrypt(self, method: str) -> None:
        if method not in self._encrypted and len(self._encrypted) >= MAX_METHODS:
            method = OTHER_METHODS
        self._encrypted[method] = self._encrypted.get(method, 0) + 1

    def _confirm(self, journey: Journey, step: Step) -> None:
        seen = self._sent.get(journey.number)
        what = _SEEN.get((step.kind, step.dir))
        if seen is None or what is None or what in seen:
            return
        self._counts[what] += 1
        self._counts["known"] += not seen
        seen.add(what)


def _unconfirmed(journey: Journey) -> Unconfirmed:
    step = next(step for step in journey.steps if step.kind == "sent")
    return Unconfirmed(
        n=step.n,
        t=step.t,
        conn=step.conn,
        id=journey.ids[0] if journey.ids else "",
        to=step.peer,
    )
