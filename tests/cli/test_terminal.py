import os
import pty
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from xmppspy.cli import terminal as module
from xmppspy.cli.terminal import Ground, brightness, take_terminal
from xmppspy.errors import UsageError

LIGHT = b"\x1b]11;rgb:ffff/ffff/eeee\x1b\\"
DARK = b"\x1b]11;rgb:10/18/1c\x07"
NO_MORE = b"\x1b[?62;22c"


@contextmanager
def terminal() -> Iterator[int]:
    """The other end of a terminal that is standard input and output for errors."""
    master, slave = pty.openpty()
    kept = os.dup(0), os.dup(2)
    os.dup2(slave, 0)
    os.dup2(slave, 2)
    try:
        yield master
    finally:
        for descriptor, number in zip(kept, (0, 2), strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(slave)
        os.close(master)


@pytest.mark.parametrize(
    ("answer", "environment", "expected"),
    [
        (LIGHT + NO_MORE, {}, True),
        (DARK + NO_MORE, {}, False),
        (DARK + NO_MORE, {"COLORFGBG": "0;15"}, False),
        (NO_MORE, {"COLORFGBG": "0;default;15"}, True),
        (NO_MORE, {"COLORFGBG": "15;0"}, False),
        (NO_MORE, {}, False),
    ],
)
def test_terminal_is_asked_for_its_ground(
    answer: bytes, environment: dict[str, str], expected: bool
) -> None:
    """What it answers counts, then what the environment says; it is left as it was."""
    with terminal() as person:
        before = termios.tcgetattr(0)
        with Ground() as ground:
            asked = os.read(person, 100)
            os.write(person, answer)
            is_light = ground.is_light(environment)
        after = termios.tcgetattr(0)

    assert asked == b"\x1b]11;?\x1b\\\x1b[c"
    assert is_light is expected
    assert after == before


def test_silent_terminal_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it counts as dark."""
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    with terminal() as person, Ground() as ground:
        os.write(person, b"\x1b]11;rgb:ff")

        assert not ground.is_light({})


def test_nothing_is_asked_where_it_is_known() -> None:
    """Neither written nor waited for."""
    with terminal() as person, Ground(asks=False) as ground:
        os.set_blocking(person, False)

        assert not ground.is_light({})
        with pytest.raises(BlockingIOError):
            os.read(person, 1)


def test_where_there_is_no_terminal_nothing_is_asked() -> None:
    """The environment alone tells."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    kept = os.dup(0)
    os.dup2(nothing, 0)
    try:
        with Ground() as ground:
            assert ground.is_light({"COLORFGBG": "0;15"})
    finally:
        os.dup2(kept, 0)
        os.close(kept)
        os.close(nothing)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [((b"0", b"0", b"0"), 0.0), ((b"ff", b"ff", b"ff"), 1.0), ((b"ffff", b"0000", b"0000"), 0.299)],
)
def test_brightness(colour: tuple[bytes, ...], expected: float) -> None:
    """Of any number of digits."""
    assert brightness(colour) == pytest.approx(expected)


def test_terminal_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is none to write to, another command is named."""
    with (tmp_path / "errors").open("w") as errors:
        monkeypatch.setattr(sys, "stderr", errors)

        with pytest.raises(UsageError, match="xmppspy show"):
            take_terminal()


def test_terminal_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input stays what it is."""
    with terminal(), os.fdopen(os.dup(2), "w") as errors:
        monkeypatch.setattr(sys, "stderr", errors)
        before = os.fstat(0)
        take_terminal()

        assert os.fstat(0) == before
