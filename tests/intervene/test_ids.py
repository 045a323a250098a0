from tests.intervene.frames import ids_of
from xmppspy.intervene.ids import is_ours


def test_ids_are_ours_and_none_comes_twice() -> None:
    """Not in one run, nor in two of different beginnings."""
    one, other = ids_of(1), ids_of(2)
    made = [ids() for ids in (one, other) for _ in range(100)]

    assert all(map(is_ours, made))
    assert len({*made}) == 200


def test_the_same_beginning_makes_the_same_ids() -> None:
    """So that a run can be repeated."""
    one, other = ids_of(1), ids_of(1)

    assert [one(), one()] == [other(), other()]


def test_ids_of_others_are_theirs() -> None:
    """Stanzas without an id, too."""
    assert not is_ours("purple1")
    assert not is_ours(None)
