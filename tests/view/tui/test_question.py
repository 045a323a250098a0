from xmppspy.view.tui.question import Choice, Opinion


def test_opinions_are_good_unless_told_otherwise() -> None:
    """And about no place."""
    assert Opinion().is_good
    assert Opinion().place is None


def test_choices_replace_everything_unless_told_otherwise() -> None:
    """From the beginning of the line on."""
    assert Choice("iq", "an element").start == 0
