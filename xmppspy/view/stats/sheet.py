"""Sheet: all tables of a report, one below the other."""

import io
from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from rich.theme import Theme

from xmppspy.analysis.stats.collector import Report
from xmppspy.analysis.stats.timeline import Timeline
from xmppspy.view.stats.conversations import answers, deliveries, slowest
from xmppspy.view.stats.overview import connections, drawing, overview
from xmppspy.view.stats.paper import TITLE, Paper
from xmppspy.view.stats.volumes import addresses, errors, overhead, volumes, wrong_counts
from xmppspy.view.theme import FEW_COLOURS, STYLES


def statistics(report: Report, timeline: Timeline, paper: Paper) -> str:
    """The tables that have something in them."""
    return printed(_sections(report, timeline, paper), paper)


def printed(sections: Iterable[tuple[str, Iterable[RenderableType]]], paper: Paper) -> str:
    """Titles, each with what stands below it; without anything below it a title is left out."""
    console = Console(
        file=io.StringIO(),
        width=paper.columns,
        force_terminal=bool(paper.colours),
        color_system=paper.colours or None,
        no_color=not paper.colours,
        theme=Theme(STYLES if paper.colours == "256" else FEW_COLOURS),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    groups = [
        Group(Text(title, style=TITLE), Padding(Group(*found), (0, 0, 1, 2)))
        for title, parts in sections
        if (found := list(parts))
    ]
    with console.capture() as captured:
        console.print(*groups, sep="\n")
    lines = [line.rstrip() for line in captured.get().split("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sections(
    report: Report, timeline: Timeline, paper: Paper
) -> Iterator[tuple[str, Iterable[RenderableType]]]:
    """Titles, each with what stands below it."""
    traffic = report.traffic
    yield "Capture", (*overview(report), *drawing(timeline, paper))
    yield "Connections", connections(report, paper)
    yield "Kinds", volumes("kind", traffic.kinds, report)
    yield "Stanzas", volumes("kind and type", traffic.types, report)
    yield "Topics", volumes("namespace or specification", traffic.specifications, report)
    yield "Addresses", addresses(report)
    yield "Requests", answers(report.requests)
    yield "Slowest answers", slowest(report.requests)
    yield "Messages", deliveries(report.delivery, paper)
    yield "Overhead", overhead(report)
    yield "Errors", errors(report)
    yield "Wrong counts of stream management", wrong_counts(report)
    yield "Beware", map(Text, report.remarks)
