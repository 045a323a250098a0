"""Types of options that say in plain words what is wrong with them."""

from math import isfinite
from typing import Any, Final

import click


class Number(click.FloatRange):
    """A number in a range; not `nan`, which is in every range, nor `inf`."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value!r} is not a valid {self.name}.", param, ctx)
        return number


class Seconds(Number):
    """A number of seconds, from 0."""

    name = "number of seconds"

    def __init__(self) -> None:
        super().__init__(min=0)


class OneOf(click.Choice[str]):
    """One of some words."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """What can be given, on one line."""
        del param, ctx
        return f"Give {' or '.join(map(str, self.choices))}."


SECONDS: Final = Seconds()
