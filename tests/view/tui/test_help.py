from types import SimpleNamespace
from typing import cast

import pytest

from xmppspy.view.tui.app import Viewer
from xmppspy.view.tui.columns import SIGNS
from xmppspy.view.tui.help import help_lines
from xmppspy.view.tui.table import TABLE


def shown(width: int) -> list[str]:
    """The help where nothing is open."""
    viewer = SimpleNamespace(
        listing=[], pane=SimpleNamespace(is_open=False), sieve=SimpleNamespace(text="", needle=None),
        source=SimpleNamespace(browser=None), table=TABLE, acting=None,
    )  # fmt: skip
    lines = help_lines(cast("Viewer", viewer), width)
    return ["".join(piece for _, piece in line) for line in lines]


@pytest.mark.parametrize(("width", "most"), [(78, 79), (200, 180)])
def test_all_commands_and_signs_are_told(width: int, most: int) -> None:
    """Each with its keys, also in two columns."""
    lines = shown(width)
    text = "\n".join(lines)

    assert [each.name for each in TABLE.commands.values() if each.help not in text] == []
    assert [sign for group in SIGNS for _, _, sign in group if f"  {sign} " not in text] == []
    assert max(map(len, lines)) <= most


def test_two_columns_are_about_equally_long() -> None:
    """Each begins with a title, at the same height."""
    lines = shown(200)

    assert len(lines) < len(shown(78)) * 0.7
    assert lines[2].split() == ["Moving", "Acting,", "on", "a", "running", "proxy"]
