"""`xmppspy tui`: the interactive view of a capture."""

import os
import sys
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
    from xmppspy.capture.body import Body
    from xmppspy.cli.attached import attached
    from xmppspy.view.tui.helpers import Process, Shelf

    if text is not None:
        from xmppspy.filters import Filter

        text = str(Filter(text))
    name, connect = attached(capture, control)
    with Body.open(name) as body:
        take_terminal()
        with Shelf(body) as shelf:
            index = Process("index", shelf)
            sys.exit(_show(shelf, index, connect, colors, text, utc=utc, relative=relative))


def _show(
    shelf: "Shelf",
    index: "Process",
    connect: "Connect",
    colors: Colors,
    text: str | None,
    *,
    utc: bool,
    relative: bool,
) -> int:
    """Run the view; returns the exit code. The indexer works while it is imported."""
    is_plain = colors == "terminal" or bool(os.environ.get("NO_COLOR"))
    with Ground(asks=colors == "auto" and not is_plain) as ground:
        import platformdirs

        from xmppspy.cli.remembering import File
        from xmppspy.view.tui.app import Viewer
        from xmppspy.view.tui.helpers import Process
        from xmppspy.view.tui.table import TABLE
        from xmppspy.view.tui.times import Times

        scheme = _scheme(colors, ground, is_plain=is_plain)
    viewer = Viewer(
        shelf,
        index,
        lambda: Process("search", shelf),
        TABLE,
        times=Times(utc=utc, relative=relative),
        scheme=scheme,
        memory=File(platformdirs.user_data_path("xmppspy", appauthor=False)),
        attach=partial(_attach, connect),
        text=text or "",
    )
    try:
        code = viewer.run()
    finally:
        viewer.close_helpers()
    if viewer.trouble:
        raise UsageError(viewer.trouble)
    return 1 if code is None else code


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
