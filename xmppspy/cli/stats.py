"""`xmppspy stats`: who, what, how much, how slow."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from xmppspy.cli.styles import Styles, look_options, standard_output

if TYPE_CHECKING:
    from xmppspy.analysis.stats.collector import Stats
    from xmppspy.capture.reader import Reader
    from xmppspy.view.look import Look


@click.command()
@click.argument("capture")
@click.argument("terms", nargs=-1, metavar="[FILTER]...")
@click.option("--json", "as_json", is_flag=True, help="All numbers, as one JSON object.")
@look_options
def command(capture: str, terms: tuple[str, ...], as_json: bool, styles: Styles) -> None:
    """Tell who spoke in CAPTURE, how much and about what, and how quickly it was answered.

    Connections and their phases, volumes, latencies, delivery of messages, overhead, and a picture
    of the traffic. FILTER limits what is counted. CAPTURE is a file, or - for standard input.

    \b
    xmppspy stats FILE
    xmppspy stats FILE conn:2
    xmppspy stats FILE iq latency:0.5.. --json
    """
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.reports import json_line, printing, say_if_torn

    with Reader(capture) as reader:
        stats, chosen = _collect(reader, terms, styles)
        say_if_torn(reader)
        created = None if reader.header is None else reader.header.created
        path = reader.path
    output = standard_output()
    with printing(output):
        if as_json:
            told = {"capture": path, "filter": chosen, **asdict(stats.report())}
            output.write(json_line(told))
        else:
            output.write(_tables(stats, styles.look(output, created)))


def _collect(reader: "Reader", terms: tuple[str, ...], styles: Styles) -> "tuple[Stats, str]":
    """The numbers of what matches, and the filter's canonical text."""
    from xmppspy.analysis.stats.collector import Stats

    stats = Stats()
    if not terms:
        for event in reader:
            stats.see(event)
        return stats, ""
    from xmppspy.filters import Filter

    made = Filter.from_arguments(terms)
    for hint in made.hints:
        click.echo(f"xmppspy: {hint}", err=True)
    created = None if reader.header is None else reader.header.created
    wanted = made.with_clock(created, utc=styles.utc)
    for event in reader:
        stats.see(event, counts=wanted.match(event))
    return stats, str(made)


def _tables(stats: "Stats", look: "Look") -> bytes:
    from xmppspy.cli.reports import paper
    from xmppspy.view.stats import statistics

    return statistics(stats.report(), stats.timeline, paper(look)).encode()
