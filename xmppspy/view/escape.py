"""Text of the traffic, made harmless: nothing in it acts on the terminal, all of it is seen."""

import re
from functools import cache
from typing import Final

from xmppspy.analysis.words import CONTROLS, UNSEEN

_HARMFUL: Final = re.compile(f"[{CONTROLS}{UNSEEN}]++")
_DOUBLE_HYPHEN: Final = re.compile("-(?=-)")
_NAMED: Final = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}

ESCAPE: Final = "\x0e"
ASIDE: Final = "\x0f"
END: Final = "\x10"
"""Marks for the painter (`Palette.paint`): an escape or a remark of ours begins, and ends. Clean text
holds none of them but those put there on purpose."""

_MARKS: Final = str.maketrans("", "", ESCAPE + ASIDE + END)


def decode(data: bytes) -> str:
    r"""The bytes as text; those that are not UTF-8 as `\xNN`."""
    return data.decode(errors="backslashreplace")


def escape(text: str) -> str:
    r"""`text` with control, bidirectional and invisible characters as `\xNN`, between marks.

    Line breaks and tabs stay. What was escaped stands between `ESCAPE` and `END`.
    """
    return _HARMFUL.sub(_escaped, text)


def escape_line(text: str) -> str:
    r"""Like `escape`, and line breaks and tabs too, as `\n`, `\r` and `\t`: for one line."""
    if text.isascii() and text.isprintable():  # some that are not seen count as printable
        return text
    return _harmful_in_line().sub(_escaped_in_line, text)


@cache
def _harmful_in_line() -> re.Pattern[str]:
    """Compiled when there is something to escape: so big a set takes a third of a millisecond."""
    return re.compile(f"[\t\n{CONTROLS}{UNSEEN}]++")


def unmarked(text: str) -> str:
    """Clean text without the marks for the painter."""
    return text.translate(_MARKS)


def _escaped(match: re.Match[str]) -> str:
    return ESCAPE + "".join(map(_code, match[0])) + END


def _escaped_in_line(match: re.Match[str]) -> str:
    return ESCAPE + "".join(_NAMED.get(char) or _code(char) for char in match[0]) + END


def _code(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def in_comment(text: str) -> str:
    """`text` without the `--` that would end a comment of XML early."""
    return _DOUBLE_HYPHEN.sub("- ", text) if "--" in text else text
