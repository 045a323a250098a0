"""Words: text of the traffic made harmless and short, sizes, counts; for lines that people read.

All that comes from a peer passes through here on its way into a summary.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

MASK: Final = "•••"
"""What stands for a secret."""
WORD_ROOM: Final = 60
"""Characters of an id, an address or a name before it is folded."""

CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Control characters other than tab and line feed, as they stand in a set of characters."""
UNSEEN: Final = (
    r"\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\u2028\u2029\ufeff\ufff9-\ufffb"
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u3164\uffa0\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff\ud800-\udfff"
)
"""Bidirectional controls and other characters that are not seen, likewise.

Not those that scripts and emoji are written with: joiners, and selectors of a variant.
"""

_NAMED: Final = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_FILE_URL: Final = re.compile(r"aesgcm://[^\s#]*+(#\S++)?")
"""Matches without a key, too: a text that is full of such beginnings is read only once."""
_LINE_BREAK: Final = re.compile(r"[ \t]*+[\r\n]\s*+")
_FRACTION: Final = re.compile(r"\.\d+")
_SIZE_UNITS: Final = ("kB", "MB", "GB", "TB")
_STEP: Final = 1000
_EXACT: Final = 10_000
_ONE_DIGIT: Final = 10
_MOST_DIGITS: Final = 20
_STILL_SECONDS: Final = 600
_LAST: Final = 12
"""Characters of the end that stay when a word is folded in its middle."""


def harmless(text: str) -> str:
    r"""`text` on one line: control, bidirectional and invisible characters as `\xNN`."""
    if text.isascii() and text.isprintable():  # some that are not seen count as printable
        return text
    return _harmful().sub(_escaped, text)


@cache
def _harmful() -> re.Pattern[str]:
    """Compiled when there is something to escape: so big a set takes a third of a millisecond."""
    return re.compile(rf"[\t\n{CONTROLS}{UNSEEN}]")


def word(text: str | None, room: int = WORD_ROOM) -> str:
    """An id, an address, a name: harmless, folded in its middle."""
    if not text:
        return ""
    if len(text) > room:
        text = f"{text[: room - _LAST - 1]}…{text[-_LAST:]}"
    return harmless(text.strip())


def _without_key(match: re.Match[str]) -> str:
    return match[0] if match[1] is None else f"{match[0][: match.start(1) - match.start()]}#{MASK}"


def quoted(text: str, room: int) -> str:
    """What a person wrote, in quotation marks, folded at its end; keys of files are masked."""
    if "aesgcm://" in text:
        text = _FILE_URL.sub(_without_key, text)
    kept = text if len(text) <= room else text[:room] + "…"
    if not kept.isprintable():
        kept = _LINE_BREAK.sub("↵", kept)
    return f'"{harmless(kept)}"'


def chars(text: str) -> str:
    """`(35 chars)`."""
    return f"({counted(len(text), 'char')})"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 item`, `1,200 items`."""
    number = f"{count:,}" if count >= _STEP else count
    return f"{number} {noun if count == 1 else plural or noun + 's'}"


def size(count: int) -> str:
    """A number of bytes, for people: `4,096 B`, `23 kB`, `1.5 MB`."""
    if count < _EXACT:
        return f"{count:,} B"
    power = min(len(f"{count}") - 1, 3 * len(_SIZE_UNITS)) // 3
    amount, unit = count / _STEP**power, _SIZE_UNITS[power - 1]
    return f"{amount:.1f} {unit}" if amount < _ONE_DIGIT else f"{amount:,.0f} {unit}"


def size_said(text: str | None) -> str:
    """A number of bytes that a peer wrote; empty when it wrote no number."""
    number = whole_number(text)
    return "" if number is None else size(number)


def whole_number(text: str | None) -> int | None:
    """The number a peer wrote; None when it is none, or absurdly long."""
    if text is None or len(text) > _MOST_DIGITS:
        return None
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() else None


def decoded_size(base64: str) -> int:
    """How many bytes a base64 text stands for, without decoding it."""
    significant = len(base64) - sum(map(base64.count, " \t\r\n="))
    return significant * 3 // 4


def joined(words: Iterable[str], separator: str = " ") -> str:
    """The words that are not empty, one after the other."""
    return separator.join(filter(None, words))


def listed(words: Iterable[str], most: int = 3, separator: str = ", ") -> str:
    """The first of the words, and how many more there are."""
    words = list(words)
    more = f" +{len(words) - most:,}" if len(words) > most else ""
    return separator.join(words[:most]) + more


def named(**values: str | None) -> str:
    """`key=value` for those that there are, underlines as hyphens; values are made harmless."""
    return " ".join([f"{_key(name)}={word(value)}" for name, value in values.items() if value])


@cache
def _key(name: str) -> str:
    return name.replace("_", "-").strip("-")


def duration(seconds: str | None) -> str:
    """Seconds that a peer wrote, as `300s` or `2h 5min`; the text itself when it is no number."""
    number = whole_number(seconds)
    if number is None:
        return word(seconds)
    if number < _STILL_SECONDS:
        return f"{number}s"
    minutes, _ = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days}d" if days else "", f"{hours}h" if hours else ""]
    return joined([*parts, f"{minutes}min" if minutes and not days else ""])


def moment(stamp: str | None) -> str:
    """A time of XEP-0082, as it is read: without fractions of seconds."""
    text = word(stamp)
    return _FRACTION.sub("", text) if "." in text else text


def address(url: str | None) -> str:
    """A URL by what tells it apart: its host and file, without query, keys and credentials."""
    if not url:
        return ""
    from urllib.parse import urlsplit  # noqa: PLC0415 - few stanzas have any

    try:
        parts = urlsplit(url.strip()[:1000])
        host = parts.hostname
    except ValueError:
        return MASK
    if host is None:
        return f"{word(parts.scheme)}:{MASK}" if parts.scheme else word(parts.path)
    file = parts.path.rsplit("/", 1)[-1]
    return f"{word(host)}/…/{word(file)}" if file else word(host)


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if code < 0x100:
        return _NAMED.get(char) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
