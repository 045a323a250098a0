import pytest

from xmppspy.view.tui.commands import Command, shown


@pytest.mark.parametrize(
    ("key", "expected"),
    [("f", "f"), ("slash", "/"), ("ctrl+p", "Ctrl-P"), ("escape", "Esc"), ("G", "G"), ("f1", "f1")],
)
def test_keys_are_shown_as_people_write_them(key: str, expected: str) -> None:
    """Not as Textual names them."""
    assert shown(key) == expected


def test_first_key_is_shown() -> None:
    """And a command works, if nothing says when it does not."""
    command = Command("quit", "q,ctrl+c", "quit", "end the program", "view", print)

    assert command.key == "q"
    assert command.works(None)  # type: ignore[arg-type]
