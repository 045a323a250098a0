"""Durations: measured times, for people."""

from typing import Final

# Where the next larger form would be rounded to.
_TEN: Final = 9.95
_THOUSAND: Final = 999.5
_SIXTY: Final = 59.995
_MINUTE: Final = 60


def elapsed(seconds: float) -> str:
    """A measured time, for people: `0.4 ms`, `23 ms`, `1.25 s`, `2 min 3 s`, `5 h 4 min`."""
    milliseconds = seconds * 1000
    if milliseconds < _TEN:
        return f"{milliseconds:.1f} ms"
    if milliseconds < _THOUSAND:
        return f"{milliseconds:.0f} ms"
    if seconds < _SIXTY:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
