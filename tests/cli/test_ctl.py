import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.commanding import ctl
from tests.cli.running import Running, eventually, proxy, read_exactly
from xmppspy.cli.ctl import command


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A proxy."""
    with proxy(tmp_path_factory.mktemp("ctl"), "-q") as running:
        yield running


def _connected(running: Running) -> list[int]:
    told = json.loads(ctl(running, "connections", "--json").output)
    return [connection["conn"] for connection in told["connections"]]


def test_status(running: Running) -> None:
    """In lines for a person, and as JSON for programs."""
    lines = ctl(running, "status").output.splitlines()
    told = json.loads(ctl(running, "status", "--json").output)

    assert lines[0].startswith("proxy    xmppspy ")
    assert lines[1].endswith(f" at 127.0.0.1:{running.port}")
    assert lines[2] == f"capture  {running.capture}"
    assert told["pid"] == running.process.pid
    assert told["breakpoint"] == {
        "on": False,
        "filter": None,
        "timeout": 30.0,
        "otherwise": "forward",
    }


def test_connections_and_their_end(running: Running) -> None:
    """They are listed, and ended in order or by a reset."""
    with running.client() as first, running.client() as second:
        one, other = _connected(running)
        table = ctl(running, "connections").output.splitlines()
        said = [
            ctl(running, "kill", str(one)).output,
            ctl(running, "kill", "all", "--reset").output,
        ]
        rest = first.recv(100)
        with pytest.raises(ConnectionResetError):
            second.recv(100)
    eventually(lambda: _connected(running) == [])

    assert table[0].split() == ["conn", "who", "state", "TLS", "C→S", "S→C", "open"]
    assert table[1].split()[:5] == [str(one), *table[1].split()[1:4], "negotiating"]
    assert said == [f"ended: {one}\n", f"reset: {other}\n"]
    assert rest == b""
    assert ctl(running, "connections").output == "no client is connected\n"
    assert ctl(running, "kill", "all").output == "ended: none\n"


def test_mark(running: Running) -> None:
    """It is in the capture, with its connection if one is given."""
    with running.client():
        (conn,) = _connected(running)
        said = ctl(running, "mark", "--conn", str(conn), "now", "I", "press").output
    eventually(lambda: any(line.get("event") == "mark" for line in running.lines()))
    (mark,) = [line for line in running.lines() if line.get("event") == "mark"]

    assert (mark["text"], mark["conn"]) == ("now I press", conn)
    assert said == f"marked at {mark['t']:.3f} s\n"


def test_mark_that_is_not_recorded(tmp_path: Path) -> None:
    """Is told to be kept by nothing."""
    with proxy(tmp_path, "-q", "--no-record") as running:
        said = ctl(running, "mark", "now").output

    assert said.endswith(" s, which nothing keeps: the proxy does not record\n")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["kill", "99"], 1, "xmppspy: there is no open connection 99; open: none"),
        (["kill", "x"], 2, "xmppspy: 'x': give the number of a connection, or all"),
        (["mark", "--conn", "9", "x"], 1, "xmppspy: there is no open connection 9; open: none"),
        (["mark", ""], 2, "xmppspy: text: a bookmark has to say something"),
        (["kill"], 2, "xmppspy: Missing argument 'CONN'"),
        (["hold", "mesage"], 2, "xmppspy: filter: unknown word mesage (did you mean message?"),
        (["frobnicate"], 2, "xmppspy: No such command 'frobnicate'"),
    ],
)
def test_errors_are_one_sentence(
    running: Running, arguments: list[str], code: int, words: str
) -> None:
    """On stderr; the exit code is 1 for what the proxy cannot do, 2 for wrong usage."""
    done = subprocess.run(
        [sys.executable, "-m", "xmppspy", "ctl", "--control", running.control, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(words)


def test_only_proxy_is_found(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --control, in the user's runtime folder; or by the environment."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(running.runtime))
    found = json.loads(CliRunner().invoke(command, ["status", "--json"]).output)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("XMPPSPY_CONTROL", str(running.control))
    named = json.loads(CliRunner().invoke(command, ["status", "--json"]).output)

    assert found["pid"] == named["pid"] == running.process.pid


def test_commands_are_listed_in_a_useful_order() -> None:
    """As they are needed, not by the alphabet."""
    shown = CliRunner().invoke(command, ["--help"]).output
    places = [shown.index(f"\n  {name} ") for name in ("status", "hold", "edit", "inject", "watch")]

    assert places == sorted(places)


def test_nobody_is_there(tmp_path: Path) -> None:
    """It is said how to start a proxy; exit code 1."""
    done = subprocess.run(
        [sys.executable, "-m", "xmppspy", "ctl", "--control", "none.sock", "status"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == "xmppspy: none.sock: no xmppspy proxy listens there\n"


def test_documented_example(running: Running, tmp_path: Path) -> None:
    """The program in docs/control.md does what is said of it."""
    page = Path(__file__).parents[2] / "docs" / "control.md"
    program = page.read_text().partition("```python\n")[2].partition("```")[0]
    (tmp_path / "example.py").write_text(program)
    wrong = b"<message><body>teh lark</body></message>"
    with subprocess.Popen([sys.executable, tmp_path / "example.py", running.control]) as example:
        eventually(lambda: "message c2s" in ctl(running, "hold").output)
        with running.client() as client:
            client.sendall(wrong)
            read_exactly(client, wrong.replace(b"teh", b"the"))
        example.kill()
    ctl(running, "hold", "off")
