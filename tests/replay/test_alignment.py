from hypothesis import given
from hypothesis import strategies as st

from xmppspy.replay import alignment
from xmppspy.replay.alignment import Pair, in_any_order, in_order

LISTS = st.lists(st.sampled_from("abcd"), max_size=12)


def never(_one: str, _other: str) -> bool:
    """No two items are alike."""
    return False


def ignoring_case(one: str, other: str) -> bool:
    """Whether two items are the same letters."""
    return one.lower() == other.lower()


def test_equal_lists_are_paired_one_by_one() -> None:
    """What is the same on both sides needs no search."""
    assert in_order("abc", "abc", never) == [(0, 0), (1, 1), (2, 2)]


def test_one_missing_item_is_alone() -> None:
    """The items behind a missing one keep their counterparts."""
    assert set(in_order("abcd", "acd", never)) == {(0, 0), (1, None), (2, 1), (3, 2)}


def test_items_in_each_others_place_are_paired() -> None:
    """Where both sides have something else, it counts as changed."""
    assert in_order("axd", "ayd", never) == [(0, 0), (1, 1), (2, 2)]


def test_alike_items_are_paired_before_others() -> None:
    """Between equal ones, those that are alike find each other."""
    assert set(in_order("xB", "by", ignoring_case)) == {(1, 0), (0, 1)}


def equal_pairs(one: list[str], other: list[str], pairs: list[Pair]) -> int:
    """How many of the pairs are of equal items."""
    return sum(a is not None and b is not None and one[a] == other[b] for a, b in pairs)


def test_order_matters_where_it_is_asked_for() -> None:
    """Of two swapped items only one keeps its place; without order, both have counterparts."""
    one, other = ["a", "b"], ["b", "a"]

    assert equal_pairs(one, other, in_order(one, other, never)) == 1
    assert equal_pairs(one, other, in_any_order(one, other, never)) == 2


def test_very_long_lists_are_paired_without_their_order() -> None:
    """Lists that would take too long to align are paired by what is equal in them."""
    many = [str(number) for number in range(alignment.MOST // 500)]
    pairs = in_order(many, many[::-1], never)

    assert equal_pairs(many, many[::-1], pairs) == len(many)


@given(LISTS, LISTS)
def test_each_place_is_in_one_pair(one: list[str], other: list[str]) -> None:
    """Nothing is left out and nothing told twice, in either way of pairing."""
    for pair in (in_order, in_any_order):
        pairs = pair(one, other, never)

        assert sorted(a for a, _ in pairs if a is not None) == list(range(len(one)))
        assert sorted(b for _, b in pairs if b is not None) == list(range(len(other)))


@given(LISTS)
def test_a_list_is_paired_with_itself(items: list[str]) -> None:
    """Each item is its own counterpart."""
    assert in_order(items, items, never) == [(at, at) for at in range(len(items))]
