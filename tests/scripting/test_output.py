import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from xmppspy.scripting.output import LINE, Prefixed


class Pipe:
    """A file to print to, and what has arrived of it."""

    def __init__(self) -> None:
        self.reading, writing = os.pipe()
        self.writing = writing
        self.file = Prefixed("play.py: ", writing)

    def got(self) -> str:
        """What has arrived; something must have."""
        return os.read(self.reading, 1 << 20).decode()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe to print to."""
    made = Pipe()
    yield made
    os.close(made.reading)
    os.close(made.writing)


def test_each_line_has_the_prefix(pipe: Pipe) -> None:
    """Lines leave when they are whole; what they hold acts on no terminal."""
    print("one\ntwo", end="", file=pipe.file)
    assert pipe.got() == "play.py: one\n"
    print("\t\x1b[2J", file=pipe.file)

    assert pipe.got() == "play.py: two     \\x1b[2J\n"


def test_flushing_ends_the_line(pipe: Pipe) -> None:
    """What is flushed is seen at once, as a line."""
    print("half", end="", file=pipe.file, flush=True)
    pipe.file.flush()

    assert pipe.got() == "play.py: half\n"


def test_logging_goes_there(pipe: Pipe) -> None:
    """It is a text file for the standard library."""
    handler = logging.StreamHandler(pipe.file)
    handler.emit(logging.makeLogRecord({"msg": "hm"}))

    assert pipe.file.writable()
    assert pipe.got() == "play.py: hm\n"


def test_long_lines_are_cut(tmp_path: Path) -> None:
    """The rest is counted; without a line feed, too, so that nothing piles up."""
    with (tmp_path / "printed").open("wb") as printed:
        file = Prefixed("", printed.fileno())
        print("x" * LINE, file=file)
        print("y" * (LINE + 5000), end="", file=file)
    lines = (tmp_path / "printed").read_text().splitlines()

    assert lines == ["x" * LINE, "y" * LINE + "… (5,000 characters more)"]


def test_a_reader_that_has_gone_is_no_error() -> None:
    """What nobody reads is lost."""
    reading, writing = os.pipe()
    os.close(reading)

    assert Prefixed("", writing).write("line\n") == 5
    os.close(writing)
