import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.stats.quantiles import EXACT, Quantiles

_seconds = st.floats(0.00001, 1000)


def of(values: list[float]) -> Quantiles:
    """Some measurements."""
    measured = Quantiles()
    for value in values:
        measured.add(value)
    return measured


@given(st.lists(_seconds, min_size=1), st.floats(0, 1))
def test_quantiles_of_few_are_exact(values: list[float], fraction: float) -> None:
    """The least value that so many are not above."""
    measured = of(values)
    rank = max(math.ceil(fraction * len(values)), 1)

    assert measured.is_exact
    assert measured.quantile(fraction) == sorted(values)[rank - 1]


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.9, 0.99, 1.0])
def test_quantiles_of_many_are_right_to_one_percent(fraction: float) -> None:
    """Whatever the scale, and however they are spread."""
    values = [0.0001 * 1.003**index for index in range(5 * EXACT)]
    measured = of(values[::2] + values[1::2])
    exact = values[max(math.ceil(fraction * len(values)), 1) - 1]

    assert not measured.is_exact
    assert measured.quantile(fraction) == pytest.approx(exact, rel=0.0101)


def test_count_mean_and_maximum_are_exact() -> None:
    """Also of many."""
    measured = of([1.0, 3.0] * EXACT)

    assert (measured.count, measured.mean, measured.maximum) == (2 * EXACT, 2.0, 3.0)
    assert measured.quantile(1.0) <= measured.maximum


def test_nothing_has_quantiles_too() -> None:
    """Zeros, rather than an error."""
    measured = Quantiles()

    assert (measured.count, measured.mean, measured.quantile(0.5)) == (0, 0.0, 0.0)


def test_extremes_are_no_trouble() -> None:
    """No time at all, and an eternity."""
    measured = of([0.0, 1e30] * EXACT)

    assert measured.quantile(0.1) < 0.00001
    assert measured.quantile(0.9) == pytest.approx(1e9, rel=0.02)
