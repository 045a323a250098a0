import os
from collections.abc import Iterator
from contextlib import suppress

import pytest

from xmppspy.cli.voice import Voice


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe, for reading and for writing."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_lines_are_said_in_order(pipe: tuple[int, int]) -> None:
    """All that was said before the end is there."""
    voice = Voice(pipe[1])
    voice.say("one\ntwo")
    voice.warn("three")
    voice.close()

    assert os.read(pipe[0], 1000) == b"one\ntwo\nxmppspy: three\n"


def test_nothing_acts_on_the_terminal(pipe: tuple[int, int]) -> None:
    """What a peer or a script put into a line is seen, not obeyed."""
    voice = Voice(pipe[1])
    voice.say("\x1b[2J\u202eevil\udc80")
    voice.close()

    assert os.read(pipe[0], 1000) == b"\\x1b[2J\\u202eevil\\udc80\n"


def test_nobody_waits_for_a_reader(pipe: tuple[int, int]) -> None:
    """Where nobody reads, speaking costs nothing; what is too much is left out and counted."""
    voice = Voice(pipe[1])
    for number in range(5000):
        voice.say(f"{number:0100}")
    got = b""
    while b"left out" not in got:
        got += os.read(pipe[0], 65536)
    voice.close()
    *lines, last = got.decode().splitlines()

    assert [int(line) for line in lines] == sorted(set(map(int, lines)))
    assert last == f"xmppspy: {5000 - len(lines)} lines were left out, because nobody read them"


def test_the_end_does_not_wait_for_ever(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that nobody reads does not keep the program."""
    monkeypatch.setattr("xmppspy.cli.voice._PATIENCE", 0.01)
    voice = Voice(pipe[1])
    voice.say("x" * 1_000_000)
    voice.close()

    assert voice._thread.is_alive()
    os.set_blocking(pipe[0], False)
    while voice._thread.is_alive():
        with suppress(BlockingIOError):
            os.read(pipe[0], 65536)


def test_a_reader_that_has_gone_is_no_failure() -> None:
    """What cannot be said is not said, and nothing else changes."""
    reading, writing = os.pipe()
    os.close(reading)
    voice = Voice(writing)
    voice.say("hello")
    voice.close()
    os.close(writing)

    assert not voice._thread.is_alive()
