import os
import pty
import sys
import termios
from pathlib import Path

import pytest

from xmppspy.cli.keyboard import Keyboard


def test_keys_come_without_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is there as soon as it is pressed; afterwards the terminal is as it was."""
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        before = termios.tcgetattr(slave)
        with Keyboard() as keyboard:
            os.write(master, b" q")

            assert keyboard.are_there
            assert [keyboard.wait(10), keyboard.wait(None), keyboard.wait(0)] == [" ", "q", None]
        assert termios.tcgetattr(slave) == before
    os.close(master)


def test_no_terminal_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal, waiting is all that is done."""
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with Keyboard() as keyboard:
            assert not keyboard.are_there
            assert keyboard.wait(0) is None


def test_terminal_can_be_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a program that wants it as it was found; afterwards keys come as before."""
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        before = termios.tcgetattr(slave)
        with Keyboard() as keyboard:
            assert keyboard.fileno() == slave
            mine = termios.tcgetattr(slave)
            with keyboard.lent():
                assert termios.tcgetattr(slave) == before

            assert termios.tcgetattr(slave) == mine != before
    os.close(master)


def test_no_terminal_to_lend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing happens to it."""
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with Keyboard() as keyboard, keyboard.lent():
            assert not keyboard.are_there
