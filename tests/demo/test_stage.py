import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from tests.demo.backstage import peers
from xmppspy.capture.reader import read
from xmppspy.demo.client import Client
from xmppspy.demo.scene import DOMAINS, Tempo
from xmppspy.demo.stage import Performance, Trust, judge, perform
from xmppspy.errors import DemoError
from xmppspy.protocol.events import ConnectionClosed, FrameRecord
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.issuing import Issuer

QUICK = Tempo(1000)


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """The authorities of the server and of the proxy."""
    theirs, ours = Authority.open(tmp_path / "theirs"), Authority.open(tmp_path / "ours")
    return Trust(
        Issuer(theirs).server_context(DOMAINS), theirs.certificate_path, ours.certificate_path
    )


def test_scene_is_played_through_the_proxy(tmp_path: Path, trust: Trust) -> None:
    """The capture holds both connections, from TLS to a clean end, and the scene all of itself."""
    capture = tmp_path / "c.xmpp.jsonl"
    said: list[str] = []
    done = asyncio.run(perform(capture, trust, QUICK, ["--quiet"], [], said.append))
    events = list(read(capture))
    frames = [event for event in events if isinstance(event, FrameRecord)]

    assert done == Performance(len(frames), 2)
    assert [event.reason for event in events if isinstance(event, ConnectionClosed)] == [
        "end of stream",
        "end of stream",
    ]
    assert {"starttls", "auth", "presence", "message", "iq", "r", "a"} <= {
        frame.kind for frame in frames
    }
    assert not any(frame.injected or frame.kind == "opaque" for frame in frames)


def test_words_of_a_proxy_that_fails_are_passed_on(tmp_path: Path, trust: Trust) -> None:
    """When the proxy cannot start, the person reads why: here, the capture exists already."""
    said: list[str] = []
    capture = tmp_path / "c.xmpp.jsonl"
    capture.touch()

    with pytest.raises(DemoError, match="the proxy ended before it listened"):
        asyncio.run(perform(capture, trust, QUICK, ["--quiet"], [], said.append))

    assert any(str(capture) in line for line in said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_in_order(tmp_path: Path, trust: Trust, number: signal.Signals) -> None:
    """A signal that ends processes ends the scene; the capture so far is complete."""
    capture = tmp_path / "c.xmpp.jsonl"

    class Impatient(Tempo):
        async def breath(self) -> None:
            os.kill(os.getpid(), number)
            await asyncio.sleep(60)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(perform(capture, trust, Impatient(1000), ["--quiet"], [], print))

    assert isinstance(list(read(capture))[-1], ConnectionClosed)


def _judge(path: Path, *recorded: str) -> Performance:
    """Compare a capture of these stanzas with a client that said two."""
    path.write_text("# by hand\n" + "".join(_line(stanza) for stanza in recorded))

    async def run() -> Client:
        async with peers() as (near, _):
            client = Client("nurse@verona.example", near)
            await client.send("<presence/>")
            await client.send("<presence />")
            return client

    return judge(path, [asyncio.run(run())])


def _line(stanza: str) -> str:
    return json.dumps({"dir": "c2s", "conn": 1, "xml": stanza}) + "\n"


def test_complete_capture_is_accepted(tmp_path: Path) -> None:
    """A capture that holds all that was said is counted."""
    done = _judge(tmp_path / "c.xmpp.jsonl", "<presence/>", "<r xmlns='x'/>", "<presence />")

    assert done == Performance(3, 1)


@pytest.mark.parametrize(
    "recorded",
    [("<presence/>",), ("<presence/>", "<presence />", "<presence/>"), ()],
    ids=["one is missing", "one too many", "nothing"],
)
def test_incomplete_capture_is_found_out(tmp_path: Path, recorded: tuple[str, ...]) -> None:
    """A capture that does not hold exactly what a client said is no success."""
    with pytest.raises(DemoError, match=r"does not hold all that nurse@verona\.example said"):
        _judge(tmp_path / "c.xmpp.jsonl", *recorded)
