"""Outlooks: how the connections of a capture stand, as lines."""

import itertools
from collections.abc import Iterator
from typing import Final, NamedTuple

from xmppspy.analysis import registry
from xmppspy.analysis.durations import elapsed
from xmppspy.analysis.exchanges import Request
from xmppspy.analysis.lookout import Outlook, State, View
from xmppspy.analysis.phases import Phase
from xmppspy.analysis.words import counted, harmless, joined, size, word
from xmppspy.protocol.events import Side, TLSEstablished
from xmppspy.view.browse.paper import Line, labelled
from xmppspy.view.browse.row import tone
from xmppspy.view.clock import Clock
from xmppspy.view.look import ARROWS
from xmppspy.view.picture import picture

_INDENT: Final = 4
_GRAPH: Final = 24
"""Columns of the amounts of one connection."""
_HEIGHT: Final = 2
_BESIDE: Final = 14
_INKS: Final[dict[State, str]] = {
    "connected": "change", "secured": "change", "logged in": "change", "ready": "event",
    "closed": "meta",
}  # fmt: skip
_TOLD: Final = frozenset({"inline", "resumed"})


class Told(NamedTuple):
    """A line, and the connection that it is about; 0 for none."""

    line: Line
    conn: int = 0


def outlooks(view: View, clock: Clock, width: int) -> Iterator[Told]:
    """All lines: first everything together, then each connection."""
    yield from map(Told, _whole(view, clock, width))
    # Those that are open first, and the latest first.
    for outlook in sorted(
        view.outlooks, key=lambda each: (each.state == "closed", -each.report.conn)
    ):
        yield Told(())
        yield from (Told(line, outlook.report.conn) for line in _one(view, outlook, width))
    left = view.connections - len(view.outlooks)
    if left > 0:
        yield Told(())
        yield Told((("aside", f"and {counted(left, 'connection')} before"),))


# --- everything


def _whole(view: View, clock: Clock, width: int) -> Iterator[Line]:
    room = max(width - _BESIDE, _GRAPH)
    for direction, amounts in (("c2s", view.c2s), ("s2c", view.s2c)):
        columns = _squeezed(amounts, room)
        for at, line in enumerate(picture(columns, _HEIGHT)):
            arrow = ARROWS[direction] if at == _HEIGHT - 1 else ""  # type: ignore[index]
            beside = size(sum(amounts)) if at == _HEIGHT - 1 else ""
            yield (direction, f"{arrow:<{_INDENT}}{line}"), ("meta", f" {beside}")
    first, last = clock(0.0), clock(view.now)
    gap = " " * max(min(room, len(view.c2s)) - len(first) - len(last), 1)
    yield (("meta", f"{'':{_INDENT}}{first}{gap}{last}"),)


def _squeezed(amounts: tuple[int, ...], width: int) -> list[int]:
    """The amounts in at most so many columns."""
    if len(amounts) <= width:
        return list(amounts)
    edges = [at * len(amounts) // width for at in range(width + 1)]
    return [sum(amounts[a:b]) for a, b in itertools.pairwise(edges)]


# --- a connection


def _one(view: View, outlook: Outlook, width: int) -> Iterator[Line]:
    report = outlook.report
    who = report.jid or report.client or "unknown client"
    graph = picture(_squeezed(outlook.amounts, _GRAPH))[0]
    yield (
        (tone(report.conn), f"{f'#{report.conn}':<{_INDENT}}"),
        (_INKS[outlook.state], f"{outlook.state:<10}"),
        ("kind", harmless(who)),
        ("meta", "  "),
        ("s2c", graph),
    )
    rows = [(label, ink, said) for label, ink, said in _rows(view, outlook) if said]
    for line in labelled(rows, max(width - _INDENT, _GRAPH)):
        yield (("meta", " " * _INDENT), *line)


def _rows(view: View, outlook: Outlook) -> Iterator[tuple[str, str, str]]:
    report, tls, programs = outlook.report, outlook.tls, outlook.programs
    yield (
        "client",
        "text",
        joined([report.client, programs[Side.CLIENT], _leg(tls, Side.CLIENT)], " · "),
    )
    yield (
        "server",
        "text",
        joined([report.server, programs[Side.SERVER], _leg(tls, Side.SERVER)], " · "),
    )
    yield "phases", "text", joined([*map(_phase, report.phases), _ready(outlook)], ", ")
    frames = report.c2s.frames + report.s2c.frames
    total = report.c2s.bytes + report.s2c.bytes
    yield "traffic", "text", f"{counted(frames, 'frame')}, {size(total)}{_rate(view, outlook)}"
    if report.faults:
        yield "errors", "error", counted(report.faults, "error")
    yield "iq", "change", _requests(view, outlook)
    yield "sm", "text", _management(outlook)
    yield "ended", "meta", _end(outlook)


def _leg(tls: dict[Side, TLSEstablished], side: Side) -> str:
    found = tls.get(side)
    if found is None:
        return "not encrypted"
    checked = {True: ", verified", False: ", NOT verified", None: ""}[found.verified]
    return f"{found.version} {found.cipher}{checked}"


def _phase(phase: Phase) -> str:
    detail = phase.detail if phase.name == "sasl" or phase.detail in _TOLD else ""
    took = elapsed(phase.duration) if phase.duration else ""
    return joined([phase.name, harmless(detail), took, "failed" if phase.failed else ""])


def _ready(outlook: Outlook) -> str:
    ready = outlook.report.ready
    return "" if ready is None else f"ready after {elapsed(ready)}"


def _rate(view: View, outlook: Outlook) -> str:
    report = outlook.report
    if report.opened is None:
        return ""
    end = view.now if report.closed is None else report.closed
    lasted = end - report.opened
    frames = report.c2s.frames + report.s2c.frames
    return f" in {elapsed(lasted)}, {frames / lasted:,.1f} a second" if lasted > 0 else ""


def _requests(view: View, outlook: Outlook) -> str:
    if not outlook.outstanding or outlook.report.closed is not None:
        return ""
    told = [_request(request, view.now) for request in outlook.requests]
    more = outlook.outstanding - len(told)
    return joined(
        [
            f"{outlook.outstanding:,} not answered: {', '.join(told)}",
            f"and {more:,} more" if more else "",
        ],
        ", ",
    )


def _request(request: Request, now: float) -> str:
    about = registry.short(request.namespace) if request.namespace else request.name
    to = f" to {word(request.to)}" if request.to and request.dir == "c2s" else ""
    return f"{request.type} {word(about)}{to} ({elapsed(max(now - request.t, 0.0))})"


def _management(outlook: Outlook) -> str:
    if not outlook.management:
        return ""
    left = outlook.report.unacknowledged
    counts = [
        f"{ARROWS[direction]} {count:,} not acknowledged"
        for direction, count in left.items()
        if count
    ]
    return joined([outlook.management, *counts], " · ")


def _end(outlook: Outlook) -> str:
    report = outlook.report
    if report.closed is None:
        return ""
    return f"by the {harmless(report.closed_by)}: {harmless(report.reason)}"
