"""Themes: what Textual itself paints, in the colours of a scheme."""

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from xmppspy.view.tui.scheme import Scheme


def theme(scheme: Scheme) -> Theme:
    """The theme of a scheme, under its name."""
    if scheme.is_plain:
        return replace(BUILTIN_THEMES["ansi-dark"], name=scheme.name)
    return Theme(
        scheme.name,
        primary=scheme.raised,
        background=scheme.ground,
        surface=scheme.raised,
        panel=scheme.raised,
        foreground=scheme.inks["text"],
        dark=scheme.is_dark,
    )
