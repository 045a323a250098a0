"""`xmppspy replay`: play a capture again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from xmppspy.cli.quantities import SECONDS
from xmppspy.cli.styles import Styles, style_options
from xmppspy.errors import UsageError

_IDLE_LIMIT: Final = 2.0
"""Seconds: longer pauses bore a person."""


class Speed(click.FloatRange):
    """A factor, or `max`."""

    name = "speed"

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The factor; infinite for `max`."""
        try:
            speed = float("inf") if value == "max" else float(super().convert(value, param, ctx))
        except click.BadParameter:
            speed = 0.0
        if not speed > 0:
            self.fail(f"{value!r} is no speed: write a number above 0, or max", param, ctx)
        return speed


@click.command(short_help="Play a capture again: on the terminal, to a client, to a server.")
@click.argument("capture")
@click.argument("filters", metavar="[FILTER...]", nargs=-1)
@click.option(
    "--as", "role", type=click.Choice(["server", "client"]),
    help="Play that side, over the network.",
)  # fmt: skip
@click.option(
    "--speed", metavar="N|max", type=Speed(), default="1", show_default=True,
    help="How many times faster than it was recorded.",
)  # fmt: skip
@click.option(
    "--idle-limit", metavar="SECONDS", type=SECONDS,
    help="Longest pause, before --speed divides it.",
)  # fmt: skip
@click.option("--step", is_flag=True, help="On the terminal: wait for a key before each one.")
@click.option(
    "--wait", metavar="SECONDS", type=SECONDS, default=10.0, show_default=True,
    help="How late the other side may be before the replay goes on without it.",
)  # fmt: skip
@click.option(
    "-l", "--listen", metavar="[HOST:]PORT", default="127.0.0.1:5222", show_default=True,
    help="As server: where clients connect; port 0 picks one.",
)  # fmt: skip
@click.option(
    "--strict", is_flag=True,
    help="As server: end with exit code 1 when a client does what the recording does not hold.",
)  # fmt: skip
@click.option(
    "--refresh-times", is_flag=True,
    help="As server: move the times in stanzas to today.",
)  # fmt: skip
@click.option(
    "--accounts", metavar="FILE", type=click.Path(path_type=Path),
    help='Passwords, in TOML: a table [accounts] of "juliet@example.org" = "secret".',
)  # fmt: skip
@click.option(
    "--password-file", metavar="FILE", type=click.Path(path_type=Path),
    help="The password of all other accounts; else XMPPSPY_PASSWORD is.",
)  # fmt: skip
@click.option(
    "--to", "upstream", metavar="UPSTREAM",
    help="As client: the server, named as for `xmppspy proxy`.",
)  # fmt: skip
@click.option(
    "--jid", metavar="JID",
    help="As client: the account that plays; without a password for it, it is asked for.",
)  # fmt: skip
@click.option(
    "--map", "maps", metavar="RECORDED=LIVE", multiple=True,
    help="As client: an account or a domain that has another name today; repeatable.",
)  # fmt: skip
@click.option(
    "--timed", is_flag=True,
    help="As client: say everything when it was said, and wait for no answers.",
)  # fmt: skip
@click.option("--no-compare", is_flag=True, help="As client: do not compare what comes.")
@click.option(
    "--ignore", metavar="XPATH", multiple=True,
    help="As client: do not compare what XPATH selects; repeatable.",
)  # fmt: skip
@click.option(
    "--upstream-ca", metavar="FILE", type=click.Path(path_type=Path),
    help="As client: trust this CA (or certificate) for the server, besides the system's.",
)  # fmt: skip
@click.option("--insecure", is_flag=True, help="As client: do not verify the server.")
@click.option("--dns", metavar="ADDR[:PORT]", help="As client: the DNS resolver to ask.")
@click.option(
    "-w", "--write", metavar="FILE", type=click.Path(path_type=Path),
    help="Record the replay itself.",
)  # fmt: skip
@click.option("--keep-secrets", is_flag=True, help="Record passwords and tokens as they are.")
@click.option(
    "--ca-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the CA is kept."
)
@click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong.")
@style_options
def command(role: str | None, styles: Styles, **given: Any) -> None:
    """Play CAPTURE again: on the terminal, or as one of its sides over the network.

    On the terminal it is shown with its own timing, pauses cut to 2 seconds unless --idle-limit
    says otherwise, and stops at marks (see `xmppspy mark`). Space pauses, . shows the next one,
    ] goes to the next mark, q ends.

    \b
    xmppspy replay session.xmpp.jsonl --speed 4 message or presence
    xmppspy replay session.xmpp.jsonl --as server -l 5222
    xmppspy replay session.xmpp.jsonl --as client --to example.org --jid juliet@example.org
    """
    if role == "server":
        _as_server(given)
    if role == "client":
        _as_client(given, styles)
    sys.exit(_on_terminal(given, styles))


def _on_terminal(given: dict[str, Any], styles: Styles) -> int:
    from xmppspy.cli.replay_terminal import TerminalSettings, play_on_terminal

    limit = given["idle_limit"]
    return play_on_terminal(
        TerminalSettings(
            capture=given["capture"],
            filters=given["filters"],
            styles=styles,
            speed=given["speed"],
            idle_limit=_IDLE_LIMIT if limit is None else limit,
            step=given["step"],
            quiet=given["quiet"],
        )
    )


def _as_server(given: dict[str, Any]) -> None:
    from xmppspy.cli.replay_server import ServerSettings, play_as_server

    if given["filters"]:
        raise UsageError("--as server plays whole captures; make a smaller one with show --json")
    idle_limit = given["idle_limit"]
    settings = ServerSettings(
        capture=given["capture"],
        listen=given["listen"],
        ca_dir=given["ca_dir"],
        write=given["write"],
        accounts=given["accounts"],
        password_file=given["password_file"],
        speed=given["speed"],
        idle_limit=float("inf") if idle_limit is None else idle_limit,
        patience=given["wait"],
        refresh_times=given["refresh_times"],
        strict=given["strict"],
        keep_secrets=given["keep_secrets"],
        quiet=given["quiet"],
    )
    sys.exit(play_as_server(settings))


def _as_client(given: dict[str, Any], styles: Styles) -> None:
    from xmppspy.cli.replay_client import ClientSettings, play_as_client

    if given["filters"]:
        raise UsageError("--as client plays whole captures; make a smaller one with show --json")
    if given["upstream"] is None:
        raise UsageError("--as client needs a server to play against: --to UPSTREAM")
    settings = ClientSettings(
        capture=given["capture"],
        upstream=given["upstream"],
        upstream_ca=given["upstream_ca"],
        insecure=given["insecure"],
        dns=given["dns"],
        jid=given["jid"],
        accounts=given["accounts"],
        password_file=given["password_file"],
        maps=given["maps"],
        timed=given["timed"],
        speed=given["speed"],
        patience=given["wait"],
        compare=not given["no_compare"],
        ignore=given["ignore"],
        write=given["write"],
        keep_secrets=given["keep_secrets"],
        color=styles.color,
        full=styles.full,
        quiet=given["quiet"],
    )
    sys.exit(play_as_client(settings))
