"""The command line: one thin file per command, and the only place where objects are put together.

A command's module is imported when the command is asked for, and imports what it needs inside
its function, so that `xmppspy --help` stays quick.
"""

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from xmppspy import __version__

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "Watch the whole thing at work, no server needed.",
    "proxy": "Intercept, show and record the traffic of a server.",
    "ctl": "Hold, edit, drop, inject: intervene in a running proxy.",
    "doctor": "Tell what a server offers, and who will log in through xmppspy.",
    "show": "Print a capture, or what matches a filter of it.",
    "tui": "Look through a capture by keys, and act on the running proxy.",
    "replay": "Play a capture again: on the terminal, to a client, to a server.",
    "mark": "Add a bookmark to a capture, also to one that is being written.",
    "compare": "Tell how two captures of the same scene differ.",
    "stats": "Tell who spoke in a capture, about what, how much and how slowly.",
    "lint": "Tell what is wrong with the XMPP in a capture, and by which section.",
    "trace": "Tell the journey of a message: sent, acknowledged, received, read.",
    "share": "Copy a capture without what is secret or private in it.",
    "filters": "The filter language's reference.",
    "ca": "The CA certificate and how to trust it.",
}
"""The commands in the order in which `--help` lists them, with what it says of each; they are
`xmppspy.cli.NAME.command`."""

_OBJECTS: Final = 10_000
"""New ones after which garbage is looked for. What a start makes stays, and to look through it after
every 700, which is usual, takes a thirtieth of it."""


class _LazyGroup(click.Group):
    """A group that knows its commands by name, and what they do."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"xmppspy.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xmppspy")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
def cli(debug: bool) -> None:
    """See every XMPP stanza between a client and a server, live, and keep it in a text file.

    \b
    xmppspy demo                       everything at work, no server needed
    xmppspy proxy example.org          then point a client at 127.0.0.1:5222
    xmppspy show FILE iq type:error    print what was recorded, filtered
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; errors become one line on stderr (exit code 1 or 2)."""
    gc.set_threshold(_OBJECTS)
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    try:
        sys.exit(cli.main(arguments, prog_name="xmppspy", standalone_mode=False))
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        _say(error.format_message().rstrip("."))
        sys.exit(2)
    except Exception as error:
        if debug:
            raise
        from xmppspy.errors import XmppspyError

        _say(str(error) if isinstance(error, XmppspyError) else _unexpected(error))
        sys.exit(error.exit_code if isinstance(error, XmppspyError) else 1)


def _unexpected(error: Exception) -> str:
    return f"{type(error).__name__}: {error}; this is a bug: xmppspy --debug … tells where"


def _say(text: str) -> None:
    """Say it on stderr, harmless to a terminal: peers and names of files have a part in it."""
    from xmppspy.analysis.words import harmless

    lines = map(harmless, f"xmppspy: {text}".split("\n"))
    click.echo("\n".join(lines), err=True)
