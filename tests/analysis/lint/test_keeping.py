from xmppspy.analysis.lint.keeping import MAX_KEY, Kept, Memories


class Notes:
    """What a family of rules might keep."""

    def __init__(self) -> None:
        self.lines: list[str] = []


def test_memories_are_made_once() -> None:
    """What was noted is there when it is asked for again."""
    memories = Memories()
    memories.of(Notes).lines.append("first")

    assert memories.of(Notes).lines == ["first"]
    assert Memories().of(Notes).lines == []


def test_absurd_keys_are_not_kept() -> None:
    """Nobody fills the memory by long ids."""
    kept: Kept[tuple[int, str], int] = Kept(10)
    kept.put((1, "x" * (MAX_KEY + 1)), 1)
    kept.put((1, "x" * MAX_KEY), 2)

    assert list(kept.values()) == [2]


def test_the_oldest_gives_way() -> None:
    """As in any bounded table."""
    kept: Kept[str, int] = Kept(2)
    given_way = [kept.put(name, number) for number, name in enumerate("abc")]

    assert given_way == [None, None, 0]
    assert list(kept) == ["b", "c"]
