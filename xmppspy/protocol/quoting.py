"""Text as it may stand in XML. The standard library's own way there loads half of the web."""

from typing import Final

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_VALUE: Final = _TEXT | str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def escape(text: str) -> str:
    """Text as character data."""
    return text.translate(_TEXT)


def quoteattr(value: str) -> str:
    """Text as an attribute's value, with the quotation marks that suit it."""
    written = value.translate(_VALUE)
    if '"' not in written:
        return f'"{written}"'
    return f"'{written}'" if "'" not in written else f'"{written.replace(chr(34), "&quot;")}"'
