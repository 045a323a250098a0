"""Alignment: which items of one list stand for which of another."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeAlias, TypeVar

T = TypeVar("T", bound=Hashable)

Pair: TypeAlias = tuple[int | None, int | None]
"""The places of an item in the one list and of its counterpart in the other, None if there is none.

Each place is in exactly one pair."""

MOST: Final = 1_000_000
"""Comparisons that may be spent on the order of two lists; of longer ones, order is not judged."""


def in_order(one: Sequence[T], other: Sequence[T], alike: Callable[[T, T], bool]) -> list[Pair]:
    """Pair the items of two lists whose order matters: as many equal ones as can be.

    Between those, items that are `alike` are paired first, then the others as they come.
    """
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    left = shorter - start
    end = next((at for at in range(left) if one[-1 - at] != other[-1 - at]), left)
    pairs: list[Pair] = [(at, at) for at in range(start)]
    middle = one[start : len(one) - end], other[start : len(other) - end]
    pairs += _shifted(_middle(*middle, alike), start, start)
    pairs += [(len(one) - back, len(other) - back) for back in range(end, 0, -1)]
    return pairs


def in_any_order(one: Sequence[T], other: Sequence[T], alike: Callable[[T, T], bool]) -> list[Pair]:
    """Pair the items of two lists whose order tells nothing: equal ones, alike ones, the others."""
    places: defaultdict[T, deque[int]] = defaultdict(deque)
    for at, item in enumerate(other):
        places[item].append(at)
    pairs: list[Pair] = []
    left: list[int] = []
    for at, item in enumerate(one):
        if places[item]:
            pairs.append((at, places[item].popleft()))
        else:
            left.append(at)
    left_of_other = sorted(at for found in places.values() for at in found)
    gap = _gap([one[at] for at in left], [other[at] for at in left_of_other], alike)
    pairs += [
        (None if a is None else left[a], None if b is None else left_of_other[b]) for a, b in gap
    ]
    return pairs


def _middle(one: Sequence[T], other: Sequence[T], alike: Callable[[T, T], bool]) -> Iterator[Pair]:
    if len(one) * len(other) > MOST:
        yield from in_any_order(one, other, alike)
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, start, stop, start_of_other, stop_of_other in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(start, stop), range(start_of_other, stop_of_other), strict=True)
        else:
            gap = _gap(one[start:stop], other[start_of_other:stop_of_other], alike)
            yield from _shifted(gap, start, start_of_other)


def _gap(one: Sequence[T], other: Sequence[T], alike: Callable[[T, T], bool]) -> list[Pair]:
    """Pair items of which none are equal."""
    pairs: list[Pair] = []
    free = dict.fromkeys(range(len(other)))
    left = []
    for at, item in enumerate(one):
        found = None
        if len(one) * len(other) <= MOST:
            found = next((each for each in free if alike(item, other[each])), None)
        if found is None:
            left.append(at)
        else:
            pairs.append((at, found))
            del free[found]
    rest = list(free)
    common = min(len(left), len(rest))
    pairs += zip(left[:common], rest[:common], strict=True)
    pairs += [(at, None) for at in left[common:]]
    pairs += [(None, at) for at in rest[common:]]
    return pairs


def _shifted(pairs: Iterator[Pair] | list[Pair], by: int, by_of_other: int) -> Iterator[Pair]:
    for one, other in pairs:
        yield (
            None if one is None else one + by,
            None if other is None else other + by_of_other,
        )
