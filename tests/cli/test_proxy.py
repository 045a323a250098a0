import json
import os
import signal
import socket
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from tests.cli.running import Running, eventually, exchange, proxy, read_exactly

MESSAGE = b"<message id='m1'><body>What light through yonder window breaks?</body></message>"


def _kinds(running: Running) -> list[str]:
    return [line["kind"] for line in running.lines() if "kind" in line]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xmppspy", "proxy", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_records_and_shows(tmp_path: Path) -> None:
    """A stanza is in the capture and on the terminal; Ctrl-C ends with counts and code 0."""
    with (tmp_path / "view").open("wb") as output, proxy(tmp_path, stdout=output) as running:
        with running.client() as client:
            exchange(client, MESSAGE)
        eventually(lambda: any(line.get("event") == "close" for line in running.lines()))
        assert running.stop() == 0
    shown = (tmp_path / "view").read_text()

    assert shown.count("yonder window") == 4
    assert _kinds(running) == ["stream", "stream", "message", "message"]
    assert running.said[-1] == f"4 frames of 1 connection, in {running.capture}"


def test_quiet_says_only_where_it_is(tmp_path: Path) -> None:
    """With -q there is no view and no advice, and the capture is written.

    The first line names the control socket.
    """
    with proxy(tmp_path, "-q") as running:
        with running.client() as client:
            exchange(client, MESSAGE)
        assert running.stop() == 0

    assert running.said == [
        f"control socket {running.control}",
        f"listening on 127.0.0.1:{running.port}",
    ]
    assert _kinds(running)[-1] == "message"


def test_filter_limits_the_view_only(tmp_path: Path) -> None:
    """A filter limits what is shown, not what is recorded; errors are shown always."""
    with (tmp_path / "view").open("wb") as output:
        with proxy(tmp_path, "presence", "--brief", stdout=output) as running:
            with running.client() as client:
                exchange(client, MESSAGE + b"<presence/><iq><!-- x --></iq>")
            running.stop()
    shown = (tmp_path / "view").read_text()

    assert "yonder" not in shown
    assert shown.count("presence") == 2
    assert shown.count("restricted-xml") == 2
    assert _kinds(running).count("message") == 2


@pytest.mark.parametrize("option", ["", "--keep-redirects"])
def test_redirects_lead_back(tmp_path: Path, option: str) -> None:
    """A place to resume a session is turned to xmppspy's address, unless it is to be kept."""
    said = "<enabled xmlns='urn:xmpp:sm:3' location='%s'/>"
    with proxy(tmp_path, "-q", *filter(None, [option])) as running:
        place = "b.example:5222" if option else f"127.0.0.1:{running.port}"
        with running.client() as client:
            client.sendall((said % "b.example:5222").encode())
            read_exactly(client, (said % place).encode())
        running.stop()
    (note,) = [line["text"] for line in running.lines() if line.get("event") == "note"]

    assert ("past xmppspy" in note) == bool(option)


def test_mistakes_are_marked_in_the_view(tmp_path: Path) -> None:
    """As they happen, and not in the capture."""
    with (tmp_path / "view").open("wb") as output:
        with proxy(tmp_path, "--lint", "--brief", stdout=output) as running:
            with running.client() as client:
                exchange(client, b"<message id='m1' type='odd'><body>Hist!</body></message>")
            running.stop()
    shown = (tmp_path / "view").read_text()

    assert "lint: warning M01: 'odd' is no type of a message" in shown
    assert all("lint" not in json.dumps(line) for line in running.lines())


def test_wrong_filter_starts_nothing(tmp_path: Path) -> None:
    """A wrong filter is told with a caret, exit code 2, before anything is made."""
    done = _run(
        "localhost:1", "-w", str(tmp_path / "c"), "--ca-dir", str(tmp_path / "ca"), "mesage"
    )

    assert done.returncode == 2
    assert "^" in done.stderr
    assert "message" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["http://x"], "names no server"),
        (["localhost:1", "-l", "here"], "--listen"),
        (["localhost:1", "--map", "x"], "--map"),
        (["localhost:1", "--dns", "x"], "--dns"),
        (["localhost:1", "--upstream-ca", "missing.pem"], "missing.pem"),
        (["localhost:1", "--max-stanza", "3"], "--max-stanza"),
        ([], "UPSTREAM"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], told: str) -> None:
    """Wrong usage is one line on stderr and exit code 2."""
    done = _run(*arguments, "--ca-dir", str(tmp_path / "ca"), "--no-record", "-q")

    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.startswith("xmppspy: ")
    assert done.stderr.count("\n") == 1


def test_existing_capture_is_not_touched(tmp_path: Path) -> None:
    """A capture is never overwritten: exit code 2."""
    capture = tmp_path / "c.xmpp.jsonl"
    capture.write_text("precious")
    done = _run("localhost:1", "-w", str(capture), "--ca-dir", str(tmp_path / "ca"), "-q")

    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert capture.read_text() == "precious"


