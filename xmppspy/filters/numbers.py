"""Fields that compare numbers and times of day."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from xmppspy.filters.atoms import BadValueError, Compile, Field
from xmppspy.filters.subject import Check, Foresight, Subject, open_until_whole

Number: TypeAlias = int | float
Within: TypeAlias = Callable[[Number], bool]

_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_MAX_DIGITS: Final = 4000
_SECONDS: Final = "in seconds, without a unit: 0.005 is 5 ms"
_TIME: Final = re.compile(
    r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,6}))?)?"
)
_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_DAY: Final = 24 * 60 * _MINUTE


def _number(text: str, position: int) -> Number:
    match = _NUMBER.fullmatch(text)
    if match is None:
        hint = "such as 1000, 0.5, 1000.., 5..6"
        if text.startswith("="):
            hint = "there is no >= or <=; a range holds its ends: :10.. or :..10"
        raise BadValueError(f"{text!r} is no number", position, hint)
    # Python refuses to make an int of thousands of digits.
    return float(text) if match[1] or len(text) > _MAX_DIGITS else int(text)


def within(operator: str, value: str) -> Within:
    """What `operator` and `value` ask of a number; raises `BadValueError`."""
    if operator == ":" and ".." in value:
        return _range(value)
    bound = _number(value, 0)
    if operator == ">":
        return lambda number: number > bound
    if operator == "<":
        return lambda number: number < bound
    return lambda number: number == bound


def _range(value: str) -> Within:
    lower, _, upper = value.partition("..")
    if not lower and not upper:
        raise BadValueError("a range needs an end", 0, "such as 1000.. or ..1000 or 5..6")
    low = _number(lower, 0) if lower else float("-inf")
    high = _number(upper, len(lower) + 2) if upper else float("inf")
    if low > high:
        raise BadValueError("the range ends before it begins", len(lower) + 2)
    return lambda number: low <= number <= high


def _numeric(
    read: Callable[[Subject], Number | None], foresight: Foresight | None = open_until_whole
) -> Compile:
    def compile_number(operator: str, value: str) -> Check:
        asked = within(operator, value)

        def holds(subject: Subject) -> bool:
            found = read(subject)
            return found is not None and asked(found)

        return Check(holds, foresight=foresight)

    return compile_number


def _size(subject: Subject) -> Number | None:
    return None if subject.frame is None else len(subject.frame.data)


def _t(subject: Subject) -> Number | None:
    return subject.event.t


def _conn(subject: Subject) -> Number | None:
    found: int | None = getattr(subject.event, "conn", None)
    return found


def _n(subject: Subject) -> Number | None:
    found: int | None = getattr(subject.event, "n", None)
    return found


def _latency(operator: str, value: str) -> Check:
    try:
        check = _numeric(lambda subject: subject.latency)(operator, value)
    except BadValueError as error:
        # `>=` has a hint of its own, and a range that is wrong needs none.
        hint = error.hint if value.startswith("=") or not error.hint else _SECONDS
        raise BadValueError(error.reason, error.position, hint) from None
    return replace(check, follows=True)


class _Moment(NamedTuple):
    """A time of day as precise as it was written, in microseconds since midnight."""

    start: int
    stop: int
    """Where the minute, second or fraction that was named is over."""


def _moment(text: str, position: int) -> _Moment:
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadValueError(f"{text!r} is no time of day", position, "such as 07:40 or 07:40:12.5")
    hours, minutes, seconds, fraction = match.groups()
    start = (int(hours) * 60 + int(minutes)) * _MINUTE
    if seconds is None:
        return _Moment(start, start + _MINUTE)
    start += int(seconds) * _SECOND + int((fraction or "").ljust(6, "0"))
    return _Moment(start, start + 10 ** (6 - len(fraction or "")))


def _times(operator: str, value: str) -> tuple[int, int]:
    """From when and until when, the latter excluded."""
    lower, dots, upper = value.partition("..")
    if not dots or operator == "=":
        return _moment(value, 0)
    if not lower and not upper:
        raise BadValueError("a range needs an end", 0, "such as 07:40..07:45")
    start = _moment(lower, 0).start if lower else 0
    stop = _moment(upper, len(lower) + 2).stop if upper else _DAY
    return start, stop


def _time(operator: str, value: str) -> Check:
    start, stop = _times(operator, value)

    def holds(subject: Subject) -> bool:
        now = subject.clock.time_of_day(subject.event.t)
        if now is None:
            return False
        if start < stop:
            return start <= now < stop
        return now >= start or now < stop  # over midnight

    return Check(holds, foresight=open_until_whole)


FIELDS: Final = (
    Field("conn", ":=<>", "number of the connection", "conn:3", _numeric(_conn, None)),
    Field("n", ":=<>", "number of the frame, also of what events are about", "n:7", _numeric(_n)),
    Field("size", ":=<>", "bytes of the frame", "size:1000..", _numeric(_size)),
    Field(
        "latency", ":=<>", "seconds from an iq request to this answer", "latency:0.5..", _latency
    ),
    Field("t", ":=<>", "seconds since the capture began", "t:5..6", _numeric(_t)),
    Field("time", ":=", "time of day as displayed", "time:07:40..07:45", _time),
)
