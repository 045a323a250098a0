import asyncio
import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import LIMIT, eventually
from tests.cli.test_demo import _demo
from xmppspy.capture.reader import read
from xmppspy.demo.scene import _PASSWORDS, DOMAINS, JULIET, ROMEO, cast
from xmppspy.demo.server import Server
from xmppspy.protocol.events import FrameRecord
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.issuing import Issuer

_XMPPSPY = (sys.executable, "-m", "xmppspy")


class _Place:
    """A demo's server in a thread, and the CA behind it."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority.open(folder / "server-ca")
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(LIMIT)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        async with Server(Issuer(self.authority).server_context(DOMAINS), cast()) as server:
            self.port = server.port
            self._ready.set()
            await self._stopping.wait()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[_Place]:
    """A fresh server of the demo."""
    place = _Place(tmp_path)
    place.start()
    yield place
    place.stop()


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo records."""
    folder = tmp_path_factory.mktemp("demo")
    _demo(folder)
    return next((folder / "captures").iterdir())


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """The passwords of the demo."""
    return _table(tmp_path / "accounts.toml", **_PASSWORDS)


def _table(path: Path, **passwords: str) -> Path:
    path.touch(0o600)
    lines = [f'"{jid}" = "{password}"' for jid, password in passwords.items()]
    path.write_text("\n".join(["[accounts]", *lines]))
    return path


def _command(capture: Path, place: _Place, *options: object) -> list[str]:
    trust = place.authority.certificate_path
    where = ("--to", f"127.0.0.1:{place.port}", "--upstream-ca", trust)
    return [*_XMPPSPY, "replay", str(capture), "--as", "client", *map(str, (*where, *options))]


