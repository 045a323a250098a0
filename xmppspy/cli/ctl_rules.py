"""`xmppspy ctl rules`: what is done by itself, and switching it."""

from __future__ import annotations

from typing import Literal

import click

from xmppspy.cli.ctl_asking import Asking, asking
from xmppspy.errors import UsageError


@click.command(short_help="The rules: list, on, off, reload.")
@click.argument("do", type=click.Choice(["list", "on", "off", "reload"]), default="list")
@click.argument("rule", required=False)
@asking
def rules(asking: Asking, do: Literal["list", "on", "off", "reload"], rule: str | None) -> None:
    """List the rules of the proxy, after switching one, or all, or reading the file again.

    \b
    xmppspy ctl rules
    xmppspy ctl rules off "slow archive"
    xmppspy ctl rules reload
    """
    from xmppspy.control import replies, requests
    from xmppspy.view.control import rules as words

    if rule is not None and do not in ("on", "off"):
        raise UsageError(f"{do} is about all rules; leave out {rule!r}")
    reply = asking.ask(requests.Rules(do=do, rule=rule), replies.Rules)
    asking.show(reply, lambda look: words(reply, look))
