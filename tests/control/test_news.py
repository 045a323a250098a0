from typing import get_args

from xmppspy.control import news


def test_events() -> None:
    """Their names are part of the protocol."""
    assert [kind.__struct_config__.tag for kind in get_args(news.AnyNews)] == [
        "opened", "closed", "held", "extended", "decided", "released", "injected", "answer",
        "breakpoint", "rules", "trouble", "dropped",
    ]  # fmt: skip
