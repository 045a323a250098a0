"""Presence (RFC 6121 §3, §4)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Place, Said, Severity, place_of
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Ending, Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol.events import FrameRecord

_TYPES: Final = frozenset(
    {
        None,
        "unavailable",
        "subscribe",
        "subscribed",
        "unsubscribe",
        "unsubscribed",
        "probe",
        "error",
    }
)
_SUBSCRIPTION: Final = ("subscribe", "subscribed", "unsubscribe", "unsubscribed")
_SHOWS: Final = frozenset({"away", "chat", "dnd", "xa"})
_PRIORITIES: Final = range(-128, 128)


P01 = Rule("P01", Severity.ERROR, "RFC 6121 §4.7.1", "a presence of an unknown type")


def _is_unknown(record: FrameRecord) -> bool:
    return record.type not in _TYPES


@P01.on(stanza("presence", only=_is_unknown))
def unknown_type(sight: Sight) -> Iterator[Said]:
    """To be available is to have no type."""
    type_ = sight.record.type
    if type_ == "available":
        yield "`available` is no type: an available presence has none"
    else:
        yield f"{word(type_) or 'nothing'!r} is no type of a presence"


P02 = Rule(
    "P02", Severity.ERROR, "RFC 6121 §4.7.2", "a wrong show or priority, or more than one of them"
)


@P02.on(stanza("presence", having=["show"]))
def wrong_show(sight: Sight) -> Iterator[Said]:
    """`online` is the usual mistake; the default has no element."""
    shows = sight.own("show")
    if len(shows) > 1:
        yield f"{len(shows)} <show> elements"
    for show in shows:
        if tree.text(show) not in _SHOWS:
            told = word(tree.text(show))
            yield f"{told!r} is no value of <show>" if told else "an empty <show/>"


@P02.on(stanza("presence", having=["priority"]))
def wrong_priority(sight: Sight) -> Iterator[Said]:
    """A number from -128 to 127."""
    priorities = sight.own("priority")
    if len(priorities) > 1:
        yield f"{len(priorities)} <priority> elements"
    for priority in priorities:
        text = tree.text(priority).strip()
        if not _is_priority(text):
            yield f"the priority is {word(text) or 'nothing'!r}"


def _is_priority(text: str) -> bool:
    digits = text[1:] if text[:1] in ("-", "+") else text
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 5
    return is_number and int(text) in _PRIORITIES


P03 = Rule("P03", Severity.WARNING, "RFC 6121 §4.3", "a probe that a client sends")


@P03.on(stanza("presence", types=["probe"], way="c2s"))
def client_probes(sight: Sight) -> Iterator[Said]:
    """Its server does that when it becomes available."""
    if sight.conn.kind == "client":
        yield "probes are sent by servers, on behalf of their users"


P04 = Rule("P04", Severity.WARNING, "RFC 6121 §3.1.1", "a subscription to one resource")


@P04.on(stanza("presence", types=_SUBSCRIPTION, way="c2s"))
def subscription_to_resource(sight: Sight) -> Iterator[Said]:
    """Subscriptions are between accounts."""
    if "/" in (sight.record.to or ""):
        yield f"{word(sight.record.type)} to {word(sight.record.to)}, not to the bare JID"


P05 = Rule(
    "P05", Severity.INFO, "RFC 6121 §4.2",
    "presence before a resource is bound, or messages for a client that sent none",
)  # fmt: skip


class _Availability:
    """Whether a client has ever been available, and what it got without."""

    def __init__(self) -> None:
        self.told = False
        self.message: Place | None = None


@P05.on(stanza("presence", types=[None], way="c2s"))
def presence_too_soon(sight: Sight) -> Iterator[Said]:
    """The server does not know yet whose presence that is."""
    conn = sight.conn
    if conn.kind == "client" and conn.awaits_binding and not conn.resuming:
        yield "an available presence before a resource is bound"


@follows(stanza("presence", types=[None], way="c2s"))
def keep_availability(sight: Sight) -> None:
    """Remember that the client was available."""
    sight.conn.memory(_Availability).told = True


@follows(stanza("message", types=[None, "chat", "normal"], way="s2c"))
def keep_message(sight: Sight) -> None:
    """Remember the first message that comes without presence."""
    memory = sight.conn.memory(_Availability)
    if not memory.told and memory.message is None and sight.own("body"):
        memory.message = place_of(sight.record)


@P05.at_end
def never_available(ending: Ending) -> Iterator[Said]:
    """Messages to the account go to resources that are available."""
    conn, memory = ending.conn, ending.conn.memory(_Availability)
    if memory.message is None or memory.told or conn.kind != "client" or not conn.certain:
        return
    if conn.binding == "bound" and not conn.login.resumed:
        yield Breach("messages came, but the client never was available", place=memory.message)


def is_broadcast(sight: Sight) -> bool:
    """Whether it is an available presence to all who have subscribed."""
    return sight.record.type is None and sight.record.to is None
