from collections import Counter
from pathlib import Path

from textual.keys import _get_key_aliases

from tests.control.samples import held
from tests.view.browse.samples import MESSAGE
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.view.tui.rowlist import RowList
from xmppspy.view.tui.table import TABLE


def test_every_key_does_one_thing() -> None:
    """Also beside those that move the cursor."""
    keys = Counter(key for command in TABLE.commands.values() for key in command.keys.split(","))
    moves = {key for binding in RowList.BINDINGS for key in binding.key.split(",")}  # type: ignore[union-attr]

    assert [key for key, count in keys.items() if count > 1] == []
    assert moves & set(keys) == set()


def test_keys_for_acting_are_those_of_mitmproxy() -> None:
    """Where it has the same commands."""
    named = {"i": "hold", "a": "forward", "A": "forward-all", "d": "drop", "D": "duplicate",
             "e": "edit", "r": "again"}  # fmt: skip

    assert {key: TABLE.commands[name].keys for key, name in named.items()} == {
        key: key for key in named
    }


def test_keys_are_known() -> None:
    """By names that Textual knows."""
    for command in TABLE.commands.values():
        for key in command.keys.split(","):
            assert len(key) == 1 or len(_get_key_aliases(key)) >= 1
            assert command.help
            assert command.title


@played
async def test_every_key_can_be_pressed(tmp_path: Path) -> None:
    """And left by Esc: afterwards the keys are for the list again."""
    async with viewing(chat_at(tmp_path), proxy=Puppet(held(7), held(9))) as view:
        view.viewer.show_row(MESSAGE)
        for command in TABLE.commands.values():
            if command.name == "quit":
                continue
            await view.pilot.press(command.keys.split(",")[0], "escape", "escape")

            assert view.viewer._exception is None
            assert len(view.viewer.screen_stack) == 1, command.name
            assert view.viewer.focused is view.viewer.rows, command.name
            assert not view.viewer.is_asked, command.name
