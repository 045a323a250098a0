import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commanding import MESSAGE, ctl, held
from tests.cli.running import LIMIT, eventually, exchange, proxy


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short path."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start a proxy that does not come to listening."""
    base = ["proxy", "localhost:1", "-q", "--no-record", "--ca-dir", str(folder / "ca")]
    return subprocess.run(
        [sys.executable, "-m", "xmppspy", *base, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_socket_is_private_and_removed(tmp_path: Path) -> None:
    """It is there as long as the proxy is."""
    with proxy(tmp_path, "-q") as running:
        mode = stat.S_IMODE(running.control.stat().st_mode)
        parent = stat.S_IMODE(running.control.parent.stat().st_mode)
        running.stop()

        assert (mode, parent) == (0o600, 0o700)
        assert not running.control.exists()


def test_end_while_somebody_is_connected(tmp_path: Path) -> None:
    """They are disconnected, and the proxy ends as it does alone."""
    with proxy(tmp_path, "-q") as running, socket.socket(socket.AF_UNIX) as watcher:
        watcher.settimeout(LIMIT)
        watcher.connect(str(running.control))
        greeting = watcher.recv(65536)
        code = running.stop()
        rest = watcher.recv(65536)

    assert (code, greeting[-1:], rest) == (0, b"\n", b"")
    assert [line for line in running.said if "bug" in line] == []


def test_socket_elsewhere(tmp_path: Path, short: Path) -> None:
    """--control says where."""
    with proxy(tmp_path, "-q", "--control", str(short / "s")) as running:
        assert running.said[0] == f"control socket {short / 's'}"
        assert (short / "s").exists()
        assert not running.control.exists()


def test_no_socket(tmp_path: Path) -> None:
    """--no-control does without, and nothing is said of it."""
    with proxy(tmp_path, "-q", "--no-control") as running:
        assert running.said == [f"listening on 127.0.0.1:{running.port}"]
        assert not running.control.parent.exists()


def test_default_place_that_cannot_be_used(tmp_path: Path, short: Path) -> None:
    """Is told, and the proxy does its work without."""
    (short / "xmppspy").mkdir()
    (short / "xmppspy").chmod(0o755)
    with proxy(tmp_path, "-q", runtime=short) as running:
        with running.client() as client:
            exchange(client, MESSAGE)

        assert "mode 0755" in running.said[0]
        assert running.said[0].endswith("nobody can intervene")
        assert running.said[1].startswith("listening on ")


def test_frames_are_held_from_the_start(tmp_path: Path) -> None:
    """--hold and --hold-timeout say which, and how long."""
    with proxy(tmp_path, "-q", "--hold", "message c2s", "--hold-timeout", "60") as running:
        with running.client() as client:
            client.sendall(MESSAGE)
            eventually(lambda: len(held(running)) == 1)

            assert ctl(running, "hold").output == "holding message c2s (for 60 s, then forward)\n"


def test_how_frames_are_held_alone_is_for_later(tmp_path: Path) -> None:
    """When a filter is given to `ctl hold`."""
    with proxy(tmp_path, "-q", "--hold-timeout", "7", "--hold-otherwise", "drop") as running:
        assert ctl(running, "hold", "iq").output == "holding iq (for 7 s, then drop)\n"


RULES = """
[[rule]]
filter = "message c2s"
probability = 0.5
actions = ["drop"]
"""


def _passed(folder: Path, seed: str) -> bytes:
    """Which of some messages get through."""
    folder.mkdir()
    (folder / "rules.toml").write_text(RULES)
    options = ("-q", "--no-control", "--rules", str(folder / "rules.toml"), "--seed", seed)
    with proxy(folder, *options) as running, running.client() as client:
        client.sendall(b"".join(b"<message id='%d'/>" % n for n in range(40)) + b"<presence/>")
        got = b""
        while not got.endswith(b"<presence/>"):
            got += client.recv(65536)
    return got


def test_chance_is_repeatable(tmp_path: Path) -> None:
    """With the same --seed the same comes of it; rules need no control socket."""
    first, same, other = (
        _passed(tmp_path / name, seed) for name, seed in (("a", "1"), ("b", "1"), ("c", "2"))
    )

    assert first == same
    assert first != other
    assert 5 < first.count(b"<message") < 35


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--control", "a", "--no-control"], "take one of them"),
        (["--hold", "iq", "--no-control"], "--hold needs the control socket"),
        (["--hold", "mesage"], "unknown word mesage"),
        (["--hold-timeout", "-1"], "--hold-timeout"),
        (["--hold-otherwise", "keep"], "--hold-otherwise"),
        (["--rules", "none.toml"], "none.toml: No such file"),
        (["--control", "/none/a.sock"], "control socket /none/a.sock: No such file"),
        (["--control", "x" * 200], "bytes, and that of a socket"),
    ],
)
def test_wrong_options_start_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    """They are told, exit code 2."""
    done = _run(tmp_path, *arguments)

    assert done.returncode == 2
    assert words in done.stderr


def test_failed_start_leaves_no_socket(tmp_path: Path, short: Path) -> None:
    """Here the port cannot be had."""
    done = _run(tmp_path, "--control", str(short / "s"), "-l", "192.0.2.1:1")

    assert done.returncode == 1
    assert not (short / "s").exists()
