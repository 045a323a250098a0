from xmppspy.view.tui.memory import MOST, Forgetful


def test_latest_comes_first_and_each_once() -> None:
    """Of each kind."""
    memory = Forgetful()
    for text in ("a", "b", "a"):
        memory.remember("filter", text)
    memory.remember("search", "x")

    assert list(memory.recent("filter")) == ["a", "b"]
    assert list(memory.recent("search")) == ["x"]


def test_memory_is_bounded() -> None:
    """The oldest are forgotten."""
    memory = Forgetful()
    for at in range(MOST + 5):
        memory.remember("filter", str(at))

    assert len(memory.recent("filter")) == MOST
    assert memory.recent("filter")[0] == str(MOST + 4)


def test_filters_are_saved_until_they_are_not() -> None:
    """In the order in which that was done."""
    memory = Forgetful()
    for text in ("a", "b", "a"):
        memory.save(text, saved=True)
    memory.save("b", saved=False)

    assert list(memory.saved()) == ["a"]
