import asyncio
import json
from pathlib import Path

import pytest

from tests.control.scripted import scripted
from tests.view.tui.viewing import played
from xmppspy.control import news, places, replies, requests
from xmppspy.control.client import PATIENCE
from xmppspy.errors import ControlError, RequestRefused
from xmppspy.view.tui import link
from xmppspy.view.tui.control import Lost
from xmppspy.view.tui.link import Link

OK = b'{"id":1,"ok":{"n":[7]}}\n'
NEWS = b'{"event":"closed","conn":1,"by":"client","reason":"end of stream"}\n'
DROP = requests.Drop(n=7)


@played
async def test_asks_and_is_told(tmp_path: Path) -> None:
    """What happens comes before, behind or between replies; each finds who waits for it."""
    path = tmp_path / "a.sock"
    with scripted(path, [NEWS + OK, b'{"id":2,"ok":{"n":[8]}}\n' + NEWS]) as heard:
        control = await Link.to(path)
        first = await control.ask(DROP, replies.Decided)
        told: asyncio.Queue[object] = asyncio.Queue()
        control.listen(told.put_nowait)
        second = await control.ask(requests.Drop(n=8), replies.Decided)
        news_told = [await asyncio.wait_for(told.get(), 20) for _ in range(2)]
        control.close()

        assert (first.n, second.n) == ([7], [8])
        assert json.loads(heard[0]) == {"command": "drop", "id": 1, "n": 7}
        assert news_told == [news.Closed(conn=1, by="client", reason="end of stream")] * 2


@played
async def test_refusal_is_raised(tmp_path: Path) -> None:
    """In the proxy's words."""
    path = tmp_path / "a.sock"
    with scripted(path, [b'{"id":1,"error":{"name":"not-held","detail":"no, sir"}}\n']):
        control = await Link.to(path)
        with pytest.raises(RequestRefused, match="no, sir"):
            await control.ask(DROP, replies.Decided)
        control.close()


@played
async def test_proxy_that_goes_is_told(tmp_path: Path) -> None:
    """Also to whoever waits for a reply, and who asks later."""
    path = tmp_path / "a.sock"
    told: list[object] = []
    with scripted(path, [b""], stays=False):
        control = await Link.to(path)
        control.listen(told.append)
        for _ in range(2):
            with pytest.raises(ControlError, match="the proxy has gone"):
                await control.ask(DROP, replies.Decided)

    assert told == [Lost("the proxy has gone")]


@played
async def test_nothing_is_told_behind_the_end(tmp_path: Path) -> None:
    """Also not that it has ended."""
    path = tmp_path / "a.sock"
    told: list[object] = []
    with scripted(path, [OK]):
        control = await Link.to(path)
        control.listen(told.append)
        await control.ask(DROP, replies.Decided)
        control.close()
        with pytest.raises(ControlError):
            await control.ask(DROP, replies.Decided)

    assert told == []


@played
async def test_what_is_not_understood_ends_it(tmp_path: Path) -> None:
    """For nothing behind it can be trusted."""
    path = tmp_path / "a.sock"
    with scripted(path, [b"what?\n"]):
        control = await Link.to(path)
        with pytest.raises(ControlError, match="not understood"):
            await control.ask(DROP, replies.Decided)


@pytest.mark.parametrize(
    ("greeting", "words"),
    [(b"SSH-2.0\n", "no xmppspy proxy"), (b'{"control":2,"tool":"x 9","pid":1}\n', "version 2")],
)
def test_strange_greetings(tmp_path: Path, greeting: bytes, words: str) -> None:
    """Who does not greet as a proxy does is told from one."""
    path = tmp_path / "a.sock"
    with scripted(path, [], greeting):
        with pytest.raises(ControlError, match=words):
            asyncio.run(Link.to(path))


def test_nobody_there(tmp_path: Path) -> None:
    """A place where nobody listens."""
    with places.bind(tmp_path / "a.sock"):
        pass
    with pytest.raises(ControlError, match="no xmppspy proxy answers there"):
        asyncio.run(Link.to(tmp_path / "a.sock"))


@played
async def test_proxy_that_says_nothing(tmp_path: Path) -> None:
    """Is not waited for for ever; what it says too late nobody waits for any more."""
    path = tmp_path / "a.sock"
    with (
        pytest.MonkeyPatch.context() as patch,
        scripted(path, [b"", OK + OK + b'{"id":2,"ok":{"n":[8]}}\n']),
    ):
        control = await Link.to(path)
        patch.setattr(link, "PATIENCE", 0.05)
        with pytest.raises(ControlError, match="does not answer"):
            await control.ask(DROP, replies.Decided)
        patch.setattr(link, "PATIENCE", PATIENCE)
        late = await control.ask(requests.Drop(n=8), replies.Decided)
        control.close()

        assert late.n == [8]
