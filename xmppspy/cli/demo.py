"""`xmppspy demo`: the whole thing at work, no server needed."""

import os
import shlex
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from xmppspy.errors import UsageError

_FOLDER: Final = Path("captures")
_SUFFIX: Final = ".xmpp.jsonl"
_BEFORE: Final = """\
Romeo and Juliet log in to their server and talk, and what you see next is what passes between
them: every stanza of both directions, although all of it is encrypted. Ctrl-C ends it.
"""
_AFTER: Final = """
That was `xmppspy proxy` at work: {frames} frames on {connections} connections, each encrypted on
both sides of the proxy (STARTTLS), with SCRAM logins, rosters, presence, chat with a receipt, a
ping and an iq that ended in an error.

All of it is in {capture}. Look at it again, in other ways:

  xmppspy show {capture} --brief
  xmppspy show {capture} iq type:error
  xmppspy show {capture} 'body~wherefore|art'

And then with a client and a server of your own:

  xmppspy proxy your.domain
"""


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="How fast: 2 takes half the time.",
)
@click.argument("view", nargs=-1, type=click.UNPROCESSED, metavar="[FILTER]...")
def command(speed: float, view: tuple[str, ...]) -> None:
    r"""Watch Romeo and Juliet through the proxy: the whole thing at work, no server needed.

    Filters, and the options of `xmppspy proxy` for what is shown, are passed on to it.

    \b
    xmppspy demo
    xmppspy demo --brief
    xmppspy demo --speed 0.5 message or presence
    """
    import asyncio

    from xmppspy.demo.scene import Tempo
    from xmppspy.demo.stage import perform

    capture = _capture_path(datetime.now(UTC))
    _say(_BEFORE)
    try:
        done = asyncio.run(perform(capture, Tempo(speed), view, _say))
    except asyncio.CancelledError:
        raise click.Abort from None
    _say(
        _AFTER.format(
            frames=done.frames, connections=done.connections, capture=shlex.quote(str(capture))
        )
    )


def _say(text: str) -> None:
    click.echo(text, err=True)


def _capture_path(now: datetime) -> Path:
    """A file that does not exist yet, under the current folder or, failing that, a temporary one."""
    folder = _FOLDER
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        folder = Path(tempfile.mkdtemp(prefix="xmppspy-"))
    stamp = f"demo-{now:%Y%m%dT%H%M%SZ}"
    for number in range(1, 100):
        path = folder / (f"{stamp}{_SUFFIX}" if number == 1 else f"{stamp}-{number}{_SUFFIX}")
        if not path.exists():
            return path
    raise UsageError(f"{folder} is full of demos of this second; wait for the next one")
