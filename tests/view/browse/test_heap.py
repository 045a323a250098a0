import os
from collections.abc import Iterator

import pytest

from xmppspy.capture.body import unnamed_file
from xmppspy.view.browse.heap import Heap, HeapWriter


@pytest.fixture
def file() -> Iterator[int]:
    """A file for things."""
    made = unnamed_file()
    yield made
    os.close(made)


@pytest.mark.parametrize("thing", ["", "x" * 10_000, ("a", 1, None), b"\xff"])
def test_things_come_back(file: int, thing: object) -> None:
    """Anything that is kept is found by its link, also when others were kept meanwhile."""
    writer, heap = HeapWriter(file), Heap(file)
    writer.add("first")
    link = writer.add(thing)
    writer.add("last")

    assert link > 0
    assert heap.get(link) == thing == heap.get(link)


def test_chain_goes_back(file: int) -> None:
    """What was told one after the other is given from the last to the first."""
    writer, heap = HeapWriter(file), Heap(file)
    one = writer.add("one")
    writer.add("another's")
    two = writer.add("two", one)
    three = writer.add("three", two)

    assert list(heap.chain(three)) == ["three", "two", "one"]
    assert list(heap.chain(0)) == []
