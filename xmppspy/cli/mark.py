"""`xmppspy mark`: add a bookmark to a capture."""

import click

from xmppspy.cli import completion


@click.command(short_help="Add a bookmark to a capture, also to one that is being written.")
@click.argument("capture", shell_complete=completion.files)
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
def command(capture: str, text: tuple[str, ...]) -> None:
    """Add a bookmark at the end of CAPTURE, also while `xmppspy proxy` writes it.

    `xmppspy replay` pauses there, and `xmppspy show FILE event:mark` lists them.

    \b
    xmppspy mark session.xmpp.jsonl now I press send
    """
    from xmppspy.capture.marking import add_mark

    add_mark(capture, " ".join(text))
