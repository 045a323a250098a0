"""What text is painted with: terminal codes by meaning, computed once (`theme`), or none."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from xmppspy.view.escape import ASIDE, END, ESCAPE, unmarked


class Ink(NamedTuple):
    """The terminal codes before and after a text of one style; both empty without colour."""

    on: str = ""
    off: str = ""


_NO_INK: Final = Ink()


class Palette(NamedTuple):
    """An ink for each meaning. `Palette()` has no colours."""

    c2s: Ink = _NO_INK
    s2c: Ink = _NO_INK
    text: Ink = _NO_INK
    kind: Ink = _NO_INK
    meta: Ink = _NO_INK
    error: Ink = _NO_INK
    change: Ink = _NO_INK
    event: Ink = _NO_INK
    tag: Ink = _NO_INK
    attribute: Ink = _NO_INK
    value: Ink = _NO_INK
    namespace: Ink = _NO_INK
    comment: Ink = _NO_INK
    escape: Ink = _NO_INK
    aside: Ink = _NO_INK

    def paint(self, ink: Ink, text: str) -> str:
        """Clean text in one style; its marks (see `escape`) become colour, or vanish."""
        if END in text:
            text = self._resolve(ink, text)
        return f"{ink.on}{text}{ink.off}" if text else ""

    def _resolve(self, ink: Ink, text: str) -> str:
        if not self.escape.on:
            return unmarked(text)
        text = text.replace(ESCAPE, ink.off + self.escape.on).replace(
            ASIDE, ink.off + self.aside.on
        )
        return text.replace(END, self.escape.off + ink.on)


def wants_colour(choice: str, is_terminal: bool, environment: Mapping[str, str]) -> bool:
    """Whether `--color CHOICE` means colour here. `NO_COLOR` and a dumb terminal mean no."""
    if choice != "auto":
        return choice == "always"
    return is_terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
