"""How the commands of `ctl` ask a running proxy, and print what it replies."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

from xmppspy.cli.styles import Styles, color_option, standard_output
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.control.client import Control
    from xmppspy.control.replies import Reply
    from xmppspy.control.requests import AnyRequest, Which
    from xmppspy.view.look import Look

    R = TypeVar("R", bound=Reply)
else:
    R = TypeVar("R")

_Command: TypeAlias = Callable[..., None]


@dataclass(slots=True)
class Asking:
    """Whom a command asks, and how it prints the reply."""

    path: Path | None
    as_json: bool
    styles: Styles

    def connect(self) -> Control:
        """A connection to the proxy. Raises ControlError."""
        from xmppspy.control.client import connect

        return connect(self.path)

    def ask(self, request: AnyRequest, kind: type[R]) -> R:
        """Ask one thing. Raises ControlError."""
        with self.connect() as control:
            return control.ask(request, kind)

    def look(self) -> Look:
        """Colours and columns of the output; times of a capture are not known."""
        return self.styles.look(standard_output(), None)

    def show(self, reply: Reply, words: Callable[[Look], str]) -> None:
        """Print a reply: as JSON, or in words."""
        if self.as_json:
            self.show_json(reply)
        else:
            click.echo(words(self.look()), nl=False)

    def show_json(self, reply: object) -> None:
        """Print something as a line of JSON."""
        import msgspec

        from xmppspy.cli.reports import json_line

        output = standard_output()
        output.write(json_line(msgspec.to_builtins(reply)))
        output.flush()


def control_option(function: _Command) -> _Command:
    """The option that says which proxy is meant."""
    return click.option(
        "--control", metavar="PATH", type=click.Path(path_type=Path), envvar="XMPPSPY_CONTROL",
        help="The proxy's control socket, which its first line of output names; without it, the "
        "only proxy that runs. Also XMPPSPY_CONTROL.",
    )(function)  # fmt: skip


def asking(function: _Command) -> _Command:
    """Give a command of `ctl` the options that all of them have; it gets an `Asking` first."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
    @color_option
    @click.pass_obj
    @wraps(function)
    def command(
        path: Path | None, /, *args: Any, styles: Styles, as_json: bool, **given: Any
    ) -> None:
        function(Asking(path, as_json, styles), *args, **given)

    made: _Command = command
    return made


def which(text: str, what: str) -> Which:
    """A number, or `all`. Raises UsageError."""
    if text == "all":
        return "all"
    if not text.isascii() or not text.isdigit():
        raise UsageError(f"{text!r}: give the number of a {what}, or all")
    return int(text)


def given(xml: str) -> str:
    """The XML of an argument; for `-`, what standard input holds. Raises UsageError."""
    if xml != "-":
        return xml
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8: {error.reason}") from None
