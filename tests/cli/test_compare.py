import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.replay.talks import TALK, capture, login, with_change
from xmppspy.cli import main
from xmppspy.cli.compare import command
from xmppspy.errors import CaptureError, FilterError


@pytest.fixture
def expected(tmp_path: Path) -> Path:
    """How it should be."""
    return written(tmp_path / "a.xmpp.jsonl", TALK)


def written(path: Path, *connections: list[str]) -> Path:
    """A capture as a file."""
    path.write_bytes(capture(*connections))
    return path


def changed(expected: Path, *changes: tuple[str, str]) -> Path:
    """The same with changes."""
    lines = TALK
    for old, new in changes:
        lines = with_change(lines, old, new)
    return written(expected.with_name("b.xmpp.jsonl"), lines)


def run(*arguments: object) -> Result:
    """What the command does, in this process; its errors come through."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_equal_captures_are_told_in_one_line(expected: Path) -> None:
    """And the exit code is 0."""
    result = run(expected, expected)

    assert result.stdout == "equal: 16 frames alike\n"
    assert result.exit_code == 0


def test_a_difference_is_shown_with_its_request(expected: Path) -> None:
    """Line by line, below a title that says what answers what; the exit code is 1."""
    result = run(expected, changed(expected, ("subscription='both'", "subscription='to'")))

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "changed · romeo@capulet.example · S→C iq result roster 2 items ver=v1 · answers iq get roster · frame 12 of A, frame 12 of B",
        '  <iq id="…" type="result">',
        '    <query xmlns="jabber:iq:roster" ver="…">',
        '-     <item jid="juliet@capulet.example" subscription="both">',
        '+     <item jid="juliet@capulet.example" subscription="to">',
        "        <group>Friends</group>",
        "        <group>Verona</group>",
        "      </item>",
        "  …",
        "",
        "1 difference: 1 changed; 15 frames alike",
    ]


def test_whole_sessions_are_told_in_one_difference(expected: Path) -> None:
    """With how much there was."""
    two = written(expected.with_name("b.xmpp.jsonl"), TALK, login("juliet@capulet.example/a"))
    result = run(two, expected)

    assert "a whole session, 6 frames; it begins with" in result.stdout
    assert result.stdout.endswith("1 difference: 1 missing; 16 frames alike\n")


def test_filters_limit_the_differences(expected: Path) -> None:
    """A frame may match, or the request that it answers."""
    other = changed(expected, ("both", "to"), ("Romeo!", "Paris!"))

    assert run(expected, other, "message").stdout.endswith(
        "1 difference: 1 changed; 14 frames alike\n"
    )
    assert "roster" in run(expected, other, "iq", "type:get").stdout
    assert run(expected, other, "presence").exit_code == 0


def test_xpaths_tell_what_is_ignored(expected: Path) -> None:
    """As often as one likes; a name without a prefix draws a hint."""
    other = changed(expected, ("both", "to"), ("Romeo!", "Paris!"))
    ignoring = ["--ignore", "//@subscription", "--ignore", "//c:body"]

    assert run(expected, other, *ignoring).exit_code == 0
    assert "did you mean c:body" in run(expected, other, "--ignore", "//body").stderr


def test_more_than_the_limit_is_counted(expected: Path) -> None:
    """So that the output is bounded."""
    other = changed(expected, ("both", "to"), ("Romeo!", "Paris!"))
    result = run(expected, other, "--limit", "1")

    assert "Paris" not in result.stdout
    assert result.stdout.endswith(
        "2 differences: 2 changed; 14 frames alike; 1 not shown (--limit)\n"
    )


def test_json_has_the_frames(expected: Path) -> None:
    """One object a line, for other programs."""
    result = run(expected, changed(expected, ("both", "to")), "--json")
    told = json.loads(result.stdout)

    assert told["difference"] == "changed"
    assert told["account"] == "romeo@capulet.example"
    assert told["request"]["xml"].startswith("<iq type='get'")
    assert (told["expected"]["n"], told["got"]["n"]) == (12, 12)
    assert told["before"][2].strip().endswith('subscription="both">')


def test_colours_are_for_those_who_want_them(
    expected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--color` decides; in a pipe there are none by themselves."""
    other = changed(expected, ("both", "to"))
    monkeypatch.setenv("TERM", "xterm-256color")

    assert "\x1b[" in run(expected, other, "--color", "always").stdout
    assert "\x1b[" not in run(expected, other).stdout


def test_traffic_does_nothing_to_the_terminal(expected: Path) -> None:
    """Control characters are shown as text, in titles and in contrasts."""
    result = run(expected, changed(expected, ("Romeo!", "\u202e\x9b31m")), "--color", "never")

    assert "\u202e" not in result.stdout
    assert "\x9b" not in result.stdout
    assert r"\x9b" in result.stdout


@pytest.mark.parametrize("which", [0, 1])
def test_unreadable_captures_are_errors(expected: Path, which: int) -> None:
    """Whichever of the two it is."""
    captures: list[object] = [expected, expected]
    captures[which] = expected.with_name("missing")
    with pytest.raises(CaptureError) as caught:
        run(*captures)

    assert caught.value.exit_code == 2


def test_wrong_xpaths_are_errors(expected: Path) -> None:
    """Before anything is read."""
    with pytest.raises(FilterError, match="unknown prefix"):
        run(expected, "missing", "--ignore", "//nobody:knows")


def test_what_captures_lack_is_said(expected: Path) -> None:
    """A capture that begins in the middle is compared as far as it goes."""
    torn = written(expected.with_name("b.xmpp.jsonl"), TALK[10:])
    result = run(torn, torn)

    assert result.exit_code == 0
    assert "does not begin with a stream header" in result.stderr


def test_as_a_command(expected: Path) -> None:
    """The exit code is 1 for a difference, also when nobody reads on."""
    other = changed(expected, ("both", "to"))
    line = [sys.executable, "-m", "xmppspy", "compare", str(expected), str(other)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(line, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


def test_it_is_one_of_the_commands(capsys: pytest.CaptureFixture[str], expected: Path) -> None:
    """`xmppspy compare` is it; errors are one line and exit code 2."""
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(expected), "missing"])

    assert ended.value.code == 2
    assert (
        capsys.readouterr().err == "xmppspy: missing: cannot be read: No such file or directory\n"
    )
