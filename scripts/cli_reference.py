"""Write docs/cli.md from the commands' own help: `python scripts/cli_reference.py`."""

from copy import copy
from pathlib import Path

import click

from xmppspy.cli import COMMANDS, cli

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"
COLUMNS = 100
COMPLETION = """\
## Completion

The shell completes commands, options, and the words, fields and values of filters, once it has
been told; in the shell's startup file:

```
eval "$(_XMPPSPY_COMPLETE=bash_source xmppspy)"    # ~/.bashrc
eval "$(_XMPPSPY_COMPLETE=zsh_source xmppspy)"     # ~/.zshrc
_XMPPSPY_COMPLETE=fish_source xmppspy | source     # ~/.config/fish/config.fish
```
"""


def reference() -> str:
    """The whole page."""
    parts = [
        "# Commands\n",
        "<!-- Made by scripts/cli_reference.py from the commands' own help. -->\n",
        "Exit codes of all commands: 0 done; 1 failed while running, or a check said no; 2 wrong",
        "usage or an unreadable file. Errors are one line on stderr.\n",
        _section("xmppspy", cli),
    ]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        parts.append(_section(f"xmppspy {name}", command))
    parts.append(COMPLETION)
    return "\n".join(parts)


def _section(title: str, command: click.Command) -> str:
    text = f"## {title}\n\n```\n{_help(title, command)}\n```\n"
    if isinstance(command, click.Group) and command is not cli:
        for name, below in command.commands.items():
            text += "\n#" + _section(f"{title} {name}", below)
    return text


def _help(title: str, command: click.Command) -> str:
    command = copy(command)
    command._help_option = None
    context = click.Context(
        command, info_name=title, max_content_width=COLUMNS, help_option_names=["-h", "--help"]
    )
    context.terminal_width = COLUMNS
    return command.get_help(context)


if __name__ == "__main__":
    PAGE.write_text(reference())
