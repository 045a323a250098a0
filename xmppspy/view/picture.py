"""Picture: amounts over time as columns of block characters."""

from collections.abc import Sequence
from typing import Final

_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_EIGHTHS: Final = 8


def picture(amounts: Sequence[int], height: int = 1) -> list[str]:
    """The amounts side by side, the largest `height` lines high; the topmost line first.

    What is more than nothing is seen, however little it is.
    """
    most = max(amounts, default=0)
    levels = [_level(amount, most, height) for amount in amounts]
    return [
        "".join(_BLOCKS[min(max(level - line * _EIGHTHS, 0), _EIGHTHS)] for level in levels)
        for line in reversed(range(height))
    ]


def bar(fraction: float, width: int) -> str:
    """A share of a whole as a bar of at most `width` columns."""
    filled = round(min(max(fraction, 0.0), 1.0) * width)
    return "█" * filled + "░" * (width - filled)


def _level(amount: int, most: int, height: int) -> int:
    """How many eighths of a line an amount is high."""
    if amount <= 0:
        return 0
    return max(round(amount / most * height * _EIGHTHS), 1)
