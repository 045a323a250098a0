import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.analysis.scenes import JULIET, ROMEO, Scene
from tests.cli.captures import write, written
from xmppspy.cli import main
from xmppspy.cli.trace import command


def scene() -> Scene:
    """A message that arrives, and one that does not."""
    made = Scene()
    made.logs_in(JULIET, 1)
    made.logs_in(ROMEO, 2)
    made.client(f"<message to='{ROMEO}' id='m1'><body>Ay me</body></message>", t=5.0)
    made.server(f"<message from='{JULIET}' id='m1'><body>Ay me</body></message>", 2, t=5.25)
    made.client("<message to='tybalt@capulet.example' id='m1'><body>Hi</body></message>", t=6.0)
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


def test_journeys_are_told(capture: Path) -> None:
    """All messages with the id, in order, with times and what they took."""
    result = run(capture, "m1", "--utc")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "message m1",
        "from juliet@capulet.example/balcony to romeo@montague.example/garden",
        "07:40:17.000            #1 C→S sent n:9",
        "07:40:17.250    +250 ms #2 S→C received by romeo@montague.example/garden n:10",
        "not seen: acknowledgement, receipt, marker",
        "",
        "message m1",
        "from juliet@capulet.example/balcony to tybalt@capulet.example",
        "07:40:18.000            #1 C→S sent n:11",
        "not seen: acknowledgement, arrival, receipt, marker",
    ]


def test_standard_input_is_a_capture_too() -> None:
    """One pass is enough."""
    result = run("-", "m1", "--relative", stdin=written(scene()))

    assert "5.000            #1 C→S sent n:9" in result.stdout


def test_json_tells_all(capture: Path) -> None:
    """One object a message, with what the text leaves out."""
    first, second = map(json.loads, run(capture, "m1", "--json").stdout.splitlines())

    assert (first["ids"], first["content"], first["encryption"]) == (["m1"], True, None)
    assert [step["kind"] for step in first["steps"]] == ["sent", "received"]
    assert first["steps"][0] == {
        "kind": "sent",
        "t": 5.0,
        "conn": 1,
        "dir": "c2s",
        "n": 9,
        "who": JULIET,
        "peer": ROMEO,
        "detail": "",
        "stored": [],
    }
    assert len(second["steps"]) == 1


def test_unknown_id_is_one_line(capture: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Exit code 1, and the id without anything that acts on a terminal."""
    with pytest.raises(SystemExit) as ended:
        main(["trace", str(capture), "no\x1bsuch"])
    output = capsysbinary.readouterr()

    assert ended.value.code == 1
    assert output.out == b""
    assert output.err == f"xmppspy: {capture}: no message with the id no\\x1bsuch\n".encode()


def test_colour_is_a_choice(capture: Path) -> None:
    """There is none where nobody asked for it."""
    assert "\x1b" not in run(capture, "m1").stdout
    assert "\x1b[" in run(capture, "m1", "--color", "always").stdout


def test_help_names_an_example() -> None:
    """As every command's."""
    assert "xmppspy trace FILE juliet-3" in run("--help").stdout
