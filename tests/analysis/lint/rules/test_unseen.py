from xmppspy.analysis.lint import Rule
from xmppspy.analysis.lint.rules import unseen


def test_each_says_why() -> None:
    """A rule that no capture can show has a reason, and no checks."""
    rules = [each for each in vars(unseen).values() if isinstance(each, Rule)]

    assert [rule.id for rule in rules] == ["B01", "W01"]
    assert all(rule.unseen and not rule.frame_checks for rule in rules)
