"""`xmppspy ctl`: intervene in a running proxy."""

from __future__ import annotations

from pathlib import Path

import click

from xmppspy.cli import ctl_holds, ctl_inject, ctl_rules, ctl_watch
from xmppspy.cli.ctl_asking import Asking, asking, control_option, which


class _Group(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Group, short_help="Hold, edit, drop, inject: intervene in a running proxy.")
@control_option
@click.pass_context
def command(ctx: click.Context, control: Path | None) -> None:
    """Intervene in what a running `xmppspy proxy` passes on.

    \b
    xmppspy ctl hold message c2s       let messages of clients wait for a decision
    xmppspy ctl watch                  decide about each as it comes, by one key
    xmppspy ctl inject --conn 1 --to server --template ping --wait 5
    """
    ctx.obj = control


@click.command(short_help="What the proxy serves, and does at present.")
@asking
def status(asking: Asking) -> None:
    """Tell what the proxy serves, holds and counts."""
    from xmppspy.control import replies, requests
    from xmppspy.view.control import status as words

    reply = asking.ask(requests.Status(), replies.Status)
    asking.show(reply, lambda look: words(reply, look))


@click.command(short_help="The open connections.")
@asking
def connections(asking: Asking) -> None:
    """List the open connections: whose they are, how far they have come."""
    from xmppspy.control import replies, requests
    from xmppspy.view.control import connections as words

    with asking.connect() as control:
        reply = control.ask(requests.Connections(), replies.Connections)
        now = control.ask(requests.Status(), replies.Status).t
    asking.show(reply, lambda look: words(reply, look, now))


@click.command(short_help="End a connection.")
@click.argument("conn")
@click.option("--reset", is_flag=True, help="By a TCP reset, at once, instead of in order.")
@asking
def kill(asking: Asking, conn: str, reset: bool) -> None:
    """End connection CONN on both legs, or `all` of them.

    \b
    xmppspy ctl kill 1
    xmppspy ctl kill all --reset
    """
    from xmppspy.control import replies, requests

    request = requests.Kill(conn=which(conn, "connection"), how="reset" if reset else "close")
    reply = asking.ask(request, replies.Killed)
    numbers = ", ".join(map(str, reply.conns)) or "none"
    asking.show(reply, lambda _: f"{'reset' if reset else 'ended'}: {numbers}\n")


@click.command(short_help="Put a bookmark into the capture.")
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option("--conn", type=int, metavar="N", help="The connection that it is about.")
@asking
def mark(asking: Asking, text: tuple[str, ...], conn: int | None) -> None:
    """Put a bookmark into the capture, as `xmppspy mark` does, at this very moment.

    \b
    xmppspy ctl mark now I press send
    """
    from xmppspy.control import replies, requests

    reply = asking.ask(requests.Mark(text=" ".join(text), conn=conn), replies.Marked)
    where = "" if reply.recorded else ", which nothing keeps: the proxy does not record"
    asking.show(reply, lambda _: f"marked at {reply.t:.3f} s{where}\n")


for each in (
    status,
    connections,
    *ctl_holds.COMMANDS,
    *ctl_inject.COMMANDS,
    kill,
    mark,
    ctl_rules.rules,
    ctl_watch.watch,
):
    command.add_command(each)
