from tests.control.samples import held
from xmppspy.view.tui.queue import Queue


def queue_of(*numbers: int) -> Queue:
    """Frames of these numbers, taken at 100 s with 28 s left."""
    queue = Queue()
    for n in numbers:
        queue.take(held(n), 100.0)
    return queue


def test_oldest_is_meant_until_another_is_chosen() -> None:
    """And the choice stays as others come and go."""
    queue = queue_of(9, 7, 8)
    first = queue.meant
    chosen = queue.mean(8)
    queue.take(held(3), 100.0)
    queue.remove(7)

    assert first is not None
    assert first.n == 7
    assert chosen
    assert queue.meant is not None
    assert queue.meant.n == 8
    assert [frame.n for frame in queue.frames] == [3, 8, 9]


def test_next_one_is_meant_when_the_chosen_one_has_gone() -> None:
    """The oldest, where none is behind it."""
    queue = queue_of(7, 8, 9)
    queue.mean(8)
    queue.remove(8)
    behind = queue.meant
    queue.remove(9)

    assert behind is not None
    assert behind.n == 9
    assert queue.meant is not None
    assert queue.meant.n == 7


def test_only_what_is_held_can_be_chosen() -> None:
    """And only what was not chosen before."""
    queue = queue_of(7, 8)

    assert not queue.mean(6)
    assert not queue.mean(7)
    assert queue.mean(8)


def test_time_runs_out_and_can_be_extended() -> None:
    """But never falls below nothing."""
    queue = queue_of(7)
    before = queue.left(7, 110.0)
    queue.extend(7, 40.0, 110.0)
    queue.extend(6, 40.0, 110.0)

    assert before == 18.0
    assert queue.left(7, 120.0) == 30.0
    assert queue.left(7, 500.0) == 0.0


def test_nothing_is_held_when_the_proxy_has_gone() -> None:
    """Then nothing is meant, and removing is harmless."""
    queue = queue_of(7, 8)
    queue.clear()
    queue.remove(7)

    assert len(queue) == 0
    assert queue.meant is None
    assert 7 not in queue
