"""`xmppspy trace`: what became of one message."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from xmppspy.cli.styles import Styles, look_options, standard_output
from xmppspy.errors import XmppspyError

if TYPE_CHECKING:
    from xmppspy.analysis.journeys import Journey, Journeys
    from xmppspy.capture.reader import Reader
    from xmppspy.view.look import Look


@click.command()
@click.argument("capture")
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message, on one line.")
@look_options
def command(capture: str, name: str, as_json: bool, styles: Styles) -> None:
    """Tell the journey of the message with that ID: sent, acknowledged, received, read.

    ID is the message's id, its origin-id, or a stanza-id that a server or room gave it. CAPTURE is
    a file, or - for standard input. Where several messages have the id, all of them are told.

    \b
    xmppspy trace FILE juliet-3
    xmppspy trace FILE juliet-3 --relative
    """
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.reports import printing, say_if_torn

    with Reader(capture) as reader:
        journeys = _follow(reader)
        say_if_torn(reader)
        created = None if reader.header is None else reader.header.created
        path = reader.path
    found = journeys.find(name)
    if not found:
        raise XmppspyError(_unknown(name, path, journeys.dropped))
    output = standard_output()
    with printing(output):
        output.writelines(_json(found) if as_json else _text(found, styles.look(output, created)))


def _follow(reader: "Reader") -> "Journeys":
    from xmppspy.analysis.identity import Identities
    from xmppspy.analysis.journeys import Journeys

    identities = Identities()
    journeys = Journeys(identities)
    for event in reader:
        identities.see(event)
        journeys.see(event)
    return journeys


def _unknown(name: str, path: str, dropped: int) -> str:
    from xmppspy.analysis.words import word

    forgotten = f"; of the {dropped:,} oldest ones nothing is kept" if dropped else ""
    return f"{path}: no message with the id {word(name)}{forgotten}"


def _text(journeys: "Iterable[Journey]", look: "Look") -> Iterator[bytes]:
    from xmppspy.view.itinerary import itinerary

    for index, journey in enumerate(journeys):
        if index:
            yield b"\n"
        yield from (line.encode() for line in itinerary(journey, look))


def _json(journeys: "Iterable[Journey]") -> Iterator[bytes]:
    from xmppspy.cli.reports import json_line

    for journey in journeys:
        yield json_line(
            {
                "ids": journey.ids,
                "stored": [{"id": name, "by": by} for name, by in journey.stored],
                "content": journey.is_content,
                "encryption": journey.encryption,
                "steps": [asdict(step) for step in journey.steps],
                "more": journey.more,
            }
        )
