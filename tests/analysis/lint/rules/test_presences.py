import pytest

from tests.analysis.lint.judging import assert_kept, assert_noticed, broken, judge, kept
from xmppspy.analysis.lint.examples import Example

FAMILY = "presences"


@pytest.mark.parametrize("example", broken(FAMILY), ids=str)
def test_breaches_are_noticed(example: Example) -> None:
    """Each rule is broken where its example marks it."""
    assert_noticed(example)


@pytest.mark.parametrize("example", kept(FAMILY), ids=str)
def test_clean_examples_raise_nothing(example: Example) -> None:
    """What is right is not complained about."""
    assert_kept(example)


def test_empty_show() -> None:
    """It is called what it is."""
    captures = [each.capture() for each in broken(FAMILY) if each.rule == "P02"]
    found = [finding.message for lines in captures for finding in judge(lines, "P02")]

    assert "an empty <show/>" in found
