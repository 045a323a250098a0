import pytest

from tests.analysis.lint.judging import assert_kept, assert_noticed, broken, judge, kept
from xmppspy.analysis.lint.examples import Example

FAMILY = "rooms"


@pytest.mark.parametrize("example", broken(FAMILY), ids=str)
def test_breaches_are_noticed(example: Example) -> None:
    """Each rule is broken where its example marks it."""
    assert_noticed(example)


@pytest.mark.parametrize("example", kept(FAMILY), ids=str)
def test_clean_examples_raise_nothing(example: Example) -> None:
    """What is right is not complained about."""
    assert_kept(example)


def test_status_of_a_departure() -> None:
    """What is wrong is that nobody departs."""
    captures = [each.capture() for each in broken(FAMILY) if each.rule == "X12"]
    found = [finding.message for lines in captures for finding in judge(lines, "X12")]

    assert "status 307 in a presence that is not unavailable" in found
