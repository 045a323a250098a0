"""Colours: what they mean, and their terminal codes computed once.

The tones are of middle brightness, chosen from the 256 so that each has a contrast of about 4:1 to
white and to black: they read on any background. Dim text is a grey for the same reason.
"""

from collections.abc import Mapping
from typing import Final

from rich.color import ColorSystem
from rich.style import Style

from xmppspy.view.ink import Ink, Palette

STYLES: Final = {
    "c2s": "bold color(130)",  # brown
    "s2c": "bold color(32)",  # blue
    "text": "none",
    "kind": "bold",
    "meta": "color(243)",  # grey
    "error": "bold color(160)",  # red
    "change": "bold color(163)",  # magenta
    "event": "color(30)",  # teal
    "tag": "color(31)",
    "attribute": "color(97)",  # violet
    "value": "color(64)",  # green
    "namespace": "color(243)",
    "comment": "italic color(243)",
    "escape": "reverse color(160)",
    "aside": "color(243)",
}
"""What each ink is, as a style of rich, where there are 256 colours."""

FEW_COLOURS: Final = {
    "c2s": "bold magenta",
    "s2c": "bold cyan",
    "text": "none",
    "kind": "bold",
    "meta": "dim",
    "error": "bold red",
    "change": "reverse magenta",
    "event": "cyan",
    "tag": "cyan",
    "attribute": "none",
    "value": "green",
    "namespace": "dim",
    "comment": "dim",
    "escape": "reverse red",
    "aside": "dim",
}
"""The same for terminals with eight."""


def coloured(environment: Mapping[str, str]) -> Palette:
    """The coloured palette, in as many colours as the terminal of `environment` has."""
    many = has_many(environment)
    system = ColorSystem.EIGHT_BIT if many else ColorSystem.STANDARD
    inks = {}
    for name, definition in (STYLES if many else FEW_COLOURS).items():
        on, _, off = Style.parse(definition).render("\0", color_system=system).partition("\0")
        inks[name] = Ink(on, off)
    return Palette(**inks)


def has_many(environment: Mapping[str, str]) -> bool:
    """Whether the terminal of `environment` has 256 colours rather than eight."""
    return bool(environment.get("COLORTERM")) or "256" in environment.get("TERM", "256")
