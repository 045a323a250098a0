import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.replay.guests import Guest
from tests.replay.talks import JID, TALK, capture
from xmppspy.capture.reader import read
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.peer import Peer

LIMIT = 30.0
WHOLE = capture(TALK)


class Replay:
    """`xmppspy replay … --as server` as a process."""

    def __init__(self, process: subprocess.Popen[str], said: list[str]) -> None:
        self._process = process
        self.said = said
        self.port = int(said[-1].rpartition(":")[2])

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it by a signal; returns the exit code."""
        self._process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end; returns the exit code."""
        _, rest = self._process.communicate(timeout=LIMIT)
        self.said += rest.splitlines()
        return self._process.returncode


def _command(path: Path, *options: object) -> list[str]:
    arguments = [path, "--as", "server", "-l", "0", "--speed", "max", *options]
    return [sys.executable, "-m", "xmppspy", "replay", *map(str, arguments)]


@contextmanager
def replay(folder: Path, *options: object, data: bytes = WHOLE) -> Iterator[Replay]:
    """Play a capture until the block ends."""
    path = folder / "talk.xmpp.jsonl"
    path.write_bytes(data)
    command = [*_command(path, "--ca-dir", folder / "ca"), *map(str, options)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            said: list[str] = []
            assert process.stderr is not None
            while not (said and said[-1].startswith("listening on ")):
                line = process.stderr.readline()
                assert line, said
                said.append(line.rstrip("\n"))
            yield Replay(process, said)
        finally:
            process.kill()


def _meet(port: int, *more: str) -> list[bytes]:
    """Log in, ask for the roster, say `more`, leave; returns the stanzas that came."""

    async def meet() -> list[bytes]:
        peer = Peer(*await asyncio.open_connection("127.0.0.1", port), limit=10)
        romeo = Guest(peer, "capulet.example")
        await romeo.log_in()
        await romeo.say("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
        await romeo.hear("iq", "Angelica")
        for each in more:
            await romeo.say(each)
        await romeo.leave()
        return romeo.heard

    return asyncio.run(meet())


def test_plays_until_it_is_stopped(tmp_path: Path) -> None:
    """It says where it listens, whom to trust and what happens; Ctrl-C ends it well."""
    with replay(tmp_path) as running:
        heard = _meet(running.port)
        assert running.stop() == 0

    assert b"Angelica" in heard[-1]
    assert running.said[0].startswith("no password is known")
    assert running.said[1].startswith(f"have the client trust {tmp_path}")
    assert running.said[2] == f"listening on 127.0.0.1:{running.port}"
    assert running.said[3] == f"{JID} is played what {JID} met (#1)"
    assert running.said[-1] == "1 connection"


def test_quiet_says_where_it_listens(tmp_path: Path) -> None:
    """With -q there is nothing else, unless it is wrong."""
    with replay(tmp_path, "-q") as running:
        _meet(running.port)
        assert running.stop(signal.SIGTERM) == 0

    assert running.said == [f"listening on 127.0.0.1:{running.port}"]


def test_quiet_says_what_is_wrong(tmp_path: Path) -> None:
    """A login that is refused is told with -q, too."""
    password = tmp_path / "password"
    password.touch(mode=0o600)
    password.write_text("wherefore")

    async def guess(port: int) -> None:
        romeo = Guest(
            Peer(*await asyncio.open_connection("127.0.0.1", port), limit=10), "capulet.example"
        )
        await romeo.open()
        await romeo.plain(words="guess")
        await romeo.leave()

    with replay(tmp_path, "-q", "--password-file", password) as running:
        asyncio.run(guess(running.port))
        assert running.stop() == 0

    assert running.said[1:] == ["a login was refused: not-authorized"]


@pytest.mark.parametrize("options", [(), ("-q",)])
def test_large_capture_is_announced(tmp_path: Path, options: tuple[str, ...]) -> None:
    """What takes long to read is named before it is read; not so with -q."""
    with replay(tmp_path, *options, data=b"# large\n" * 600_000 + WHOLE) as running:
        assert running.stop() == 0

    announced = f"reading {tmp_path / 'talk.xmpp.jsonl'} …"
    assert (running.said[0] == announced) is not bool(options)
    assert (announced in running.said) is not bool(options)


def test_records_itself(tmp_path: Path) -> None:
    """`-w` writes a normal capture, secrets masked."""
    written = tmp_path / "again.xmpp.jsonl"
    with replay(tmp_path, "-w", written) as running:
        _meet(running.port)
        assert running.stop() == 0
    header = json.loads(written.read_text().splitlines()[0])
    records = [event for event in read(written) if isinstance(event, FrameRecord)]

    assert header["secrets"] == "redacted"
    assert [record.redacted for record in records if record.kind == "auth"] != [()]
    assert {record.kind for record in records} >= {"stream", "features", "auth", "success", "iq"}
    assert running.said[-1] == f"1 connection; {len(records)} frames in {written}"


def test_strict(tmp_path: Path) -> None:
    """A client that leaves the recording ends the replay with exit code 1."""
    with replay(tmp_path, "--strict") as running:
        asyncio.run(_break_out(running.port))
        assert running.wait() == 1

    assert "the client's message to x.example is not in the recording" in running.said
    assert running.said[-1] == "xmppspy: a client did what the recording does not hold (--strict)"


async def _break_out(port: int) -> None:
    peer = Peer(*await asyncio.open_connection("127.0.0.1", port), limit=10)
    romeo = Guest(peer, "capulet.example")
    await romeo.log_in()
    await romeo.say("<message to='x.example'><body>!</body></message>")
    await romeo.hear("error", "system-shutdown")
    await romeo.peer.close()


def test_traffic_does_not_act_on_the_terminal(tmp_path: Path) -> None:
    """What a client sends is shown with its controls made visible."""
    with replay(tmp_path) as running:
        _meet(running.port, "<message to='a\u202eb.example'><body>!</body></message>")
        running.stop()

    assert any(r"a\u202eb.example" in line for line in running.said)


def _torn(path: Path) -> None:
    path.write_bytes(WHOLE[:-20])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _alone(path: Path) -> None:
    path.write_bytes(capture(["C <stream:stream xmlns:stream='http://etherx.jabber.org/streams'>"]))


@pytest.mark.parametrize(
    ("make", "options", "complaint"),
    [
        (_empty, (), "nothing was recorded"),
        (_alone, (), "no connection of a client that could be played"),
        (_torn, ("--password-file", "missing"), "missing: No such file or directory"),
        (_torn, ("-l", "nowhere"), "--listen 'nowhere'"),
        (_torn, ("message",), "plays whole captures"),
        (_torn, ("-w", "talk.xmpp.jsonl"), "exists already"),
    ],
)
def test_wrong_usage(
    tmp_path: Path, make: Callable[[Path], None], options: tuple[str, ...], complaint: str
) -> None:
    """One line on stderr, exit code 2, nothing listens."""
    path = tmp_path / "talk.xmpp.jsonl"
    make(path)
    command = _command(path, "--ca-dir", tmp_path / "ca", *options)
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT, check=False, cwd=tmp_path
    )

    assert done.returncode == 2
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_torn_capture_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    """What is missing is said in a line."""
    with replay(tmp_path, data=WHOLE[:-20]) as running:
        heard = _meet(running.port)
        running.stop()

    assert running.said[0].startswith("the capture ends in the middle of a line")
    assert b"Angelica" in heard[-1]
