from collections import Counter

from textual.keys import _get_key_aliases

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
