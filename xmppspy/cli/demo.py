"""`xmppspy demo`: the whole thing at work, no server needed."""

import os
import shlex
import shutil
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xmppspy.cli import completion
from xmppspy.cli.quantities import Number
from xmppspy.cli.styles import Styles, standard_output, style_options
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.demo.stage import Trust

_FOLDER: Final = Path("captures")
_SUFFIX: Final = ".xmpp.jsonl"
_BEFORE: Final = """\
Romeo (#1) and Juliet (#2) log in to their server and talk. All of it is
encrypted; `xmppspy proxy` stands in between, and shows what is said:
"""
_AFTER: Final = """
That was `xmppspy proxy` at work: STARTTLS, SCRAM logins, rosters, presence,
chat with a receipt, a ping, an iq that ends in an error. Look at it again:

  {xmppspy} show {capture} --brief
  {xmppspy} show {capture} iq type:error
  {xmppspy} show {capture} 'body~wherefore|art'

And then at a server of yours, with your client pointed at the proxy:

  {xmppspy} proxy your.domain
"""


@click.command(short_help="Watch the whole thing at work, no server needed.")
@click.argument("filters", nargs=-1, metavar="[FILTER...]", shell_complete=completion.filters)
@click.option(
    "--speed",
    metavar="FACTOR",
    type=Number(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="How fast: 2 takes half the time.",
)
@style_options
def command(filters: tuple[str, ...], speed: float, styles: Styles) -> None:
    """Watch Romeo and Juliet through the proxy: the whole thing at work, no server needed.

    A server and two clients of xmppspy's own talk through `xmppspy proxy`. FILTER limits what is
    shown; the capture holds everything.

    \b
    xmppspy demo
    xmppspy demo --brief
    xmppspy demo --speed 0.5 message or presence
    """
    import asyncio

    from xmppspy.demo.scene import Tempo
    from xmppspy.demo.stage import perform
    from xmppspy.filters import Filter

    Filter.from_arguments(filters)
    styles.check(standard_output())
    capture = _capture_path(datetime.now(UTC))
    _say(_BEFORE)
    with tempfile.TemporaryDirectory(prefix="xmppspy-demo-") as folder:
        trust = _trust(Path(folder))
        scene = perform(capture, trust, Tempo(speed), styles.arguments(), filters, _say)
        try:
            asyncio.run(scene)
        except asyncio.CancelledError:
            raise click.Abort from None
    _say(_AFTER.format(xmppspy=_own_command(), capture=shlex.quote(str(capture))))


def _trust(folder: Path) -> "Trust":
    """Two CAs that live as long as the demo, made as the proxy makes its own."""
    from xmppspy.demo.scene import DOMAINS
    from xmppspy.demo.stage import Trust
    from xmppspy.proxy.certs import Authority
    from xmppspy.proxy.issuing import Issuer

    server, proxy = Authority.open(folder / "server"), Authority.open(folder / "proxy")
    context = Issuer(server).server_context(DOMAINS)
    return Trust(context, server.certificate_path, proxy.certificate_path)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _own_command() -> str:
    """How the person starts xmppspy, also where it is in no folder of the PATH."""
    if shutil.which("xmppspy"):
        return "xmppspy"
    program = Path(sys.argv[0])
    if program.name == "xmppspy":
        return shlex.quote(str(program))
    return f"{shlex.quote(sys.executable)} -m xmppspy"


def _capture_path(now: datetime) -> Path:
    """A file that does not exist yet, under the current folder or, failing that, a temporary one."""
    folder = _FOLDER
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        folder = Path(tempfile.mkdtemp(prefix="xmppspy-"))
    stamp = f"demo-{now:%Y%m%dT%H%M%SZ}"
    for number in range(1, 100):
        path = folder / (f"{stamp}{_SUFFIX}" if number == 1 else f"{stamp}-{number}{_SUFFIX}")
        if not path.exists():
            return path
    raise UsageError(f"{folder} is full of demos of this second; wait for the next one")
