from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.stats.volumes import MAX_KEY, Row, Tally, Volume


def test_volumes_add_up() -> None:
    """Frames and bytes, one by one and together."""
    volume = Volume()
    volume.add(10)
    volume += Volume(2, 5)

    assert volume == Volume(3, 15)


def test_rows_are_ordered_by_bytes() -> None:
    """The largest first; what is equal by name."""
    tally = Tally()
    tally.add("b", 5)
    tally.add("c", 5)
    tally.add_each(("a", "b"), 7)

    assert tally.rows() == (Row("b", 2, 12), Row("a", 1, 7), Row("c", 1, 5))
    assert tally.other == Volume()


def test_the_lesser_keys_give_way() -> None:
    """When there are too many keys, the large ones stay; the others are summed up."""
    tally = Tally(4)
    for key, size in (("a", 9), ("b", 1), ("c", 8), ("d", 2), ("e", 7), ("b", 3)):
        tally.add(key, size)

    assert tally.rows() == (Row("a", 1, 9), Row("c", 1, 8), Row("e", 1, 7), Row("b", 1, 3))
    assert tally.other == Volume(2, 3)


@given(st.lists(st.tuples(st.text(max_size=2), st.integers(0, 50))))
def test_totals_are_exact(added: list[tuple[str, int]]) -> None:
    """However many keys there are, nothing gets lost, and memory is bounded."""
    tally = Tally(4)
    for key, size in added:
        tally.add(key, size)
    rows = tally.rows()

    assert len(rows) <= 4
    assert sum(row.frames for row in rows) + tally.other.frames == len(added)
    assert sum(row.bytes for row in rows) + tally.other.bytes == sum(size for _, size in added)


def test_long_keys_are_cut() -> None:
    """A peer may send a name of megabytes."""
    tally = Tally()
    tally.add("x" * 10 * MAX_KEY, 1)

    assert [len(row.name) for row in tally.rows()] == [MAX_KEY]
