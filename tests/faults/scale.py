"""How much of each experiment: little in `make test`, all of it in `make soak`."""

import os
from typing import Final, TypeVar

T = TypeVar("T")

SOAK: Final = bool(os.environ.get("XMPPSPY_SOAK"))


def scaled(quick: T, soak: T) -> T:
    """How much of something there is to be."""
    return soak if SOAK else quick


def say(figure: str) -> None:
    """A figure for docs/reliability.md; `pytest -s` shows it."""
    print(f"\n  {figure}", flush=True)
