import pytest

from xmppspy.view.tui.commands import Command, Table, shown


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
    assert command.works(None)


def test_table_knows_what_works() -> None:
    """And hints at nothing else."""
    commands: list[Command[int]] = [
        Command("a", "a", "a", "a", "go", print, lambda place: place > 1),
        Command("b", "b", "b", "b", "go", print),
        Command("c", "c", "c", "c", "view", print),
    ]
    table = Table({each.name: each for each in commands}, at_list="ab", at_detail="bc")

    assert [each.name for each in table.of_group("go")] == ["a", "b"]
    assert [[each.name for each in table.working(place)] for place in (1, 2)] == [
        ["b", "c"],
        ["a", "b", "c"],
    ]
    assert [each.name for each in table.hinted(1, at_detail=False)] == ["b"]
    assert [each.name for each in table.hinted(1, at_detail=True)] == ["b", "c"]
