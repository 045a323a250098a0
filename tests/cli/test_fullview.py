import asyncio
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from tests.cli.commanding import MESSAGE
from tests.cli.running import LIMIT, echo_server, exchange, read_exactly
from tests.cli.terminals import terminal
from tests.conversation import ANSWER, HEADER
from xmppspy.cli import main
from xmppspy.cli.fullview import FullView
from xmppspy.errors import UsageError


def view_of(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> FullView:
    """A view that a shell script plays; it writes its arguments down first."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/arguments\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return FullView(["--utc"])


def test_quitting_the_view_ends_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told the capture and the control socket, and nothing else."""
    view = view_of(tmp_path, monkeypatch, "exit 0")

    async def run() -> bool:
        stopped = asyncio.Event()
        await asyncio.wait_for(view.run(Path("a.jsonl"), Path("a.sock"), stopped), LIMIT)
        return stopped.is_set()

    assert asyncio.run(run())
    assert (tmp_path / "arguments").read_text().split() == [
        "-m", "xmppspy", "tui", "--utc", "--control", "a.sock", "--", "a.jsonl",
    ]  # fmt: skip


def test_view_that_breaks_is_said_and_nothing_else_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The proxy goes on until it is told to stop."""
    view = view_of(tmp_path, monkeypatch, "exit 3")

    async def run() -> tuple[bool, str]:
        stopped = asyncio.Event()
        running = asyncio.ensure_future(view.run(Path("a.jsonl"), None, stopped))
        said = ""
        async with asyncio.timeout(LIMIT):
            while not said:
                await asyncio.sleep(0.01)
                said = capfd.readouterr().err
        went_on = not running.done()
        stopped.set()
        await asyncio.wait_for(running, LIMIT)
        return went_on, said

    went_on, said = asyncio.run(run())

    assert went_on
    assert "has ended with code 3; the proxy goes on" in said


def test_view_ends_with_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that does not listen."""
    monkeypatch.setattr("xmppspy.cli.fullview._PATIENCE", 0.05)
    view = view_of(tmp_path, monkeypatch, "trap '' TERM; exec sleep 60")

    async def run() -> None:
        stopped = asyncio.Event()
        stopped.set()
        await asyncio.wait_for(view.run(Path("a.jsonl"), None, stopped), LIMIT)

    asyncio.run(run())


def test_terminal_is_needed() -> None:
    """For nothing could be shown."""
    with pytest.raises(UsageError, match="--tui needs a terminal"), FullView([]).terminal():
        pass


def test_proxy_and_view_share_a_terminal(tmp_path: Path) -> None:
    """What the proxy has to say comes behind the view, which shows the traffic meanwhile."""
    arguments = ("-l", "0", "-w", "live.xmpp.jsonl", "--ca-dir", "ca", "--tui", "kind:message")
    with tempfile.TemporaryDirectory() as runtime, echo_server() as upstream:
        with terminal(
            tmp_path, "proxy", f"127.0.0.1:{upstream}", *arguments, XDG_RUNTIME_DIR=runtime
        ) as view:
            view.wait_for("point a client at 127.0.0.1:")
            port = int(view.text.partition("point a client at 127.0.0.1:")[2].partition(";")[0])
            with socket.create_connection(("127.0.0.1", port), LIMIT) as client:
                client.sendall(HEADER)
                read_exactly(client, ANSWER)
                exchange(client, MESSAGE)
                view.wait_for("Hist!")
                before = view.text
                view.press(b"q")
                code = view.end()
            view.read()

    assert code == 0
    assert "filter kind:message" in before
    assert "listening on" not in before
    assert f"listening on 127.0.0.1:{port}" in view.text
    assert "frames of 1 connection" in view.text


@pytest.mark.parametrize("option", ["--quiet", "--no-record"])
def test_what_goes_not_together_is_told(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The view shows what is recorded."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["proxy", "example.org", "--tui", option])

    assert end.value.code == 2
    assert f"--tui and {option}" in capsys.readouterr().err
