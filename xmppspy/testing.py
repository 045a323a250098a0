"""Testing: pytest fixtures for clients, and for what servers say to them.

With xmppspy installed, pytest has them: `xmpp_replay_server` serves a capture to the client under
test, `xmpp_recorder` records the client with a real server. Both run the command `xmppspy` as a
process of its own, until the test ends.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import pytest

Capture: TypeAlias = str | PathLike[str]

LIMIT: Final = 30.0
"""Seconds that anything awaited here may take."""

_LISTENING: Final = re.compile(r"listening on (.+):(\d+)")
_CAST: Final = re.compile(r"(.+) is played what (.+) met \(")
_PLAYED: Final = re.compile(r"(.+) has been played all that was recorded")
_LEFT: Final = re.compile(r".+ left; .+ recorded stanzas? (?:was|were) not played")


class ReplayServer:
    """A capture that is played to whoever connects; see `xmpp_replay_server`."""

    def __init__(self, process: "_Command", recorded: Path, capture: Path, ca_file: Path) -> None:
        self._process = process
        self.host, self.port = process.host, process.port
        """Where the client is to connect."""
        self.ca_file = ca_file
        """Whom the client has to trust: a certificate in PEM."""
        self.recorded = recorded
        """The capture that is played."""
        self.capture = capture
        """The capture of this replay, complete after `stop`."""

    @property
    def notes(self) -> list[str]:
        """What the server has said until now: who is played what, and what went otherwise."""
        return self._process.said()

    def wait_until_played(self, timeout: float = LIMIT) -> None:
        """Wait until every recorded client has come and was played all that was recorded.

        AssertionError when one leaves before, when the replay ends, or when time is up.
        """
        __tracebackhide__ = True
        accounts = _accounts(self.recorded)

        def is_played() -> bool:
            notes = self.notes
            if left := next(filter(_LEFT.match, notes), None):
                raise AssertionError(left)
            done = {match[1] for match in map(_PLAYED.match, notes) if match}
            cast = [match for match in map(_CAST.match, notes) if match]
            played = {_bare(match[2]) for match in cast if match[1] in done}
            return accounts <= played

        self._process.wait_until(is_played, "not all was played that was recorded", timeout)

    def assert_same(self, *filters: str, ignore: tuple[str, ...] = ()) -> None:
        """End the replay, and assert that it went as it was recorded; see `assert_alike`."""
        __tracebackhide__ = True
        self.stop()
        assert_alike(self.recorded, self.capture, *filters, ignore=ignore)

    def stop(self) -> None:
        """End the replay in order. The test's end does so, too."""
        self._process.stop()


class Recorder:
    """A proxy that records the client under test; see `xmpp_recorder`."""

    def __init__(self, process: "_Command", capture: Path, ca_file: Path) -> None:
        self._process = process
        self.host, self.port = process.host, process.port
        """Where the client is to connect."""
        self.ca_file = ca_file
        """Whom the client has to trust: a certificate in PEM."""
        self.capture = capture
        """What is written; complete after `stop`."""

    @property
    def notes(self) -> list[str]:
        """What the proxy has said until now."""
        return self._process.said()

    def stop(self) -> Path:
        """End the recording in order, and give the capture. The test's end does so, too."""
        self._process.stop()
        return self.capture


class ReplayServerFactory(Protocol):
    """What the fixture `xmpp_replay_server` gives."""

    def __call__(
        self,
        capture: Capture,
        *,
        password: str | None = None,
        accounts: Mapping[str, str] | None = None,
        speed: float | str = "max",
        strict: bool = False,
    ) -> ReplayServer:
        """Serve `capture` to the client under test.

        `password` is that of all accounts that are not in `accounts`, a table from JIDs to
        passwords; without any, only PLAIN and ANONYMOUS are offered, and any password will do.
        `speed` is a factor. With `strict`, the replay ends when a client does what the recording
        does not hold.
        """


class RecorderFactory(Protocol):
    """What the fixture `xmpp_recorder` gives."""

    def __call__(
        self,
        upstream: str,
        *,
        capture: Capture | None = None,
        upstream_ca: Capture | None = None,
        options: tuple[str, ...] = (),
    ) -> Recorder:
        """Record the client under test with the server `upstream`, as `xmppspy proxy` names it.

        `capture` is the file to write, which must not exist; without it, a file of the test's
        temporary folder. `options` are further ones of `xmppspy proxy`.
        """


def assert_alike(
    expected: Capture, got: Capture, *filters: str, ignore: tuple[str, ...] = ()
) -> None:
    """Assert that two captures are equal by `xmppspy compare`; the message shows the differences.

    `filters` limit what is compared, and `ignore` are XPaths of what is not.
    """
    __tracebackhide__ = True
    ignoring = [f"--ignore={xpath}" for xpath in ignore]
    run = _run("compare", "--color=never", *ignoring, expected, got, *filters)
    if run.returncode != 0:
        raise AssertionError(f"{got} differs from {expected}\n\n{run.stdout}{run.stderr}")


# --- fixtures


