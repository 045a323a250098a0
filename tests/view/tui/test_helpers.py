import asyncio
import os
from pathlib import Path

from tests.cli.captures import write
from tests.view.browse.samples import chat
from tests.view.tui.viewing import played
from xmppspy.capture.body import Body
from xmppspy.view.browse.channel import Channel
from xmppspy.view.browse.messages import Answered, Ask, Opened, Progress
from xmppspy.view.tui.helpers import Process, Shelf


@played
async def test_process_works_and_tells(tmp_path: Path) -> None:
    """What it is asked it answers; it ends when it is stopped."""
    path = write(chat(), tmp_path / "a.xmpp.jsonl")
    told: list[object] = []
    came = asyncio.Event()

    def take(message: object) -> None:
        told.append(message)
        if isinstance(message, Progress) and message.explained == 15:
            process.send(Ask("seen"))
        elif isinstance(message, Answered):
            came.set()

    with Body.open(str(path)) as body, Shelf(body) as shelf:
        process = Process("index", shelf)
        process.listen(take)
        await asyncio.wait_for(came.wait(), 60)
        process.stop()

    assert isinstance(told[0], Opened)
    assert isinstance(told[-1], Answered)
    assert process._process.returncode is not None


@played
async def test_end_of_a_process_is_survived(tmp_path: Path) -> None:
    """Nothing more comes, and nothing fails."""
    path = write(chat(), tmp_path / "a.xmpp.jsonl")
    with Body.open(str(path)) as body, Shelf(body) as shelf:
        process = Process("search", shelf)
        process.listen(print)
        process._process.kill()
        process._process.wait()
        await asyncio.wait_for(_closed(process._channel), 60)
        process.send(Ask("seen"))
        process.stop()

    assert not process._channel.is_open


async def _closed(channel: Channel) -> None:
    """Wait until the other end of a channel is known to be gone."""
    while channel.is_open:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


def test_shelf_leaves_nothing_open(tmp_path: Path) -> None:
    """Its files have no names, and are gone when they are closed."""
    path = write(chat(), tmp_path / "a.xmpp.jsonl")
    with Body.open(str(path)) as body:
        with Shelf(body) as shelf:
            sizes = os.fstat(shelf.records).st_size, os.fstat(shelf.heap).st_size
        descriptors = {int(name) for name in os.listdir("/dev/fd")}  # noqa: PTH208

    assert sizes == (0, 0)
    assert shelf.records not in descriptors or shelf.records == max(descriptors)
