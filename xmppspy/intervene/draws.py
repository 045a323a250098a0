"""Draws: chance that comes out the same in every run with the same seed."""

from random import Random


class Draws:
    """The dice of one connection, one for each rule and direction.

    So what one of them draws does not depend on what the others do, nor on other connections.
    """

    def __init__(self, seed: int, conn: int) -> None:
        self._seed, self._conn = seed, conn
        self._dice: dict[tuple[str, str], Random] = {}

    def once(self, name: str) -> float:
        """What a rule draws for the connection as a whole, from 0 to 1, the same at each call."""
        return self._begin(name, "").random()

    def of(self, name: str, direction: str) -> Random:
        """The dice of a rule, for frames of a direction."""
        dice = self._dice.get((name, direction))
        if dice is None:
            dice = self._dice[name, direction] = self._begin(name, direction)
        return dice

    def _begin(self, name: str, direction: str) -> Random:
        beginning = f"{self._seed}/{self._conn}/{direction}/{name}"
        return Random(beginning)  # noqa: S311 - it is to be repeatable
