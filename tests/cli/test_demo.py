import json
import os
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xmppspy.cli.demo import _capture_path

_XMPPSPY = (sys.executable, "-m", "xmppspy")


def _demo(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_XMPPSPY, "demo", "--speed", "1000", *arguments],
        cwd=folder,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def _advice(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The commands to try next."""
    return [line.strip() for line in done.stderr.splitlines() if line.startswith("  ")]


def test_demo_shows_and_records(tmp_path: Path) -> None:
    """The live view is on standard output, the words for the person on standard error."""
    done = _demo(tmp_path, "--brief")

    assert done.returncode == 0
    assert "wherefore art thou Romeo" in done.stdout
    assert len(list((tmp_path / "captures").glob("demo-*Z.xmpp.jsonl"))) == 1
    assert all(len(line) < 82 for line in done.stderr.splitlines() if not line.startswith("  "))


def test_every_command_to_try_next_works(tmp_path: Path) -> None:
    """The commands that are named print something of the capture that was written."""
    *shows, proxy = _advice(_demo(tmp_path))

    assert shlex.split(proxy)[-2:] == ["proxy", "your.domain"]
    assert len(shows) == 3
    for show in shows:
        command = shlex.split(show)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"iq error" in done.stdout or b"wherefore" in done.stdout


def test_commands_are_named_as_they_can_be_typed(tmp_path: Path) -> None:
    """It is `xmppspy` where the shell finds it, the program's path where it does not."""
    program = tmp_path / "xmppspy"
    program.write_text(f"#!{sys.executable}\nfrom xmppspy.cli import main\nmain()\n")
    program.chmod(0o700)

    def named(path: str) -> str:
        done = subprocess.run(
            [program, "demo", "--speed", "1000"], cwd=tmp_path, env=os.environ | {"PATH": path},
            capture_output=True, text=True, timeout=100, check=True,
        )  # fmt: skip
        return shlex.split(_advice(done)[0])[0]

    assert named(str(tmp_path)) == "xmppspy"
    assert named(os.defpath) == str(program)


def test_style_and_filter_are_the_views(tmp_path: Path) -> None:
    """What is shown is chosen as for `proxy`; the capture holds everything."""
    done = _demo(tmp_path, "--json", "message", "s2c")
    header, *lines = [json.loads(line) for line in done.stdout.splitlines()]
    (capture,) = (tmp_path / "captures").iterdir()

    assert header["format"] == "xmppspy-capture"
    assert {(line["kind"], line["dir"]) for line in lines} == {("message", "s2c")}
    assert len(capture.read_text().splitlines()) > 79


def test_captures_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Where no captures folder can be, the capture is in a temporary one, and is kept."""
    (tmp_path / "captures").touch()
    (tmp_path / "tmp").mkdir()
    done = _demo(tmp_path, environment={"TMPDIR": str(tmp_path / "tmp")})
    (kept,) = (tmp_path / "tmp").glob("*/demo-*.xmpp.jsonl")

    assert done.returncode == 0
    assert str(kept) in shlex.split(_advice(done)[0])


def test_two_demos_of_one_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is taken gets a number, so that no capture is in the way of another."""
    monkeypatch.chdir(tmp_path)
    now = datetime(2026, 11, 22, 7, 40, 12, tzinfo=UTC)
    first = _capture_path(now)
    first.touch()

    assert str(first) == "captures/demo-20261122T074012Z.xmpp.jsonl"
    assert str(_capture_path(now)) == "captures/demo-20261122T074012Z-2.xmpp.jsonl"


@pytest.mark.parametrize(
    ("arguments", "word"), [(("no:such",), "no:such"), (("--speed", "0"), "--speed")]
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    """A wrong filter or option is told before anything starts, with exit code 2."""
    done = _demo(tmp_path, *arguments)

    assert done.returncode == 2
    assert word in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_failure_has_exit_code_1(tmp_path: Path) -> None:
    """A demo that is not played to its end says so in one line, after the proxy's own words."""
    (tmp_path / "sitecustomize.py").write_text(_BROKEN_PROXY)
    done = _demo(tmp_path, environment={"PYTHONPATH": str(tmp_path)})

    assert done.returncode == 1
    assert done.stderr.splitlines()[-2:] == [
        "no proxy today",
        "xmppspy: the demo stopped: the proxy ended before it listened",
    ]


_BROKEN_PROXY = """\
import os, sys
if "proxy" in sys.orig_argv:
    os.write(2, b"no proxy today\\n")
    os._exit(3)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C in the middle ends it quietly: no traceback, no process, a complete capture."""
    command = [*_XMPPSPY, "demo", "--brief", "--speed", "0.5"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        while "proceed" not in demo.stdout.readline():
            assert demo.poll() is None
        descendants = _descendants(demo.pid)
        demo.send_signal(number)
        _, stderr = demo.communicate(timeout=30)
    (capture,) = (tmp_path / "captures").iterdir()

    assert len(descendants) >= 2
    assert not {pid for pid in descendants if _exists(pid)}
    assert demo.returncode == 1
    assert "Traceback" not in stderr
    assert capture.read_text().splitlines()[-1].find('"event":"close"') > 0


def _descendants(pid: int) -> set[int]:
    listing = subprocess.run(
        ["ps", "-ax", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    children: dict[int, list[int]] = {}
    for line in listing.stdout.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, waiting = set[int](), [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found.update(new)
        waiting.extend(new)
    return found


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
