import pytest

from tests.analysis.lint.judging import assert_kept, assert_noticed, broken, judge, kept
from xmppspy.analysis.lint.examples import Example

FAMILY = "errors"


@pytest.mark.parametrize("example", broken(FAMILY), ids=str)
def test_breaches_are_noticed(example: Example) -> None:
    """Each rule is broken where its example marks it."""
    assert_noticed(example)


@pytest.mark.parametrize("example", kept(FAMILY), ids=str)
def test_clean_examples_raise_nothing(example: Example) -> None:
    """What is right is not complained about."""
    assert_kept(example)


def test_missing_error_is_told_once() -> None:
    """Of messages and presences."""
    xml = "<message type='error' from='a@example.org'><body>Ay me</body></message>"
    line = '{"n":1,"t":1,"conn":1,"dir":"s2c","kind":"message","type":"error","xml":"' + xml + '"}'

    assert len(judge([line], "A11")) == 1
