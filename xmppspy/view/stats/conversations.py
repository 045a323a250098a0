"""Requests with their answers, and messages with their confirmations."""

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from xmppspy.analysis import registry
from xmppspy.analysis.durations import elapsed
from xmppspy.analysis.exchanges import State
from xmppspy.analysis.stats.delivery import DeliveryReport
from xmppspy.analysis.stats.requests import Latency, RequestReport, SlowAnswer
from xmppspy.analysis.words import counted, harmless
from xmppspy.protocol.events import Direction
from xmppspy.view.picture import bar
from xmppspy.view.stats.paper import ROWS, Paper, more, table

_BAR: Final = 20
_ASKED: Final[dict[Direction | None, str]] = {"c2s": "client", "s2c": "server", None: ""}
_CONFIRMATIONS: Final = (
    ("acknowledged by the server", "acked"),
    ("seen to arrive", "arrived"),
    ("delivery receipt", "receipts"),
    ("displayed marker", "displayed"),
    ("returned as an error", "failed"),
    ("nothing seen of them", "unconfirmed"),
)


def answers(found: RequestReport) -> Iterator[RenderableType]:
    """How many requests were answered, and how quickly, by what they were about."""
    odd = [
        f"{count:,} {state}"
        for state, count in found.states.items()
        if count and state != State.ANSWERED
    ]
    if found.requests or odd:
        said = [
            counted(found.requests, "request"),
            f"{found.answered:,} answered",
            counted(found.errors, "error"),
            f"{found.unanswered:,} unanswered",
            *odd,
        ]
        yield Text(", ".join(said))
    if found.answered:
        yield Text()
        yield table(
            ("answers about", "asked by", "count", "p50", "p90", "p99", "max"),
            [_latency(each) for each in (*found.latencies[:ROWS], found.total)],
            left=2,
        )
        yield from more(len(found.latencies))


def _latency(each: Latency) -> tuple[str, ...]:
    about = registry.label(each.namespace) if each.namespace else "nothing in particular"
    if each.dir is None:
        about = "all of them"
    times = (each.p50, each.p90, each.p99, each.maximum)
    return about, _ASKED[each.dir], f"{each.count:,}", *map(elapsed, times)


def slowest(found: RequestReport) -> Iterator[RenderableType]:
    """The requests that took longest to answer."""
    if found.slowest:
        yield table(
            ("request", "to", "answer", "took"),
            [
                (
                    f"{each.request.type} {_about(each)}",
                    (each.request.to if each.request.dir == "c2s" else "the client") or "",
                    f"n:{each.n} {each.type}",
                    elapsed(each.latency),
                )
                for each in found.slowest[: ROWS // 2]
            ],
            left=3,
        )


def _about(each: SlowAnswer) -> str:
    name = each.request.namespace
    return registry.short(name) if name else each.request.name


def deliveries(delivery: DeliveryReport, paper: Paper) -> Iterator[RenderableType]:
    """How many messages arrived, as far as anything confirms it; which are in doubt."""
    if not delivery.messages:
        return
    encrypted = sum(delivery.encrypted.values())
    methods = ", ".join(f"{name} {count:,}" for name, count in delivery.encrypted.items())
    yield Text(
        f"{counted(delivery.messages, 'message')} with text: {delivery.sent:,} sent,"
        f" {delivery.received:,} received"
    )
    of_these = f" ({harmless(methods)})" if methods else ""
    yield Text(f"{encrypted:,} encrypted end to end{of_these}")
    if delivery.sent:
        yield Text()
        yield table(
            ("of those sent", "", ""),
            [
                _confirmation(name, getattr(delivery, key), delivery.sent)
                for name, key in _CONFIRMATIONS
            ],
        )
    if delivery.which:
        yield Text()
        yield table(
            ("nothing seen of", "to", "id"),
            [
                (f"{paper.clock(each.t)} #{each.conn} n:{each.n}", each.to, each.id)
                for each in delivery.which[-ROWS:]
            ],
            left=3,
        )
        yield from more(delivery.unconfirmed)


def _confirmation(name: str, count: int, whole: int) -> tuple[str, str, str]:
    return name, f"{count:,}", f"{bar(count / whole, _BAR)} {count / whole * 100:3.0f} %"
