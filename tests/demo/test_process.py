import asyncio
import os
import signal
from pathlib import Path

import pytest

from xmppspy.demo import process
from xmppspy.demo.process import ProxyProcess
from xmppspy.errors import DemoError

UPSTREAM = "127.0.0.1:9"


def _arguments(folder: Path) -> list[str]:
    return ["-l", "127.0.0.1:0", "-w", str(folder / "c.xmpp.jsonl"), "--ca-dir", str(folder / "ca"),
            "--brief", UPSTREAM]  # fmt: skip


def _pid(proxy: ProxyProcess) -> int:
    return proxy._process.pid


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_proxy_runs_inside_its_block(tmp_path: Path) -> None:
    """It listens inside the block, and has ended in order behind it, with its last words."""
    said: list[str] = []

    async def run() -> int:
        async with ProxyProcess(_arguments(tmp_path), said.append) as proxy:
            _, writer = await asyncio.open_connection(proxy.host, proxy.port)
            writer.close()
            await writer.wait_closed()
            return _pid(proxy)

    assert _is_gone(asyncio.run(run()))
    assert len(said) == 1
    assert str(tmp_path / "c.xmpp.jsonl") in said[0]


def test_proxy_ends_when_its_block_fails(tmp_path: Path) -> None:
    """An error inside the block is what is raised, and the proxy has ended."""
    pids: list[int] = []

    async def run() -> None:
        async with ProxyProcess(_arguments(tmp_path), print) as proxy:
            pids.append(_pid(proxy))
            raise DemoError("the scene went wrong")

    with pytest.raises(DemoError, match="the scene went wrong"):
        asyncio.run(run())

    assert _is_gone(pids[0])


def test_proxy_that_cannot_start(tmp_path: Path) -> None:
    """What it says about it is passed on."""
    said: list[str] = []

    async def run() -> None:
        async with ProxyProcess(["-l", "nonsense", *_arguments(tmp_path)[2:]], said.append):
            pytest.fail("it cannot listen there")

    with pytest.raises(DemoError, match="the proxy ended before it listened"):
        asyncio.run(run())

    assert "nonsense" in said[-1]


def test_proxy_that_dies(tmp_path: Path) -> None:
    """A proxy that did not end in order is an error even if all else went well."""

    async def run() -> None:
        async with ProxyProcess(_arguments(tmp_path), print) as proxy:
            os.kill(_pid(proxy), signal.SIGKILL)

    with pytest.raises(DemoError, match="exit code -9"):
        asyncio.run(run())


def test_proxy_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that does not react is not waited for, and not left behind."""
    monkeypatch.setattr(process, "STOP_LIMIT", 0.05)
    pids: list[int] = []

    async def run() -> None:
        async with ProxyProcess(_arguments(tmp_path), print) as proxy:
            pids.append(_pid(proxy))
            os.kill(_pid(proxy), signal.SIGSTOP)

    with pytest.raises(DemoError, match=r"did not end within 0\.05 seconds"):
        asyncio.run(run())

    assert _is_gone(pids[0])


def test_proxy_that_does_not_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that takes too long to start is not waited for, and not left behind."""
    monkeypatch.setattr(process, "START_LIMIT", 0.0)
    proxy = ProxyProcess(_arguments(tmp_path), print)

    async def run() -> None:
        async with proxy:
            pytest.fail("it had no time")

    with pytest.raises(DemoError, match="did not listen within 0 seconds"):
        asyncio.run(run())

    assert _is_gone(_pid(proxy))
