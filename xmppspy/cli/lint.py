"""`xmppspy lint`: protocol mistakes, with the section of the specification that each breaks."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from xmppspy.cli import completion
from xmppspy.cli.styles import Styles, look_options, standard_output
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from xmppspy.analysis.lint import Finding, Linter, Severity
    from xmppspy.capture.reader import Reader
    from xmppspy.filters import Filter
    from xmppspy.protocol.events import Event

_MAX_FRAMES: Final = 100_000
"""Matching frames that are remembered, because a finding may come later than its frame."""


def _rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Ids of rules, for the shell."""
    from click.shell_completion import CompletionItem

    from xmppspy.analysis.lint import RULES

    return [
        CompletionItem(name, help=rule.title)
        for name, rule in RULES.items()
        if name.startswith(incomplete.upper())
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What the person asked for."""

    capture: str
    wanted: "Filter | None"
    lowest: "Severity"
    as_json: bool
    styles: Styles


@click.command()
@click.argument("capture", required=False, shell_complete=completion.files)
@click.argument("terms", nargs=-1, metavar="[FILTER]...", shell_complete=completion.filters)
@click.option(
    "--select",
    multiple=True,
    metavar="IDS",
    shell_complete=_rules,
    help="Only these rules: ids or their beginnings, with commas; repeatable.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="IDS",
    shell_complete=_rules,
    help="Not these rules: ids or their beginnings, with commas; repeatable.",
)
@click.option(
    "--severity",
    type=click.Choice(["error", "warning", "info"]),
    help="The least that is shown and counts.  [default: warning; info with --select]",
)
@click.option(
    "--explain", metavar="ID", shell_complete=_rules, help="Tell about a rule; no CAPTURE."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, on one line.")
@look_options
def command(
    capture: str | None,
    terms: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: str | None,
    explain: str | None,
    as_json: bool,
    styles: Styles,
) -> None:
    """Tell what is wrong with the XMPP in CAPTURE, with the section of the RFC or XEP it breaks.

    FILTER limits the frames whose findings are shown; all of them are followed. The exit code is 1
    when anything was shown. CAPTURE is a file, or - for standard input. docs/lint.md lists the
    rules.

    \b
    xmppspy lint FILE
    xmppspy lint FILE conn:2 --severity info --ignore S,T21
    xmppspy lint FILE --select M20,M21 --json
    xmppspy lint --explain S16
    """
    if explain is not None:
        _explain(explain)
        return
    if capture is None:
        raise UsageError("lint needs a CAPTURE, or --explain ID")
    from xmppspy.analysis.lint import Linter, Severity

    linter = Linter(_split(select), _split(ignore))
    request = _Request(
        capture=capture,
        wanted=_filter(terms),
        lowest=Severity(severity or ("info" if select else "warning")),
        as_json=as_json,
        styles=styles,
    )
    sys.exit(_lint(request, linter))


def _split(lists: tuple[str, ...]) -> list[str]:
    return [name for each in lists for part in each.split(",") if (name := part.strip())]


def _filter(terms: tuple[str, ...]) -> "Filter | None":
    if not terms:
        return None
    from xmppspy.filters import Filter

    made = Filter.from_arguments(terms)
    for hint in made.hints:
        click.echo(f"xmppspy: {hint}", err=True)
    return made


def _lint(request: _Request, linter: "Linter") -> int:
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.reports import printing, say_if_torn

    output = standard_output()
    with Reader(request.capture) as reader:
        report = _Report(request, reader, output)
        with printing(output):
            for finding in _findings(request, linter, reader):
                report.add(finding)
            report.end()
        say_if_torn(reader)
    return 1 if report.shown else 0


def _findings(request: _Request, linter: "Linter", reader: "Reader") -> "Iterator[Finding]":
    """Those that are about what matches."""
    created = None if reader.header is None else reader.header.created
    matching = _Matching(
        request.wanted and request.wanted.with_clock(created, utc=request.styles.utc)
    )
    for event in reader:
        matching.see(event)
        yield from filter(matching.holds, linter.see(event))
    matching.end()
    yield from filter(matching.holds, linter.finish())


class _Matching:
    """What the filter has matched: the event at hand, and the latest frames before it."""

    def __init__(self, wanted: "Filter | None") -> None:
        from xmppspy.analysis.bounds import Bounded

        self._wanted = wanted
        self._at_hand = False
        self._frames: Bounded[int, bool] = Bounded(_MAX_FRAMES)
        self._connections: Bounded[int, bool] = Bounded(_MAX_FRAMES)

    def see(self, event: "Event") -> None:
        """Take the next event."""
        if self._wanted is None:
            return
        from xmppspy.protocol.events import FrameRecord

        self._at_hand = self._wanted.match(event)
        if self._at_hand and isinstance(event, FrameRecord):
            self._frames.put(event.n, True)
            self._connections.put(event.conn, True)

    def end(self) -> None:
        """There are no more events: what is about a connection goes by its frames."""
        self._at_hand = True

    def holds(self, finding: "Finding") -> bool:
        """Whether a finding is about something that matched."""
        if self._wanted is None:
            return True
        if finding.n is not None:
            return self._frames.get(finding.n) is True
        return self._at_hand and (self._connections.get(finding.conn) is True)


class _Report:
    """What is printed of the findings."""

    def __init__(self, request: _Request, reader: "Reader", output: BinaryIO) -> None:
        from xmppspy.view.findings import Findings

        created = None if reader.header is None else reader.header.created
        self._request = request
        self._output = output
        self._findings = Findings(request.styles.look(output, created))
        self._counts: Counter[str] = Counter()

    @property
    def shown(self) -> int:
        """How many findings were printed."""
        return sum(self._counts[level] for level in _levels(self._request.lowest))

    def add(self, finding: "Finding") -> None:
        """Print a finding, if it is bad enough, and count it."""
        self._counts[finding.severity] += 1
        if not finding.severity.reaches(self._request.lowest):
            return
        if self._request.as_json:
            from xmppspy.cli.reports import json_line

            self._output.write(json_line(asdict(finding)))
        else:
            self._output.write(self._findings.line(finding).encode())

    def end(self) -> None:
        """Print the summary."""
        if not self._request.as_json:
            levels = _levels(self._request.lowest)
            self._output.write(self._findings.summary(self._counts, levels).encode())


def _levels(lowest: "Severity") -> "list[Severity]":
    from xmppspy.analysis.lint import Severity

    return [level for level in Severity if level.reaches(lowest)]


def _explain(name: str) -> None:
    from xmppspy.analysis.lint import named
    from xmppspy.analysis.lint.manual import explanation

    click.echo(explanation(named(name)), nl=False)
