"""Sheet: all tables of a report, one below the other."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text
from rich.theme import Theme

from xmppspy.analysis.stats.collector import Report
from xmppspy.analysis.stats.timeline import Timeline
from xmppspy.view.stats.conversations import answers, deliveries, slowest
from xmppspy.view.stats.overview import connections, drawing, overview
from xmppspy.view.stats.paper import TITLE, Paper
from xmppspy.view.stats.volumes import addresses, errors, overhead, volumes, wrong_counts
from xmppspy.view.theme import FEW_COLOURS, STYLES

_THEME: Final = Theme(STYLES)
_THEME_OF_FEW: Final = Theme(FEW_COLOURS)
_INDENT: Final = Segment("  ")
"""Before the lines below a title."""


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
        theme=_THEME if paper.colours == "256" else _THEME_OF_FEW,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    shown = [_Section(title, found) for title, parts in sections if (found := list(parts))]
    with console.capture() as captured:
        console.print(Group(*shown))
    lines = [line.rstrip() for line in captured.get().split("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"


class _Section(NamedTuple):
    """A title, what stands below it, and an empty line."""

    title: str
    parts: Sequence[RenderableType]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Indents line by line: rich's own padding would fill every line, and crop it once more."""
        yield Text(self.title, style=TITLE)
        narrower = options.update_width(options.max_width - _INDENT.cell_length)
        for part in self.parts:
            for line in Segment.split_lines(console.render(part, narrower)):
                yield _INDENT
                yield from line
                yield Segment.line()
        yield Segment.line()


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
