from xmppspy.analysis.contents import Content


def test_content_may_be_a_title_alone() -> None:
    """All else is left out where there is nothing."""
    assert Content("x") == ("x", (), (), b"")
