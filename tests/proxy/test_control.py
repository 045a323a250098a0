import asyncio
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from xmppspy.control import news, replies, requests, wire
from xmppspy.control.places import Place
from xmppspy.proxy import control
from xmppspy.proxy.control import Caller, ControlSocket, peer_user

GREETING = wire.Greeting(tool="xmppspy 0", pid=1)
LINE = wire.greeting_line(GREETING)
STATUS = b'{"command":"status","id":1}\n'
TOLD = news.Closed(conn=1, by="client", reason="x" * 1000)
LIMIT = 20.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place with a short path."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


class Recorded:
    """Obeys by replying what it was asked."""

    def __init__(self) -> None:
        self.requests: list[requests.Request] = []

    def __call__(self, request: requests.Request, caller: Caller) -> None:
        self.requests.append(request)
        if isinstance(request, requests.Watch):
            caller.watches = True
        if isinstance(request, requests.Drop):
            caller.reply(request, replies.Error(name="not-held", detail="no"))
        else:
            caller.reply(request, replies.Decided(n=[len(self.requests)]))


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[tuple[ControlSocket, Recorded]]:
    """A control socket."""
    obeys = Recorded()
    listener = ControlSocket(Place(path), GREETING, obeys)
    await listener.start()
    try:
        yield listener, obeys
    finally:
        listener.close()


