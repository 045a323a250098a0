from xmppspy.analysis.bounds import Bounded


def test_oldest_entry_gives_way() -> None:
    """A full table lets go of its oldest entry, hands it out, and counts."""
    table: Bounded[str, int] = Bounded(2)
    gone = [table.put(key, value) for value, key in enumerate("abc")]

    assert gone == [None, None, 0]
    assert dict(table.items()) == {"b": 1, "c": 2}
    assert table.dropped == 1


def test_new_value_makes_no_room() -> None:
    """Another value for a key drops nothing, and the key stays as old as it was."""
    table: Bounded[str, int] = Bounded(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3)):
        table.put(key, value)
    gone = table.put("c", 4)

    assert gone == 3
    assert list(table) == ["b", "c"]


def test_entries_can_be_taken_out() -> None:
    """What was taken out is there no more, and was not dropped."""
    table: Bounded[str, int] = Bounded(2)
    table.put("a", 1)
    taken = table.pop("a"), table.pop("a")

    assert taken == (1, None)
    assert (len(table), table.get("a"), list(table.values()), table.dropped) == (0, None, [], 0)


def test_keys_are_looked_up() -> None:
    """To ask for a key does not walk the table: it is the same for many as for few."""
    table: Bounded[str, int] = Bounded(2)
    for key in "abc":
        table.put(key, 0)

    assert [key in table for key in "abc"] == [False, True, True]
    assert "__contains__" in vars(Bounded)
