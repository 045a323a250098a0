"""The inputs that are kept: for each target a file with one a line, as Python writes bytes.

They reach more of the code than any made up by chance; `python -m fuzz TARGET --guided --keep` grows
and thins them out.
"""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent
MOST: Final = 150
"""Inputs kept for a target, short ones and long ones."""


def load(target: str) -> list[bytes]:
    """The inputs kept for a target."""
    path = _FOLDER / f"{target}.txt"
    lines = path.read_text("ascii").splitlines() if path.exists() else []
    return [ast.literal_eval(line) for line in lines]


def save(target: str, inputs: Iterable[bytes]) -> None:
    """Keep these instead, so far as there is room."""
    known = sorted(set(inputs), key=lambda each: (len(each), each))
    kept = known[:: len(known) // MOST + 1]
    (_FOLDER / f"{target}.txt").write_text("".join(f"{each!r}\n" for each in kept), "ascii")
