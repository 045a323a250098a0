"""The options about what the output looks like, which several commands share."""

import io
import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal, NamedTuple, TypeAlias, cast

import click

from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.view.look import Look, StyleName
    from xmppspy.view.printer import Printer

_Decorator: TypeAlias = Callable[[Callable[..., None]], Callable[..., None]]
ColorChoice: TypeAlias = Literal["auto", "always", "never"]

_STYLES: "Final[dict[StyleName, str]]" = {
    "pretty": "Indented XML under a comment that tells what it is (the default).",
    "brief": "One line a frame.",
    "raw": r"The XML as it was sent, control characters as \x1b.",
    "bytes": "The exact bytes; not to a terminal.",
    "json": "Lines of a capture.",
}


class Styles(NamedTuple):
    """What the person chose."""

    style: "StyleName" = "pretty"
    color: ColorChoice = "auto"
    full: bool = False
    utc: bool = False
    relative: bool = False

    def arguments(self) -> list[str]:
        """The same choice as arguments of a command line."""
        switches = {"--full": self.full, "--utc": self.utc, "--relative": self.relative}
        chosen = [name for name, is_on in switches.items() if is_on]
        return [f"--{self.style}", f"--color={self.color}", *chosen]

    def check(self, output: BinaryIO) -> None:
        """Raise `UsageError` where the style would do harm: exact bytes on a terminal."""
        if self.style == "bytes" and output.isatty():
            advice = "redirect the output to a file or a pipe, or use --raw"
            raise UsageError(f"--bytes would send control characters to the terminal; {advice}")

    def printer(self, output: BinaryIO, created: datetime | None) -> "Printer":
        """What turns events into bytes for `output`; `created` is the capture's."""
        from xmppspy.view.printer import printer

        return printer(self.style, self.look(output, created))

    def check_for_remarks(self) -> None:
        """Raise `UsageError` where the style has no place for remarks about what it shows."""
        if self.style not in ("pretty", "brief"):
            advice = "use --pretty or --brief, or xmppspy lint by itself"
            raise UsageError(f"--{self.style} has no place for findings of --lint; {advice}")

    def look(self, output: BinaryIO, created: datetime | None) -> "Look":
        """Colours, times and sizes for `output`."""
        from xmppspy.view.clock import Clock
        from xmppspy.view.ink import Palette, wants_colour
        from xmppspy.view.look import Look

        is_terminal = output.isatty()
        palette = Palette()
        if wants_colour(self.color, is_terminal, os.environ):
            from xmppspy.view.theme import coloured

            palette = coloured(os.environ)
        clock = Clock(created, utc=self.utc, relative=self.relative)
        columns = _terminal_columns if is_terminal else _no_columns
        return Look(palette=palette, clock=clock, full=self.full, columns=columns)


_STYLE_OPTIONS: Final[tuple[_Decorator, ...]] = tuple(
    click.option(f"--{name}", "style", flag_value=name, help=text) for name, text in _STYLES.items()
)
_COLOR_OPTIONS: Final[tuple[_Decorator, ...]] = (
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="NO_COLOR is obeyed.",
    ),
)
_FULL_OPTIONS: Final[tuple[_Decorator, ...]] = (
    click.option("--full", is_flag=True, help="Fold and cut nothing."),
)
_TIME_OPTIONS: Final[tuple[_Decorator, ...]] = (
    click.option("--utc", is_flag=True, help="Times in UTC instead of local ones."),
    click.option("--relative", is_flag=True, help="Times as seconds since the capture began."),
)


def style_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options; its function gets them as `styles`."""
    return _giving(function, (*_STYLE_OPTIONS, *_COLOR_OPTIONS, *_FULL_OPTIONS, *_TIME_OPTIONS))


def look_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command those about colours and times, also as `styles`; it has a style of its own."""
    return _giving(function, (*_COLOR_OPTIONS, *_TIME_OPTIONS))


def contrast_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command those about colours and folding, also as `styles`; it shows no times."""
    return _giving(function, (*_COLOR_OPTIONS, *_FULL_OPTIONS))


def color_option(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the one about colours, also as `styles`; it shows nothing of a capture."""
    return _giving(function, _COLOR_OPTIONS)


def _giving(function: Callable[..., None], chosen: tuple[_Decorator, ...]) -> Callable[..., None]:
    @wraps(function)
    def with_styles(
        *args: Any,
        style: "StyleName | None" = None,
        color: ColorChoice,
        full: bool = False,
        utc: bool = False,
        relative: bool = False,
        **options: Any,
    ) -> None:
        styles = Styles(style or "pretty", color, full=full, utc=utc, relative=relative)
        function(*args, styles=styles, **options)

    decorated: Callable[..., None] = with_styles
    for option in chosen[::-1]:
        decorated = option(decorated)
    return decorated


def standard_output() -> BinaryIO:
    """Standard output for bytes, to be flushed where somebody waits for them.

    So it is with PYTHONUNBUFFERED, too, which would take a system call for each line.
    """
    output = sys.stdout.buffer
    if isinstance(output, io.RawIOBase):
        return open(output.fileno(), "wb", closefd=False)
    return cast("BinaryIO", output)


def _terminal_columns() -> int | None:
    import shutil

    return shutil.get_terminal_size().columns


def _no_columns() -> int | None:
    return None
