import pytest

from tests.analysis.lint.judging import assert_kept, assert_noticed, broken, kept
from xmppspy.analysis.lint.examples import Example

FAMILY = "messages"


@pytest.mark.parametrize("example", broken(FAMILY), ids=str)
def test_breaches_are_noticed(example: Example) -> None:
    """Each rule is broken where its example marks it."""
    assert_noticed(example)


@pytest.mark.parametrize("example", kept(FAMILY), ids=str)
def test_clean_examples_raise_nothing(example: Example) -> None:
    """What is right is not complained about."""
    assert_kept(example)
