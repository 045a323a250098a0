from typing import Any

import pytest

from tests.intervene.frames import record
from xmppspy.filters import Filter
from xmppspy.intervene.draws import Draws
from xmppspy.intervene.rules import Rule
from xmppspy.intervene.tally import Tally
from xmppspy.protocol.events import Direction


def tally(seed: int = 0, **counting: Any) -> Tally:
    """Of a rule about everything."""
    rule = Rule(name="a", filter=Filter(), actions=(), **counting)
    return Tally(rule, rule.filter, Draws(seed, 1))


def turns(counted: Tally, dirs: list[Direction]) -> list[int]:
    """Which of the matches are acted upon, from 1."""
    return [n for n, dir_ in enumerate(dirs, 1) if counted.has_turn(record("<iq/>", dir_))]


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"every": 3}, [3, 6, 9]),
        ({"first": 2}, [1, 2]),
        ({"every": 3, "first": 7}, [3, 6]),
        ({"probability": 0.0}, []),
        ({"first": 2, "probability": 1.0}, [1, 2]),
    ],
)
def test_some_matches_count(counting: dict[str, Any], expected: list[int]) -> None:
    """Each third, only the first ones; whatever their direction."""
    counted = tally(**counting)

    assert turns(counted, ["c2s", "s2c", "s2c"] * 3) == expected
    assert counted.acted == len(expected)


def test_a_rule_is_spent_when_its_matches_are_over() -> None:
    """It need not be asked any more."""
    counted = tally(first=2)
    spent = [counted.is_spent, *(counted.has_turn(record("<iq/>")) for _ in range(3))]

    assert spent == [False, True, True, False]
    assert counted.is_spent
    assert counted.matched == 2
    assert not tally().is_spent


def test_chance_is_the_same_every_time() -> None:
    """And for each direction by itself, so that it does not matter how they are mixed."""
    drawn = turns(tally(seed=3, probability=0.5), ["c2s"] * 200)
    mixed = turns(tally(seed=3, probability=0.5), ["c2s", "s2c"] * 200)

    assert 60 < len(drawn) < 140
    assert [(n + 1) // 2 for n in mixed if n % 2] == drawn
    assert turns(tally(seed=4, probability=0.5), ["c2s"] * 200) != drawn
