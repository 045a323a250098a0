"""Escaping: values written so that they are read again as they were meant."""

import re
from typing import Final

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold, in whatever form (XML 1.0 §2.2)."""

_IN_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE: Final = _IN_TEXT | str.maketrans(
    {"\t": "&#9;", "\n": "&#10;", '"': "&quot;", "'": "&apos;"}
)


def forbidden(value: str) -> str:
    """The first character that no XML can hold, as a sentence tells it; empty without one."""
    found = _FORBIDDEN.search(value)
    return f"the character U+{ord(found[0]):04X}" if found else ""


def text(value: str) -> str:
    """A value as character data."""
    return value.translate(_IN_TEXT)


def attribute(value: str) -> str:
    """A value between quotation marks of either kind. It may stand in character data, too."""
    return value.translate(_IN_ATTRIBUTE)
