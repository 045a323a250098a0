import math

from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.stats.timeline import SLOTS, Timeline
from xmppspy.protocol.events import Direction

_directions: st.SearchStrategy[Direction] = st.sampled_from(["c2s", "s2c"])
_moments = st.lists(st.tuples(st.floats(0, 1e9), _directions, st.integers(0, 1000)), min_size=1)


@given(_moments, st.integers(1, 200))
def test_nothing_gets_lost(moments: list[tuple[float, Direction, int]], count: int) -> None:
    """All bytes are in some slot, and in some column, however long it takes."""
    timeline = Timeline()
    for t, direction, size in moments:
        timeline.add(t, direction, size)
    columns = timeline.columns(count)
    for direction in ("c2s", "s2c"):
        total = sum(size for _, each, size in moments if each == direction)

        assert len(timeline.slots[direction]) <= SLOTS
        assert sum(timeline.slots[direction]) == total
        assert abs(sum(columns[direction]) - total) <= count


def test_slots_are_where_the_time_is() -> None:
    """Each covers `width` seconds from the start on."""
    timeline = Timeline()
    for t in (10.0, 10.0, 12.0, 1010.0):
        timeline.add(t, "c2s", 1)
    filled = {index: size for index, size in enumerate(timeline.slots["c2s"]) if size}

    assert timeline.start == 10.0
    assert filled == {0: 2, int(2 / timeline.width): 1, int(1000 / timeline.width): 1}
    assert SLOTS / 2 * timeline.width <= 1000 < timeline.seconds <= SLOTS * timeline.width


def test_columns_share_slots() -> None:
    """Few slots in many columns, and many in few."""
    timeline = Timeline()
    timeline.add(0.0, "c2s", 8)
    timeline.add(timeline.width, "c2s", 4)

    assert timeline.columns(4)["c2s"] == [4, 4, 2, 2]
    assert timeline.columns(1)["c2s"] == [12]


def test_impossible_times_are_passed_over() -> None:
    """What is no time has no place; what is before the start is at the start."""
    timeline = Timeline()
    for t in (math.inf, math.nan):
        timeline.add(t, "c2s", 1)
    assert timeline.start is None
    timeline.add(5.0, "s2c", 1)
    timeline.add(4.0, "s2c", 2)

    assert timeline.slots == {"c2s": [], "s2c": [3]}


def test_time_line_may_begin_and_end_where_it_is_told() -> None:
    """So that several can be compared."""
    timeline = Timeline(0.0)
    timeline.add(9.0, "c2s", 100)
    columns = timeline.columns(10, until=20.0)["c2s"]

    assert sum(columns) == 100
    assert columns.index(max(columns)) == 4
    assert Timeline(0.0).columns(3, until=5.0) == {"c2s": [0, 0, 0], "s2c": [0, 0, 0]}
