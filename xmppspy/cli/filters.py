"""`xmppspy filters`: the reference of the filter language."""

import click


@click.command("filters", short_help="The filter language's reference.")
def command() -> None:
    """Print the reference of the filter language: words, fields, prefixes, examples.

    \b
    xmppspy filters
    xmppspy show FILE message from:juliet@example.org
    """
    from xmppspy.filters import reference

    click.echo(reference.text(), nl=False)
