import re

from xmppspy.view.tui.emphasis import emphasized

LINE = (("tag", "<body>"), ("text", "wherefore art"), ("tag", "</body>"))


def test_finds_stand_out() -> None:
    """Across spans, and several in one."""
    assert emphasized(LINE, re.compile("y>w|re")) == (
        ("tag", "<bod"), ("found", "y>"), ("tag", ""), ("text", ""), ("found", "w"), ("text", "he"),
        ("found", "re"), ("text", "fo"), ("found", "re"), ("text", " art"), ("tag", "</body>"),
    )  # fmt: skip


def test_line_without_finds_stays() -> None:
    """As it is."""
    assert emphasized(LINE, None) is LINE
    assert emphasized(LINE, re.compile("juliet")) is LINE
    assert emphasized(LINE, re.compile("")) is LINE
