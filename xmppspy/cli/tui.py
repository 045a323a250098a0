"""`xmppspy tui`: the interactive view of a capture."""

import os
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from xmppspy.cli import completion
from xmppspy.cli.ctl_asking import control_option
from xmppspy.cli.terminal import Ground, take_terminal
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.cli.attached import Connect
    from xmppspy.view.tui.app import Viewer
    from xmppspy.view.tui.helpers import Process, Shelf
    from xmppspy.view.tui.scheme import Scheme

Colors: TypeAlias = Literal["auto", "dark", "light", "terminal"]


@click.command()
@click.argument("capture", required=False, shell_complete=completion.files)
@click.option(
    "-F",
    "--filter",
    "text",
    metavar="FILTER",
    shell_complete=completion.filters,
    help="Show what matches, to begin with.",
)
@control_option
@click.option(
    "--colors",
    type=click.Choice(["auto", "dark", "light", "terminal"]),
    default="auto",
    show_default=True,
    help="Dark or light ground, as the terminal has, or the terminal's own colours.",
)
@click.option("--utc", is_flag=True, help="Times in UTC instead of local ones.")
@click.option("--relative", is_flag=True, help="Times as seconds since the capture began.")
def command(
    capture: str | None,
    text: str | None,
    control: Path | None,
    colors: Colors,
    utc: bool,
    relative: bool,
) -> None:
    """Look through CAPTURE by keys, also while it is being written, and act on the running proxy.

    CAPTURE is a file, or - for standard input; without it, the one that the running proxy writes
    is taken, or else the newest one in captures/. Where a running proxy writes it, keys hold, edit,
    drop and send stanzas. ? shows what keys do.

    \b
    xmppspy tui
    xmppspy tui session.xmpp.jsonl
    ssh host cat session.xmpp.jsonl | xmppspy tui -
    """
    from xmppspy.cli.attached import attached

    if text is not None:
        from xmppspy.filters import Filter

        text = str(Filter(text))
    name, connect = attached(capture, control)
    beginning: _Beginning | None = _Beginning(colors, text or "", utc, relative)
    while beginning is not None:
        beginning = _look_through(name, connect, beginning)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What the view begins with."""

    colors: Colors
    text: str
    utc: bool
    relative: bool
    scheme: "Scheme | None" = None
    """The colours that were chosen already."""
    follows: bool = False
    """Whether the end is followed, even if nobody writes the file."""


def _look_through(name: str, connect: "Connect", beginning: _Beginning) -> _Beginning | None:
    """Show the file that has the name now, until the person quits.

    When the capture goes on in another file, which is to be shown then, it returns how.
    """
    from xmppspy.capture.body import Body
    from xmppspy.view.tui.helpers import Process, Shelf

    with Body.open(name) as body:
        take_terminal()
        with Shelf(body) as shelf:
            viewer = _show(shelf, Process("index", shelf), connect, beginning)
    if not viewer.is_succeeded:
        sys.exit(1 if viewer.return_value is None else viewer.return_value)
    scheme = viewer.inks.scheme
    return replace(beginning, text=viewer.sieve.text, scheme=scheme, follows=True)


def _show(shelf: "Shelf", index: "Process", connect: "Connect", beginning: _Beginning) -> "Viewer":
    """Run the view. The indexer works while it is imported."""
    is_plain = beginning.colors == "terminal" or bool(os.environ.get("NO_COLOR"))
    asks = beginning.scheme is None and beginning.colors == "auto" and not is_plain
    with Ground(asks=asks) as ground:
        import platformdirs

        from xmppspy.cli.remembering import File
        from xmppspy.view.tui.app import Viewer
        from xmppspy.view.tui.helpers import Process
        from xmppspy.view.tui.table import TABLE
        from xmppspy.view.tui.times import Times

        scheme = beginning.scheme or _scheme(beginning.colors, ground, is_plain=is_plain)
    viewer = Viewer(
        shelf,
        index,
        lambda: Process("search", shelf),
        TABLE,
        times=Times(utc=beginning.utc, relative=beginning.relative),
        scheme=scheme,
        memory=File(platformdirs.user_data_path("xmppspy", appauthor=False)),
        attach=partial(_attach, connect),
        text=beginning.text,
        follows=beginning.follows,
    )
    try:
        viewer.run()
    finally:
        viewer.close_helpers()
    if viewer.trouble:
        raise UsageError(viewer.trouble)
    return viewer


async def _attach(connect: "Connect", viewer: "Viewer") -> None:
    """Find the proxy; and leave the terminal as it was when the program is told to end."""
    import asyncio
    import signal

    from xmppspy.view.tui.attaching import attach

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, viewer.exit, 0)
    await attach(viewer, connect)


def _scheme(colors: Colors, ground: Ground, *, is_plain: bool) -> "Scheme":
    from xmppspy.view.tui.scheme import DARK, LIGHT, PLAIN

    if is_plain:
        return PLAIN
    if colors == "auto":
        return LIGHT if ground.is_light(os.environ) else DARK
    return LIGHT if colors == "light" else DARK
