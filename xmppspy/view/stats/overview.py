"""The capture as a whole: its size, a picture of it, and its connections."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.text import Text

from xmppspy.analysis.durations import elapsed
from xmppspy.analysis.stats.collector import Report
from xmppspy.analysis.stats.connections import ConnectionReport
from xmppspy.analysis.stats.timeline import Timeline
from xmppspy.analysis.words import counted, harmless, size
from xmppspy.protocol.events import Direction
from xmppspy.view.look import ARROWS
from xmppspy.view.picture import picture
from xmppspy.view.stats.paper import ERROR, META, ROWS, Paper, more

_HEIGHT: Final = 3
"""Lines of the picture, for each direction."""
_MARGIN: Final = 20
"""Columns that it leaves for what stands beside it."""
_LEAST: Final = 10


def overview(report: Report) -> Iterator[Text]:
    """How much, how long, on how many connections."""
    traffic = report.traffic
    seconds = (report.end or 0.0) - (report.start or 0.0)
    yield Text(
        f"{counted(traffic.total.frames, 'frame')}, {size(traffic.total.bytes)} in"
        f" {elapsed(max(seconds, 0.0))} on {counted(report.connections, 'connection')}"
    )
    if traffic.injected.frames:
        yield Text(f"{counted(traffic.injected.frames, 'frame')} more put in by xmppspy")


def drawing(timeline: Timeline, paper: Paper) -> Iterator[Text]:
    """Bytes over time, each direction to a scale of its own, whose top is named at the right."""
    if timeline.start is None:
        return
    room = max(paper.columns - _MARGIN, _LEAST)
    columns = timeline.columns(room)
    yield Text()
    for direction, amounts in columns.items():
        shown = picture(amounts, _HEIGHT)
        most = size(max(amounts))
        for index, line in enumerate(shown):
            head = ARROWS[direction] if index == len(shown) - 1 else ""
            tail = f" {most}" if index == 0 else ""
            yield Text.assemble((f"{head:4}{line}", direction), (tail, META))
    first, last = paper.clock(timeline.start), paper.clock(timeline.start + timeline.seconds)
    gap = " " * max(room - len(first) - len(last), 1)
    yield Text(f"    {first}{gap}{last}", style=META)
    yield Text(f"    a column is {elapsed(timeline.seconds / room)}", style=META)


def connections(report: Report, paper: Paper) -> Iterator[Text]:
    """The largest connections, each with its phases and its end."""
    largest = sorted(report.which, key=lambda each: -(each.c2s.bytes + each.s2c.bytes))[:ROWS]
    for connection in sorted(largest, key=lambda each: each.conn):
        yield Text.assemble(*_connection(connection))
        for line in _flowing([*_steps(connection), *_end(connection)], paper.columns - 5):
            yield Text(f"   {line}")
    yield from more(report.connections)


def _connection(connection: ConnectionReport) -> Iterator[tuple[str, str]]:
    who = connection.jid or connection.client or "unknown client"
    frames = connection.c2s.frames + connection.s2c.frames
    total = connection.c2s.bytes + connection.s2c.bytes
    details = filter(None, (harmless(connection.tls), counted(frames, "frame"), size(total)))
    yield f"#{connection.conn} ", META
    yield harmless(who), "none"
    yield f" · {' · '.join(details)}", META
    if connection.faults:
        yield f" · {counted(connection.faults, 'error')}", ERROR


def _steps(connection: ConnectionReport) -> Iterator[str]:
    """`tcp 25 ms`, `sasl SCRAM-SHA-1 28 ms`, `bind inline`, `presence`."""
    for phase in connection.phases:
        took = elapsed(phase.duration) if phase.duration else ""
        detail = phase.detail if phase.name == "sasl" or phase.detail in _TOLD else ""
        failed = "failed" if phase.failed else ""
        yield " ".join(filter(None, (phase.name, harmless(detail), took, failed)))


_TOLD: Final = frozenset({"inline", "resumed"})


_SIDES: Final[dict[Direction, str]] = {"c2s": "server", "s2c": "client"}


def _end(connection: ConnectionReport) -> Iterator[str]:
    if connection.ready is not None:
        yield f"ready after {elapsed(connection.ready)}"
    if connection.closed is not None:
        lasted = connection.closed - (connection.opened or 0.0)
        after = "" if connection.opened is None else f" after {elapsed(max(lasted, 0.0))}"
        yield f"closed by {harmless(connection.closed_by)}{after}"
    for direction, side in _SIDES.items():
        if count := connection.unacknowledged[direction]:
            yield f"{counted(count, 'stanza')} not acknowledged by the {side}"


def _flowing(items: Iterable[str], width: int) -> Iterator[str]:
    """Items with commas between them, in lines that break at commas only."""
    line = ""
    for item in items:
        if line and len(line) + len(item) + 2 > width:
            yield f"{line},"
            line = item
        else:
            line = f"{line}, {item}" if line else item
    if line:
        yield line
