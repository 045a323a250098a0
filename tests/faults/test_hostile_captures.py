"""Captures that were made to hurt their reader, through every command that reads captures."""

import re
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from tests.faults.hostile import SAYINGS, broken_captures, captures
from xmppspy.cli import cli
from xmppspy.errors import XmppspyError

COMMANDS: Final = (
    ["show", "FILE"],
    ["show", "FILE", "--full", "--color=always", "--lint"],
    ["show", "FILE", "--brief"],
    ["show", "FILE", "--raw"],
    ["show", "FILE", "--json"],
    ["show", "FILE", "--count", "body~x|y or jid:a@b or name:foo or xpath:c:body"],
    ["stats", "FILE"],
    ["stats", "FILE", "--json"],
    ["lint", "FILE"],
    ["trace", "FILE", "0"],
    ["replay", "FILE", "--speed", "1000000"],
    ["share", "FILE", "-o", "COPY"],
    ["compare", "FILE", "FILE"],
)

_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_UNSAFE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
NAMES: Final = [*SAYINGS, "connections", "lies"]


def _runs(command: list[str], path: Path) -> Result:
    copy = path.with_name("copy.xmpp.jsonl")
    copy.unlink(missing_ok=True)
    names = {"FILE": str(path), "COPY": str(copy)}
    return CliRunner().invoke(cli, [names.get(word, word) for word in command])


@pytest.mark.parametrize("name", NAMES)
def test_every_command_bears_them(tmp_path: Path, name: str) -> None:
    """Each ends, without a failure of its own, and nothing that it prints acts on a terminal."""
    path = next(each for each in captures(tmp_path) if each.name.partition(".")[0] == name)
    for command in COMMANDS:
        done = _runs(command, path)
        assert isinstance(done.exception, SystemExit | XmppspyError | None), (command, done)
        assert not _UNSAFE.search(_COLOURS.sub("", done.output)), command


def test_what_is_no_capture_is_refused(tmp_path: Path) -> None:
    """Each is refused in one line that names the file."""
    for path in broken_captures(tmp_path):
        for command in COMMANDS:
            done = _runs(command, path)
            assert isinstance(done.exception, XmppspyError), (command, path.name, done)
            assert str(path) in str(done.exception)
            assert len(str(done.exception)) < 1000