def _replay(
    capture: Path, place: _Place, *options: object, password: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "XMPPSPY_PASSWORD"}
    return subprocess.run(
        _command(capture, place, *options),
        env=environment | ({} if password is None else {"XMPPSPY_PASSWORD": password}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def test_demo_replays_without_a_difference(
    capture: Path, place: _Place, accounts: Path, tmp_path: Path
) -> None:
    """Both clients of the demo, against a fresh server, hear what they heard, and record it."""
    again = tmp_path / "again.xmpp.jsonl"
    done = _replay(capture, place, "--accounts", accounts, "-w", again)
    compared = subprocess.run(
        [*_XMPPSPY, "compare", capture, again], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "no differences" in done.stderr
    assert compared.stdout.startswith("equal"), compared.stdout


def test_recorded_replay_holds_no_secret(
    capture: Path, place: _Place, accounts: Path, tmp_path: Path
) -> None:
    """The proofs of the logins are masked, unless they are to be kept."""
    masked, kept = tmp_path / "masked.xmpp.jsonl", tmp_path / "kept.xmpp.jsonl"
    _replay(capture, place, "--accounts", accounts, "-w", masked)
    _replay(capture, place, "--accounts", accounts, "-w", kept, "--keep-secrets")

    def redacted(path: Path) -> int:
        return sum(bool(each.redacted) for each in read(path) if isinstance(each, FrameRecord))

    assert redacted(masked) >= 4
    assert redacted(kept) == 0


def test_differences_are_shown(
    capture: Path, place: _Place, accounts: Path, tmp_path: Path
) -> None:
    """A capture whose roster was another one is told apart, with exit code 1."""
    other = tmp_path / "other.xmpp.jsonl"
    other.write_text(capture.read_text().replace("Mercutio", "Tybalt"))
    done = _replay(other, place, "--accounts", accounts)
    unseen = _replay(other, place, "--accounts", accounts, "--no-compare")
    ignored = _replay(other, place, "--accounts", accounts, "--ignore", "//roster:item/@name")

    assert done.returncode == 1
    assert 'name="Tybalt"' in done.stdout
    assert 'name="Mercutio"' in done.stdout
    assert (unseen.returncode, unseen.stdout) == (0, "")
    assert (ignored.returncode, ignored.stdout) == (0, ""), ignored.stderr


def test_account_without_a_password_is_named(capture: Path, place: _Place) -> None:
    """Romeo alone plays with the password of the environment; Juliet is left out."""
    done = _replay(capture, place, "--jid", ROMEO, "--wait", "0.5", password=_PASSWORDS[ROMEO])

    assert done.returncode == 1
    assert f"{JULIET} is left out: no password" in done.stderr
    assert f"{ROMEO}/orchard is in" in done.stderr


def test_password_is_asked_for(capture: Path, place: _Place) -> None:
    """On a terminal, the password of `--jid` is asked for, and not shown."""
    own, other = pty.openpty()
    process = subprocess.Popen(
        _command(capture, place, "--jid", JULIET, "--wait", "0.5"),
        stdin=other, stdout=other, stderr=other, start_new_session=True, close_fds=True,
    )  # fmt: skip
    os.close(other)
    said = b""
    while b"password of" not in said:
        said += os.read(own, 1000)
    eventually(lambda: not termios.tcgetattr(own)[3] & termios.ECHO)
    os.write(own, _PASSWORDS[JULIET].encode() + b"\n")
    process.wait(LIMIT)
    while b"said" not in said:
        said += os.read(own, 1000)
    os.close(own)

    assert f"{JULIET}/balcony is in".encode() in said
    assert _PASSWORDS[JULIET].encode() not in said


def test_file_holds_the_password(capture: Path, place: _Place, tmp_path: Path) -> None:
    """The first line of `--password-file` is the password."""
    path = tmp_path / "password"
    path.touch(0o600)
    path.write_text(f"{_PASSWORDS[JULIET]}\n")
    done = _replay(capture, place, "--jid", JULIET, "--password-file", path, "--wait", "0.5")

    assert f"{JULIET}/balcony is in" in done.stderr


def test_other_accounts_are_named_by_maps(
    capture: Path, place: _Place, accounts: Path, tmp_path: Path
) -> None:
    """A capture of other people is played by these."""
    other = tmp_path / "other.xmpp.jsonl"
    text = capture.read_text().replace(ROMEO, "paris@montague.example")
    other.write_text(text)
    done = _replay(other, place, "--accounts", accounts, "--map", f"paris@montague.example={ROMEO}")

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert f"{ROMEO}/orchard is in, and plays paris@montague.example/orchard" in done.stderr


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--jid", ROMEO], "no password for romeo@montague.example"),
        (["--jid", "nobody@else.example"], "no password for"),
        (["--map", "x"], "--map 'x': write RECORDED=LIVE"),
        (["--upstream-ca", "/no/such/file"], "/no/such/file"),
        (["iq"], "plays whole captures"),
        (["--accounts", "/no/such/file"], "/no/such/file"),
        (["-w", "/dev/null"], "/dev/null exists already"),
    ],
)
def test_wrong_usage_ends_at_once(
    options: list[str], reason: str, capture: Path, place: _Place
) -> None:
    """What makes no sense is one line, and exit code 2."""
    done = _replay(capture, place, *options)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert reason in done.stderr


def test_server_has_to_be_named(capture: Path) -> None:
    """Without `--to` there is nobody to play against."""
    command = [*_XMPPSPY, "replay", str(capture), "--as", "client"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)

    assert (done.returncode, done.stderr) == (
        2,
        "xmppspy: --as client needs a server to play against: --to UPSTREAM\n",
    )


def test_unreachable_server_is_told(capture: Path, place: _Place, accounts: Path) -> None:
    """A server that is not there leaves everybody out, with the reason."""
    done = _replay(capture, place, "--accounts", accounts, "--to", "127.0.0.1:1")

    assert done.returncode == 1
    assert f"{ROMEO} does not get in: 127.0.0.1:1: no connection" in done.stderr
    assert done.stderr.endswith("; nothing was compared; 2 left out\n")


def test_refused_login_compares_nothing(capture: Path, place: _Place) -> None:
    """With a wrong password there is nothing that could differ, and that is not called equal."""
    done = _replay(capture, place, "--jid", ROMEO, password="wrong")

    assert done.returncode == 1
    assert f"{ROMEO} does not get in" in done.stderr
    assert "nothing was compared" in done.stderr
    assert "no differences" not in done.stderr


def test_unknown_certificate_is_told(capture: Path, place: _Place, accounts: Path) -> None:
    """A server with a certificate of an unknown CA gets no password, unless that is wanted."""
    command = _command(capture, place, "--accounts", accounts)
    at = command.index("--upstream-ca")
    del command[at : at + 2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
    insecure = subprocess.run(
        [*command, "--insecure"], capture_output=True, text=True, check=False, timeout=LIMIT
    )

    assert done.returncode == 1
    assert "name its CA with --upstream-ca FILE" in done.stderr
    assert insecure.returncode == 0, insecure.stderr
    assert "WARNING: --insecure" in insecure.stderr


def test_torn_capture_plays_as_far_as_it_goes(
    capture: Path, place: _Place, accounts: Path, tmp_path: Path
) -> None:
    """A capture that breaks off in the middle of a line is played to there, and that is said."""
    torn = tmp_path / "torn.xmpp.jsonl"
    whole = capture.read_bytes()
    torn.write_bytes(whole[: len(whole) * 3 // 4 - 10])
    done = _replay(torn, place, "--accounts", accounts)

    assert "the capture ends in the middle of a line" in done.stderr
    assert f"{ROMEO}/orchard is in" in done.stderr
