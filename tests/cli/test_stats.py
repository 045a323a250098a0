import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.analysis.scenes import JULIET, ROMEO, Scene
from tests.cli.captures import write, written
from xmppspy.cli.reports import PIPED_COLUMNS
from xmppspy.cli.stats import command
from xmppspy.errors import FilterError, NotACapture


def scene() -> Scene:
    """Two connections, and a message from one to the other."""
    made = Scene()
    made.logs_in(JULIET, 1)
    made.logs_in(ROMEO, 2)
    made.client(f"<message to='{ROMEO}' id='m1'><body>Ay me</body></message>", t=5.0)
    made.server(f"<message from='{JULIET}' id='m1'><body>Ay me</body></message>", 2, t=5.25)
    made.closes(1)
    return made


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """The scene as a file."""
    return write(scene(), tmp_path / "a.xmpp.jsonl")


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """What the command does, in this process; its errors come through."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def numbers(*arguments: str | Path) -> dict[str, Any]:
    """All of them."""
    found: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return found


def test_tables_are_printed(capture: Path) -> None:
    """Plain text where there is no terminal."""
    result = run(capture, "--utc")

    assert result.exit_code == 0
    assert result.stdout.startswith("Capture\n  10 frames, 1,066 B in 5.25 s on 2 connections\n")
    assert "  #1 juliet@capulet.example/balcony · 5 frames" in result.stdout
    assert "07:40:12.200" in result.stdout
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= PIPED_COLUMNS


def test_json_has_all_numbers(capture: Path) -> None:
    """One object, with the file's and the filter's name."""
    found = numbers(capture)

    assert (found["capture"], found["filter"]) == (str(capture), "")
    assert found["traffic"]["total"]["frames"] == 10
    assert found["delivery"]["arrived"] == 1
    assert found["requests"]["latencies"][0]["p50"] == 0.1
    assert [each["jid"] for each in found["which"]] == [JULIET, ROMEO]
    assert found["timeline"]["start"] == 0.2
    assert sum(found["timeline"]["c2s"]) == found["traffic"]["c2s"]["bytes"]


def test_filter_limits_what_is_counted(capture: Path) -> None:
    """What is known of the rest is used all the same."""
    found = numbers(capture, "conn:2", "or", "latency:0.1..")

    assert found["filter"] == "conn:2 or latency:0.1.."
    assert found["connections"] == 2
    assert found["traffic"]["total"]["frames"] == 6
    assert found["requests"]["answered"] == 2


def test_time_of_the_filter_is_the_displayed_one(capture: Path) -> None:
    """As in every command."""
    assert numbers(capture, "time:07:40:17", "--utc")["traffic"]["total"]["frames"] == 2


def test_standard_input_is_a_capture_too() -> None:
    """Named as it is written."""
    result = run("-", "--json", stdin=written(scene()))

    assert json.loads(result.stdout)["connections"] == 2


def test_hints_are_said(capture: Path) -> None:
    """On stderr."""
    result = run(capture, "dir:up")

    assert result.stderr == "xmppspy: dir is never up, only c2s s2c\n"


def test_wrong_input_is_an_error(capture: Path, tmp_path: Path) -> None:
    """As everywhere: a filter that does not parse, a file that is no capture."""
    (tmp_path / "b").write_text("nothing\n")
    with pytest.raises(FilterError):
        run(capture, "latency:x")
    with pytest.raises(NotACapture):
        run(tmp_path / "b")


def on_terminal(*arguments: str, **environment: str) -> bytes:
    """What a terminal gets."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "xmppspy", "stats", *arguments],
        stdout=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "60", **environment},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return shown


def test_terminal_gets_colours_and_its_width(capture: Path) -> None:
    """Unless NO_COLOR is set."""
    coloured = on_terminal(str(capture), NO_COLOR="")
    plain = on_terminal(str(capture), NO_COLOR="1")

    assert b"\x1b[38;5;" in coloured
    assert b"\x1b" not in plain
    assert max(map(len, plain.decode().splitlines())) <= 60


def test_each_number_is_documented(capture: Path) -> None:
    """The manual has a row for every key."""
    manual = (Path(__file__).parents[2] / "docs" / "stats-and-trace.md").read_text()
    keys = [key for key in numbers(capture) if f"`{key}`" not in manual]

    assert keys == []
