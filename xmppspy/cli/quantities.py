"""Types of options that say in plain words what is wrong with them."""

from typing import Final

import click


class Seconds(click.FloatRange):
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
