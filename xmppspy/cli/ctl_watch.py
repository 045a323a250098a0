"""`xmppspy ctl watch`: decide about frames as they are held, by one key each."""

from __future__ import annotations

import click

from xmppspy.cli.ctl_asking import Asking, asking


@click.command(short_help="Decide about frames as they are held, by one key.")
@click.option("--full", is_flag=True, help="Fold and cut nothing.")
@asking
def watch(asking: Asking) -> None:
    """Show each frame as it is held, and do with it what one key says.

    f lets it go on, d drops it, e opens it in your editor, 2 sends it twice, the space bar lets it
    wait 30 s more, n shows the next one, q quits; then frames that are held go on waiting. The last
    line counts how long the frame still waits.

    With --json, or without a terminal, what happens is only printed.

    \b
    xmppspy ctl hold message c2s
    xmppspy ctl watch
    """
    from xmppspy.cli.keyboard import Keyboard
    from xmppspy.cli.watching import Teller, Watcher
    from xmppspy.control import replies, requests

    with asking.connect() as control, Keyboard() as keyboard:
        teller = Teller(asking, control.ask(requests.Status(), replies.Status))
        watching = control.ask(requests.Watch(), replies.Watching)
        try:
            Watcher(control, keyboard, teller, watching).run()
        except BrokenPipeError:
            return
        finally:
            teller.clear()