async def connected(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A client that has been greeted."""
    reader, writer = await asyncio.open_unix_connection(path)
    assert await line_of(reader) == LINE
    return reader, writer


async def line_of(reader: asyncio.StreamReader) -> bytes:
    """The next line."""
    return await asyncio.wait_for(reader.readline(), LIMIT)


def test_requests_are_answered(folder: Path) -> None:
    """Each with its id, with `ok` or with `error`, also when several come at once."""

    async def scene() -> None:
        async with listening(folder / "a") as (_, obeys):
            reader, writer = await connected(folder / "a")
            writer.write(STATUS + b'\n{"command":"drop","n":1}\n{"command":"he')
            answers = [await line_of(reader), await line_of(reader)]
            writer.write(b'ld","id":"z"}\n')
            answers.append(await line_of(reader))
            writer.close()

            assert answers == [
                b'{"id":1,"ok":{"n":[1]}}\n',
                b'{"id":null,"error":{"name":"not-held","detail":"no"}}\n',
                b'{"id":"z","ok":{"n":[3]}}\n',
            ]
            assert obeys.requests[1:] == [requests.Drop(n=1), requests.Held(id="z")]

    asyncio.run(scene())


def test_wrong_lines_do_no_harm(folder: Path) -> None:
    """They are answered by an error, with the id if there is one, and the next line counts."""

    async def scene() -> None:
        async with listening(folder / "a"):
            reader, writer = await connected(folder / "a")
            writer.write(b'what?\n{"command":"edit","id":5}\n' + STATUS)
            answers = [await line_of(reader) for _ in range(3)]
            writer.close()

            assert answers[0].startswith(b'{"id":null,"error":{"name":"bad-request"')
            assert answers[1].startswith(b'{"id":5,"error":{"name":"bad-request","detail":"edit: ')
            assert answers[2] == b'{"id":1,"ok":{"n":[1]}}\n'

    asyncio.run(scene())


def test_long_lines_end_the_connection(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a word; memory stays bounded."""
    monkeypatch.setattr(wire, "MAX_LINE", 100)

    async def scene() -> None:
        async with listening(folder / "a") as (_, obeys):
            reader, writer = await connected(folder / "a")
            writer.write(b"x" * 101)
            said = await asyncio.wait_for(reader.read(), LIMIT)
            writer.close()

            assert said == (
                b'{"id":null,"error":{"name":"too-long","detail":"a line of more than 100 bytes"}}\n'
            )
            assert obeys.requests == []

    asyncio.run(scene())


def test_news_are_for_those_who_watch(folder: Path) -> None:
    """Others get their replies only."""

    async def scene() -> None:
        async with listening(folder / "a") as (listener, _):
            watcher, one = await connected(folder / "a")
            other, two = await connected(folder / "a")
            one.write(b'{"command":"watch"}\n')
            two.write(STATUS)
            await line_of(watcher)
            await line_of(other)
            listener.tell(TOLD)
            two.write(STATUS)

            assert await line_of(watcher) == wire.news_line(TOLD)
            assert await line_of(other) == b'{"id":1,"ok":{"n":[3]}}\n'
            assert listener.is_watched
            one.close()
            two.close()

    asyncio.run(scene())


def test_who_does_not_read_is_sent_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a last word, when it reads at last; what is kept for it is bounded."""
    monkeypatch.setattr(control, "BACKLOG", 10_000)

    async def scene() -> None:
        async with listening(folder / "a") as (listener, _):
            sock = socket.socket(socket.AF_UNIX)
            sock.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(sock, str(folder / "a"))
            await loop.sock_sendall(sock, b'{"command":"watch"}\n')
            got = b""
            while b'"ok"' not in got:
                got += await loop.sock_recv(sock, 1 << 16)
            for _ in range(2000):
                listener.tell(TOLD)
            size = 0
            last = b""
            while data := await loop.sock_recv(sock, 1 << 16):
                size += len(data)
                last = (last + data)[-200:]
            sock.close()

            assert last.endswith(
                b'"event":"dropped","detail":"what you are told is not read; go faster"}\n'
            )
            assert size < 2000 * 1000 / 2
            assert not listener.is_watched

    asyncio.run(scene())


def test_who_never_reads_is_cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept for it for long."""
    monkeypatch.setattr(control, "BACKLOG", 10_000)
    monkeypatch.setattr(control, "LINGER", 0.05)

    async def scene() -> None:
        async with listening(folder / "a") as (listener, _):
            reader, writer = await connected(folder / "a")
            writer.write(b'{"command":"watch"}\n')
            await line_of(reader)
            transport = writer.transport
            assert isinstance(transport, asyncio.Transport)
            transport.pause_reading()
            for _ in range(2000):
                listener.tell(TOLD)
            async with asyncio.timeout(LIMIT):
                await _left(listener)
            writer.close()

    asyncio.run(scene())


async def _left(listener: ControlSocket) -> None:
    """Wait until nobody is connected."""
    while True:
        if not listener._callers:
            return
        await asyncio.sleep(0)


def test_end_is_seen(folder: Path) -> None:
    """When the proxy ends, its clients do, and the socket's file is gone."""

    async def scene() -> None:
        async with listening(folder / "a") as (listener, _):
            mode = stat.S_IMODE((folder / "a").stat().st_mode)
            reader, writer = await connected(folder / "a")
            listener.close()

            assert await asyncio.wait_for(reader.read(), LIMIT) == b""
            assert mode == 0o600
            assert not (folder / "a").exists()
            writer.close()

    asyncio.run(scene())


def test_file_of_another_stays(folder: Path) -> None:
    """A socket that somebody has put in the place of ours meanwhile is theirs."""

    async def scene() -> None:
        async with listening(folder / "a") as (listener, _):
            (folder / "a").unlink()
            async with listening(folder / "a"):
                listener.close()

                assert (folder / "a").exists()

    asyncio.run(scene())


STRANGER = """
import os, socket, sys
os.setuid(65534)
sock = socket.socket(socket.AF_UNIX)
sock.connect(sys.argv[1])
try:
    sock.sendall(b'{"command":"status","id":1}\\n')
except BrokenPipeError:
    pass
print(sock.makefile().readline())
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_other_users_are_sent_away(folder: Path) -> None:
    """Even where the file system would let them in; nothing they ask for is done."""

    async def scene() -> None:
        async with listening(folder / "a") as (_, obeys):
            os.chmod(folder, 0o755)  # noqa: PTH101, S103
            os.chmod(folder / "a", 0o666)  # noqa: PTH101, S103
            run = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-c", STRANGER, str(folder / "a")],
                capture_output=True,
                text=True,
                check=True,
            )

            assert run.stdout.startswith('{"id":null,"error":{"name":"not-yours"')
            assert run.stdout.count("\n") == 2
            assert obeys.requests == []

    asyncio.run(scene())


def test_other_users_are_told_from_ours(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the system says of the other end; where it says nothing, the file's mode has to do."""
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert peer_user(one) == os.getuid()
        monkeypatch.delattr(socket, "SO_PEERCRED")
        assert peer_user(one) is None
