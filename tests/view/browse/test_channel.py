import os
import threading

from xmppspy.view.browse.channel import Channel
from xmppspy.view.browse.messages import Ask, Progress


def test_messages_arrive_in_order() -> None:
    """Whole, however many there are."""
    one, other = Channel.pair()
    for message in (Ask("seen"), Progress(rows=1), "x"):
        one.send(message)
    got = list(other.receive())
    one.close()
    other.close()

    assert got == [Ask("seen"), Progress(rows=1), "x"]


def test_large_messages_arrive_in_pieces() -> None:
    """More than the system takes at once waits for the other end."""
    one, other = Channel.pair()
    data = bytes(3_000_000)
    sending = threading.Thread(target=one.send, args=(data,))
    sending.start()
    got: list[bytes] = []
    while not got:
        got += other.receive(1.0)
    sending.join()
    one.close()
    other.close()

    assert got == [data]


def test_end_is_noticed_at_both_ends() -> None:
    """Nothing fails when the other end is gone."""
    one, other = Channel.pair()
    one.close()
    got = list(other.receive(1.0))
    is_open = other.is_open
    other.send("nobody hears this")

    assert (got, is_open, other.is_open) == ([], False, False)
    other.close()


def test_end_can_be_handed_over() -> None:
    """As a descriptor."""
    one, other = Channel.pair()
    taken = Channel.of(os.dup(other.fileno()))
    other.close()
    one.send("hello")
    got = list(taken.receive(1.0))
    one.close()
    taken.close()

    assert got == ["hello"]