@pytest.fixture(scope="session")
def xmppspy_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CA of all replays and recordings of the run: its certificate, in a folder of its own."""
    run = _run("ca", "path", "--ca-dir", tmp_path_factory.mktemp("xmppspy-ca"))
    if run.returncode != 0:
        pytest.fail(run.stderr)
    return Path(run.stdout.strip())


@pytest.fixture
def xmpp_replay_server(xmppspy_ca: Path, tmp_path: Path) -> Iterator[ReplayServerFactory]:
    """Serves captures to the client under test: call it for a `ReplayServer`."""
    with ExitStack() as running:

        def serve(
            capture: Capture,
            *,
            password: str | None = None,
            accounts: Mapping[str, str] | None = None,
            speed: float | str = "max",
            strict: bool = False,
        ) -> ReplayServer:
            folder = _new_folder(tmp_path)
            written = folder / "replayed.xmpp.jsonl"
            options = ["--speed", str(speed), *(["--strict"] if strict else [])]
            options += ["--write", str(written), "--ca-dir", str(xmppspy_ca.parent)]
            options += _credentials(folder, password, accounts or {})
            command = _command("replay", capture, "--as", "server", "--listen", "127.0.0.1:0")
            process = running.enter_context(_running([*command, *options]))
            return ReplayServer(process, Path(capture), written, xmppspy_ca)

        yield serve


@pytest.fixture
def xmpp_recorder(xmppspy_ca: Path, tmp_path: Path) -> Iterator[RecorderFactory]:
    """Records the client under test with a real server: call it for a `Recorder`."""
    with ExitStack() as running:

        def record(
            upstream: str,
            *,
            capture: Capture | None = None,
            upstream_ca: Capture | None = None,
            options: tuple[str, ...] = (),
        ) -> Recorder:
            written = Path(capture or _new_folder(tmp_path) / "recorded.xmpp.jsonl")
            command = _command("proxy", upstream, "--listen", "127.0.0.1:0", "--quiet", *options)
            command += ["--write", str(written), "--ca-dir", str(xmppspy_ca.parent)]
            if upstream_ca is not None:
                command += ["--upstream-ca", str(upstream_ca)]
            return Recorder(running.enter_context(_running(command)), written, xmppspy_ca)

        yield record


def _new_folder(place: Path) -> Path:
    """A folder for what one command writes; a test may run several."""
    number = sum(1 for _ in place.glob("xmppspy-*"))
    folder = place / f"xmppspy-{number}"
    folder.mkdir(mode=0o700)
    return folder


def _credentials(folder: Path, password: str | None, accounts: Mapping[str, str]) -> list[str]:
    """The options that tell the passwords, which stand in files of their own."""
    options = []
    if password is not None:
        options += ["--password-file", _secret(folder / "password", password)]
    if accounts:
        lines = [f"{_quoted(jid)} = {_quoted(secret)}" for jid, secret in accounts.items()]
        table = "\n".join(["[accounts]", *lines])
        options += ["--accounts", _secret(folder / "accounts.toml", table)]
    return options


def _secret(path: Path, text: str) -> str:
    """Write a file that nobody else can read."""
    path.touch(mode=0o600)
    path.write_text(text + "\n", encoding="utf-8")
    return str(path)


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


# --- the command


class _Command:
    """A running command that listens; what it says on stderr is collected."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.host, self.port = "", 0
        self._said: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    def said(self) -> list[str]:
        """The lines until now."""
        with self._news:
            return list(self._said)

    def wait_until_listening(self) -> None:
        """Wait until `host` and `port` are known."""
        self.wait_until(self._listens, "xmppspy does not listen", LIMIT)

    def wait_until(self, is_so: Callable[[], bool], otherwise: str, timeout: float) -> None:
        """Wait for news until something is so; AssertionError when that is not to be expected."""
        __tracebackhide__ = True
        end = time.monotonic() + timeout
        while True:
            with self._news:
                known, ended = len(self._said), self._ended
            if is_so():
                return
            if ended:
                raise AssertionError("\n".join([f"{otherwise}: xmppspy ended", *self.said()]))
            with self._news:
                if len(self._said) == known and not self._ended:
                    self._news.wait(max(end - time.monotonic(), 0))
            if time.monotonic() > end:
                why = f"{otherwise} in {timeout:g} seconds"
                raise AssertionError("\n".join([why, *self.said()]))

    def stop(self) -> None:
        """Ctrl-C, and wait for the end; a command that does not end is killed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(LIMIT)
        if self.process.stderr is not None:
            self.process.stderr.close()

    def _listens(self) -> bool:
        found = next(filter(None, map(_LISTENING.fullmatch, self.said())), None)
        if found is not None:
            self.host, self.port = found[1].strip("[]"), int(found[2])
        return found is not None

    def _collect(self) -> None:
        for line in self.process.stderr or ():
            with self._news:
                self._said.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


@contextmanager
def _running(command: list[str]) -> Iterator[_Command]:
    """Run a command until it listens, and then until the block is left."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env=_environment(),
    )
    running = _Command(process)
    try:
        running.wait_until_listening()
        yield running
    finally:
        running.stop()


def _command(*arguments: object) -> list[str]:
    # Without -P, a module of the folder that pytest is run in could stand in the way.
    return [sys.executable, "-P", "-m", "xmppspy", *map(str, arguments)]


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(*arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=_environment(),
        timeout=10 * LIMIT,
        check=False,
    )


def _environment() -> dict[str, str]:
    """The caller's, without a password that would be taken for that of the recorded accounts."""
    return {name: value for name, value in os.environ.items() if name != "XMPPSPY_PASSWORD"}


# --- what was recorded


def _accounts(capture: Path) -> set[str]:
    """The accounts of the clients that got a session."""
    from xmppspy import read  # noqa: PLC0415 - pytest loads this module for every project
    from xmppspy.replay.recording import Recording  # noqa: PLC0415

    identities = (part.identity for part in Recording(read(capture)).parts.values())
    return {_bare(each.full) for each in identities if each.full and each.kind == "client"}


def _bare(jid: str) -> str:
    return jid.partition("/")[0].lower()
