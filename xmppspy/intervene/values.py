"""Values in a rules file: durations, sizes, rates and others, as TOML has them."""

import math
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Final, TypeAlias

from xmppspy.intervene import escaping
from xmppspy.protocol import tokens as lex

Read: TypeAlias = Callable[[object], object]
"""Reads a value of TOML; raises `BadValueError`."""

LONGEST: Final = 86_400.0
"""Seconds that anything may be told to last: a day."""

MOST: Final = 1000
"""Copies of a frame."""

_QUANTITY: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]+)(/s)?")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_BYTES: Final = {
    "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "KiB": 1024, "MiB": 1024 * 1024,
}  # fmt: skip
_MILLISECONDS_LIKELY: Final = 1000
_MILLISECONDS_OF_A_LINE: Final = 60


class BadValueError(Exception):
    """A value that a rule cannot use; never leaves this room (it becomes a `RulesError`)."""


def seconds(value: object) -> float:
    """A duration: a number, or a text with a unit, which large ones need."""
    return _duration(value, _MILLISECONDS_LIKELY)


def line_seconds(value: object) -> float:
    """A duration by a word of toxiproxy, where a number would mean milliseconds."""
    return _duration(value, _MILLISECONDS_OF_A_LINE)


def _duration(value: object, likely_milliseconds: float) -> float:
    number = _number(value)
    found = _quantity(value, _SECONDS, "") if number is None else number
    if found is None or found < 0:
        raise BadValueError(f'{_shown(value)} is no duration such as 2.5, "250ms", "2s", "1m"')
    if found > LONGEST:
        raise BadValueError(f"{_shown(value)} is more than a day, {LONGEST:.0f} seconds")
    if number is not None and number >= likely_milliseconds:
        raise BadValueError(
            f"{_shown(value)} would be seconds; for toxiproxy's milliseconds write"
            f' "{_shown(value)}ms", or else "{_shown(value)}s"'
        )
    return found


def size(value: object) -> int:
    """A number of bytes, from 0."""
    found = _number(value)
    if found is None:
        found = _quantity(value, _BYTES, "")
    if found is None or found < 0 or found != int(found):
        raise BadValueError(f'{_shown(value)} is no size such as 1000, "20kB", "1MB"')
    return int(found)


def rate(value: object) -> float:
    """Bytes a second, more than none."""
    found = _number(value)
    if found is None:
        found = _quantity(value, _BYTES, "/s")
    if found is None or found <= 0:
        raise BadValueError(f'{_shown(value)} is no rate such as 20000, "20kB/s", "1MB/s"')
    return found


def count(value: object) -> int:
    """A number from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadValueError(f"{_shown(value)} is no number from 1")
    return value


def copies(value: object) -> int:
    """How often something leaves, when it leaves more than once."""
    if not isinstance(value, int) or isinstance(value, bool) or not 2 <= value <= MOST:
        raise BadValueError(f"{_shown(value)} is no number from 2 to {MOST}")
    return value


def probability(value: object) -> float:
    """A number from 0 to 1."""
    found = _number(value)
    if found is None or not 0 <= found <= 1:
        raise BadValueError(f"{_shown(value)} is no number from 0 to 1")
    return found


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadValueError(f"{_shown(value)} is not true or false")
    return value


def text(value: object) -> str:
    """A text that XML can hold."""
    if not isinstance(value, str):
        raise BadValueError(f"{_shown(value)} is no text in quotation marks")
    if found := escaping.forbidden(value):
        raise BadValueError(f"{found} cannot stand in XML")
    return value


def name(value: object) -> str:
    """The name of an attribute, as it is written in a tag."""
    found = text(value)
    if not lex.NAME.fullmatch(found.encode()):
        raise BadValueError(f"{_shown(value)} is no name of an attribute")
    return found


def one_of(*words: str) -> Read:
    """One of some words."""

    def read(value: object) -> str:
        if value not in words:
            meant = nearest(value, words)
            raise BadValueError(f"{_shown(value)} is not one of {', '.join(words)}{meant}")
        return str(value)

    return read


def nearest(value: object, words: "tuple[str, ...]") -> str:
    """What may have been meant, as the end of a sentence; empty when nothing is near."""
    found = get_close_matches(str(value), words, 1)
    return f"; did you mean {found[0]}?" if found else ""


def _number(value: object) -> float | None:
    """A number of TOML, which has infinities and numbers beyond all measure, too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _quantity(
    value: object, units: "dict[str, float] | dict[str, int]", ending: str
) -> float | None:
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[2] not in units or (found[3] or "") != ending:
        return None
    return float(found[1]) * units[found[2]]


def _shown(value: object) -> str:
    """As TOML has it, on one line."""
    shown = str(value).lower() if isinstance(value, bool) else value
    written = f'"{value}"' if isinstance(value, str) else str(shown)
    return written if len(written) <= 40 and written.isprintable() else "this"
