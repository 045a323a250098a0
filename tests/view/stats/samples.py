"""Reports of made-up scenes, and how tables look as plain text."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from rich.console import Console, RenderableType
from rich.theme import Theme

from tests.analysis.scenes import JULIET, ROMEO, Scene
from xmppspy.analysis.stats.collector import Report, Stats
from xmppspy.view.clock import Clock
from xmppspy.view.stats import Paper
from xmppspy.view.theme import STYLES

CREATED: Final = datetime(2026, 11, 22, 7, 40, 12, tzinfo=UTC)
PAPER: Final = Paper(columns=80, colours="", clock=Clock(CREATED, utc=True))


def counted(scene: Scene) -> tuple[Report, Stats]:
    """The numbers of a scene, and where they come from."""
    stats = Stats()
    for event in scene.events:
        stats.see(event)
    return stats.report(), stats


def report_of(scene: Scene) -> Report:
    """The numbers of a scene."""
    return counted(scene)[0]


def conversation() -> Scene:
    """Juliet logs in, asks, and writes to Romeo."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.client("<iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>", t=1.0)
    scene.server("<iq type='result' id='r1'><query xmlns='jabber:iq:roster'/></iq>", t=1.25)
    scene.client(f"<message to='{ROMEO}' id='m1'><body>Ay me</body></message>", t=2.0)
    scene.closes()
    return scene


def lines(parts: Iterable[RenderableType], columns: int = 80) -> list[str]:
    """What is printed, without white space at the ends."""
    console = Console(
        file=io.StringIO(), width=columns, color_system=None, theme=Theme(STYLES), highlight=False
    )
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return [line.rstrip() for line in captured.get().splitlines()]
