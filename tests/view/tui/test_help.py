from types import SimpleNamespace
from typing import cast

from xmppspy.view.tui.app import Viewer
from xmppspy.view.tui.columns import SIGNS
from xmppspy.view.tui.help import help_lines
from xmppspy.view.tui.table import TABLE


def test_all_commands_and_signs_are_told() -> None:
    """Each with its keys."""
    viewer = SimpleNamespace(
        listing=[], pane=SimpleNamespace(is_open=False), sieve=SimpleNamespace(text="", needle=None),
        source=SimpleNamespace(browser=None), table=TABLE,
    )  # fmt: skip
    lines = help_lines(cast("Viewer", viewer))
    text = "\n".join("".join(piece for _, piece in line) for line in lines)

    assert [each.name for each in TABLE.commands.values() if each.help not in text] == []
    assert [sign for group in SIGNS for _, _, sign in group if f"  {sign} " not in text] == []
    assert max(len("".join(piece for _, piece in line)) for line in lines) <= 79