def test_taken_port(tmp_path: Path) -> None:
    """A port that is taken is told, with what to do: exit code 1, and no empty capture stays."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        capture = tmp_path / "c.xmpp.jsonl"
        done = _run("localhost:1", "-l", port, "-w", str(capture), "--ca-dir", str(tmp_path / "ca"))

    assert done.returncode == 1
    assert "-l [HOST:]PORT" in done.stderr.splitlines()[-1]
    assert not capture.exists()


def test_kill_9_leaves_a_whole_capture(tmp_path: Path) -> None:
    """What was exchanged a moment ago survives kill -9."""
    with proxy(tmp_path, "-q") as running:
        with running.client() as client:
            exchange(client, MESSAGE)
            eventually(lambda: _kinds(running)[-2:] == ["message", "message"])
            running.process.kill()
            running.process.wait()

    assert _kinds(running) == ["stream", "stream", "message", "message"]


def test_closed_output_is_said_once(tmp_path: Path) -> None:
    """When nobody reads the view (`| head`), that is said once; the relay goes on."""
    reading, writing = os.pipe()
    with proxy(tmp_path, stdout=writing) as running:
        os.close(writing)
        os.close(reading)
        with running.client() as client:
            while not any("view" in line for line in running.said):
                exchange(client, MESSAGE)
            for _ in range(50):
                exchange(client, MESSAGE)
        assert running.stop() == 0

    assert len([line for line in running.said if "view" in line]) == 1
    assert _kinds(running).count("message") > 100


def test_stalled_view_loses_lines_and_nothing_else(tmp_path: Path) -> None:
    """A view whose output nobody drains stalls alone; the capture is whole."""
    reading, writing = os.pipe()
    big = MESSAGE.replace(b"light", b"light" * 20_000)
    with proxy(tmp_path, stdout=writing) as running:
        os.close(writing)
        with running.client() as client:
            for _ in range(60):
                exchange(client, big)
        eventually(lambda: _kinds(running).count("message") == 120)
        running.process.send_signal(signal.SIGINT)
        with os.fdopen(reading, "rb") as output:
            shown = output.read()

    assert b"skipped" in shown
    assert running.process.wait(30) == 0


def test_ends_connections_in_order(tmp_path: Path) -> None:
    """SIGTERM closes the connections and completes the capture."""
    with proxy(tmp_path, "-q") as running:
        with running.client() as client:
            client.sendall(MESSAGE[:20])
            read_exactly(client, MESSAGE[:20])
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(30) == 0
            assert client.recv(10) == b""
    last = running.lines()[-1]

    assert (last["event"], last["by"]) == ("close", "proxy")
    assert _kinds(running)[-2:] == ["partial", "partial"]


def test_nothing_is_recorded_when_told_so(tmp_path: Path) -> None:
    """--no-record drops only the file; the view goes on."""
    with (tmp_path / "view").open("wb") as output:
        with proxy(tmp_path, "--no-record", stdout=output) as running:
            with running.client() as client:
                exchange(client, MESSAGE)
            running.stop()

    assert b"yonder" in (tmp_path / "view").read_bytes()
    assert not running.capture.exists()
    assert running.said[-1].endswith("not recorded")


PLAIN = (
    b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
    + b64encode(b"\0juliet\0swordfish")
    + b"</auth>"
)
REGISTRATION = (
    b"<iq type='set' id='r1'><query xmlns='jabber:iq:register'><username>juliet</username>"
    b"<password>swordfish</password></query></iq>"
)


def _log_in(folder: Path, *options: str) -> tuple[Running, str, str]:
    """A client logs in; what was recorded and shown."""
    with (folder / "view").open("wb") as output:
        with proxy(folder, *options, stdout=output) as running:
            with running.client() as client:
                exchange(client, PLAIN)
                exchange(client, REGISTRATION)
                client.sendall(REGISTRATION[:-26])
                read_exactly(client, REGISTRATION[:-26])
            eventually(lambda: any(line.get("event") == "close" for line in running.lines()))
            assert running.stop() == 0
    return running, running.capture.read_text(), (folder / "view").read_text()


def test_passwords_are_neither_recorded_nor_shown(tmp_path: Path) -> None:
    """What a client logs in with passes unchanged, and is masked everywhere else."""
    running, recorded, shown = _log_in(tmp_path, "--raw")
    header, *lines = running.lines()
    auth = next(line for line in lines if line.get("kind") == "auth")
    payload = b64decode(auth["xml"].partition(">")[2].partition("<")[0])

    assert header["secrets"] == "redacted"
    assert auth["redacted"] == ["{urn:ietf:params:xml:ns:xmpp-sasl}auth"]
    assert payload == b"\0juliet\0*********"
    assert _kinds(running).count("partial") == 2
    for output in (recorded, shown, "\n".join(running.said)):
        assert "swordf" not in output
        assert b64encode(b"swordfish").decode() not in output
        assert PLAIN.decode() not in output
    assert "<username>juliet</username>" in shown


def test_secrets_are_kept_when_told_so(tmp_path: Path) -> None:
    """With --keep-secrets everything is recorded, and that is said loudly."""
    running, recorded, _ = _log_in(tmp_path, "--keep-secrets", "-q")

    assert recorded.count("swordfish") == 2
    assert PLAIN.decode() in recorded
    assert running.lines()[0]["secrets"] == "kept"
    assert [line for line in running.said if "WARNING: --keep-secrets" in line]


def test_capture_and_key_are_private(tmp_path: Path) -> None:
    """Only the owner can read the capture and the CA's key."""
    with proxy(tmp_path, "-q", "--keylog", str(tmp_path / "keys")) as running:
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}

    assert modes["session.xmpp.jsonl"] == 0o600
    assert modes["keys"] == 0o600
    assert modes["ca"] == 0o700
    assert running.capture.exists()
