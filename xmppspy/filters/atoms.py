"""What filters are made of: words and fields, each with its help, and how text is compared."""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from xmppspy.filters.patience import patient
from xmppspy.filters.subject import Check, Predicate

Match: TypeAlias = Callable[[str], bool]
"""Whether a text is what a value asks for."""

Colon: TypeAlias = Callable[[str], Match]
"""What `field:value` means for a field: makes a `Match` of the value."""

Compile: TypeAlias = Callable[[str, str], Check]
"""Makes a check of an operator and a value; raises `BadValueError`."""


class BadValueError(Exception):
    """A value that its field cannot use; never leaves this room (it becomes a `FilterError`)."""

    def __init__(self, reason: str, position: int = 0, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.position, self.hint = reason, position, hint


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word of the language."""

    name: str
    help: str
    holds: Predicate


@dataclass(frozen=True, slots=True)
class Field:
    """What stands before an operator."""

    name: str
    operators: str
    """Those it takes, of `:=~<>`."""
    help: str
    example: str
    compile: Compile


def equals(value: str) -> Match:
    """Match the value itself."""
    return value.__eq__


def contains(value: str) -> Match:
    """Match what contains the value, case-insensitively."""
    folded = value.casefold()
    return lambda text: folded in text.casefold()


def searches(value: str) -> Match:
    """Match what the regular expression `value` is found in; raises `BadValueError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pattern = re.compile(value)
    except re.error as error:
        raise BadValueError(f"regular expression: {error.msg}", error.pos or 0) from None
    except (OverflowError, RecursionError):
        raise BadValueError("this regular expression is too large") from None
    return patient(pattern)


def matcher(operator: str, value: str, colon: Colon = equals) -> Match:
    """What `operator` and `value` ask of a text. `=` is exact and `~` a regex, for every field."""
    if operator == "~":
        return searches(value)
    return equals(value) if operator == "=" else colon(value)
