"""`xmppspy replay CAPTURE` on the terminal."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from xmppspy.cli.reports import say_if_torn
from xmppspy.cli.styles import Styles, standard_output
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.keyboard import Keyboard
    from xmppspy.cli.sheet import Sheet
    from xmppspy.filters import Filter
    from xmppspy.protocol.events import Event
    from xmppspy.view.selection import Shown

_KEYS = "space pauses, . shows the next one, ] goes to the next mark, q ends"
_STEPS = "space shows the next one, ] goes to the next mark, q ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSettings:
    """What the person asked for."""

    capture: str
    filters: tuple[str, ...]
    styles: Styles
    speed: float
    idle_limit: float
    step: bool
    quiet: bool


def play_on_terminal(settings: TerminalSettings) -> int:
    """Show the capture at its own pace; returns the exit code."""
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.keyboard import Keyboard

    output = standard_output()
    settings.styles.check(output)
    wanted = _filter(settings.filters)
    try:
        with Reader(settings.capture) as reader, Keyboard() as keyboard:
            if settings.step and not keyboard.are_there:
                raise UsageError("--step needs a person at a terminal to press keys")
            if keyboard.are_there and not settings.quiet:
                click.echo(_STEPS if settings.step else _KEYS, err=True)
            if _play(settings, reader, wanted, keyboard):
                say_if_torn(reader)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.flush()
    return 0


def _play(
    settings: TerminalSettings, reader: "Reader", wanted: "Filter | None", keyboard: "Keyboard"
) -> bool:
    """Play it; False when the person ended it."""
    from xmppspy.cli.sheet import Sheet
    from xmppspy.replay.player import Player
    from xmppspy.replay.timeline import Timeline

    output = standard_output()
    sheet = Sheet(output, settings.styles, reader.header, separated=False, live=True)
    scene = _Scene(reader, sheet, wanted, utc=settings.styles.utc, stops=keyboard.are_there)
    timeline = Timeline(settings.speed, settings.idle_limit)
    player = Player(scene.show, timeline, keyboard, time.monotonic, stepping=settings.step)
    return player.play(scene.events())


class _Scene:
    """The events of a capture that are to be shown; all of it is told to filter and explainer."""

    def __init__(
        self,
        reader: "Reader",
        sheet: "Sheet",
        wanted: "Filter | None",
        *,
        utc: bool,
        stops: bool,
    ) -> None:
        self._stops = stops
        self._reader = reader
        self._sheet = sheet
        created = reader.header.created if reader.header else None
        self._wanted = wanted and wanted.with_clock(created, utc=utc)
        self._next: Shown | None = None

    def events(self) -> "Iterator[Event]":
        """The events in order, each to be shown by `show` before the next is asked for."""
        from xmppspy.view.selection import Shown

        for place, event in enumerate(self._reader, 1):
            explanation = self._sheet.explain(event)
            if self._wants(event) and self._sheet.has_place_for(event):
                self._next = Shown(place, event, explanation)
                yield event

    def show(self, event: "Event") -> None:
        """Show the event that was given last; say so when the replay stops there."""
        from xmppspy.protocol.events import Mark

        if self._next is not None:
            self._sheet.show([self._next])
        if self._stops and isinstance(event, Mark) and event.n is None:
            click.echo("stopped at a mark; space goes on", err=True)

    def _wants(self, event: "Event") -> bool:
        return self._wanted is None or self._wanted.match(event)


def _filter(terms: tuple[str, ...]) -> "Filter | None":
    if not terms:
        return None
    from xmppspy.filters import Filter

    made = Filter.from_arguments(terms)
    for hint in made.hints:
        click.echo(f"xmppspy: {hint}", err=True)
    return made
