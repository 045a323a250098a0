import json
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner, Result

from tests.analysis.scenes import JULIET, Scene
from tests.cli.captures import write, written
from xmppspy.cli import main
from xmppspy.cli.lint import _rules, command
from xmppspy.errors import UsageError


def scene() -> Scene:
    """Two sessions with mistakes of all severities."""
    made = Scene()
    made.logs_in(JULIET, 1)
    made.client("<presence><show>online</show></presence>", t=5.0)
    made.client("<message type='odd' to='romeo@montague.example'/>", t=6.0)
    made.begins(2)
    made.client(
        "<iq type='get' id='1' to='a@b.example'><time xmlns='urn:xmpp:time'/></iq>", 2, t=7.0
    )
    made.closes(2)
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


def rules(result: Result) -> list[str]:
    """The rules of what was printed as JSON."""
    return [json.loads(line)["rule"] for line in result.stdout.splitlines()]


def test_findings_are_told(capture: Path) -> None:
    """A line each, and a summary."""
    result = run(capture, "--utc", "--ignore", "S,A")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "07:40:17.000 #1 C→S n:5 error P02: 'online' is no value of <show> (RFC 6121 §4.7.2)",
        "07:40:18.000 #1 C→S n:6 warning M01: 'odd' is no type of a message (RFC 6121 §5.2.2)",
        "1 error, 1 warning; 1 info not shown (see --severity)",
    ]


def test_findings_as_json(capture: Path) -> None:
    """One object a line, with the keys that other tools read."""
    result = run(capture, "--json", "--select", "P02")

    assert json.loads(result.stdout) == {
        "rule": "P02",
        "severity": "error",
        "conn": 1,
        "dir": "c2s",
        "n": 5,
        "t": 5.0,
        "ref": "RFC 6121 §4.7.2",
        "message": "'online' is no value of <show>",
    }
    assert result.exit_code == 1


def test_standard_input_is_a_capture_too() -> None:
    """One pass is enough."""
    result = run("-", "--json", "--select", "M01", stdin=written(scene()))

    assert rules(result) == ["M01"]


@pytest.mark.parametrize(
    ("arguments", "found", "exit_code"),
    [
        (["--severity", "error", "--ignore", "S"], ["P02"], 1),
        (["--severity", "warning", "--ignore", "S"], ["P02", "M01", "A06"], 1),
        (["--severity", "info", "--select", "R06,P"], ["P02", "R06"], 1),
        (["--select", "R06"], ["R06"], 1),
        (["--select", "R06", "--severity", "warning"], [], 0),
        (["--select", "M", "--select", "P", "--ignore", "M01,P02"], [], 0),
    ],
)
def test_severity_decides_what_counts(
    capture: Path, arguments: list[str], found: list[str], exit_code: int
) -> None:
    """What is shown makes the exit code; rules that are asked for are shown whatever they are."""
    result = run(capture, "--json", *arguments)

    assert (sorted(rules(result)), result.exit_code) == (sorted(found), exit_code)


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (["presence"], ["P02"]),
        (["conn:1", "message"], ["M01"]),
        (["conn:2", "iq"], ["A06"]),
        (["not kind:stream", "conn:2"], ["A06", "S17"]),
        (["name:nothing"], []),
    ],
)
def test_filter_limits_the_frames(capture: Path, terms: list[str], found: list[str]) -> None:
    """What is found later belongs to its frame; what is about a connection, to its last event."""
    result = run(capture, "--json", *terms)

    assert sorted(rules(result)) == found


def test_filter_does_not_limit_what_is_followed(capture: Path) -> None:
    """Login is known although only presence was asked for."""
    assert rules(run(capture, "--json", "--severity", "info", "presence")) == ["P02", "R06"]


def test_a_clean_capture_is_fine(tmp_path: Path) -> None:
    """Exit code 0, and a word."""
    made = Scene()
    made.client("<presence/>")
    result = run(write(made, tmp_path / "clean.xmpp.jsonl"))

    assert (result.exit_code, result.stdout) == (0, "nothing found\n")


def test_rules_are_explained() -> None:
    """Without a capture, in upper case or not."""
    result = run("--explain", "p02")

    assert result.exit_code == 0
    assert result.stdout.startswith("P02 (error): a wrong show or priority")
    assert "<show>online</show>" in result.stdout


def test_wrong_usage(capture: Path) -> None:
    """Nothing is read then."""
    with pytest.raises(UsageError, match="needs a CAPTURE"):
        run()
    with pytest.raises(UsageError, match="no lint rule"):
        run(capture, "--select", "P02,nonsense")
    with pytest.raises(UsageError, match="no lint rule"):
        run("--explain", "nonsense")


def test_wrong_usage_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    with pytest.raises(SystemExit) as ended:
        main(["lint", "--severity", "awful", "x"])

    assert ended.value.code == 2
    assert capfd.readouterr().err.count("\n") == 1


def test_hints_of_filters_are_told(capture: Path) -> None:
    """As with other commands."""
    result = run(capture, "xpath://message", "--ignore", "A,B,D,M,P,R,S,T,W,X06")

    assert "xmppspy: " in result.stderr


def test_broken_captures_are_told(tmp_path: Path) -> None:
    """What there is of them is judged."""
    path = tmp_path / "torn.xmpp.jsonl"
    path.write_bytes(written(scene())[:-10])
    result = run(path, "--json", "--select", "P02")

    assert rules(result) == ["P02"]
    assert "in the middle of a line" in result.stderr


def test_rules_are_completed() -> None:
    """By their ids, with what they are about."""
    select = next(each for each in command.params if each.name == "select")
    found = _rules(Context(command), select, "m0")

    assert [each.value for each in found][:2] == ["M01", "M02"]
    assert found[0].help == "a message of an unknown type"
