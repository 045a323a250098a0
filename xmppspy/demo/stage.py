"""The stage: server, proxy and clients put together, and the capture compared with the scene."""

import asyncio
import signal
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xmppspy.capture.reader import read
from xmppspy.demo import stanzas as xml
from xmppspy.demo.client import Client
from xmppspy.demo.process import ProxyProcess
from xmppspy.demo.scene import Scene, Tempo, cast
from xmppspy.demo.server import Server
from xmppspy.errors import DemoError, PeerError
from xmppspy.protocol.events import FrameRecord


@dataclass(frozen=True, slots=True)
class Trust:
    """Who vouches for whom: two certificate authorities, which know nothing of each other."""

    server: ssl.SSLContext
    """The server's context, with a certificate for all of `scene.DOMAINS`."""
    server_ca: Path
    """The CA behind it, which the proxy is told to trust."""
    proxy_ca: Path
    """The proxy's CA, which the clients trust and no other; the proxy's `--ca-dir` is its folder."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What the capture holds of a scene that was played to its end."""

    frames: int
    connections: int


async def perform(
    capture: Path,
    trust: Trust,
    tempo: Tempo,
    options: Sequence[str],
    filters: Sequence[str],
    say: Callable[[str], None],
) -> Performance:
    """Play the scene through `xmppspy proxy`, which writes `capture` and shows its view.

    `options` are the proxy's for its view, `filters` say what is shown; `say` gets each line that
    it writes to stderr while the scene is played. Raises DemoError when something goes wrong;
    leaves no process behind.
    """
    _end_on_signals()
    context = ssl.create_default_context(cafile=trust.proxy_ca)
    async with Server(trust.server, cast()) as server:
        arguments = [
            *("-l", "127.0.0.1:0", "-w", str(capture), "--ca-dir", str(trust.proxy_ca.parent)),
            *("--upstream-ca", str(trust.server_ca), "--no-control", *options),
            *("--", f"127.0.0.1:{server.port}", *filters),
        ]
        async with ProxyProcess(arguments, say) as proxy:
            scene = Scene(proxy.host, proxy.port, context, tempo)
            clients = await _play(scene, server)
    return await asyncio.to_thread(judge, capture, clients)


def _end_on_signals() -> None:
    """Have the signals that end a process end the performance as Ctrl-C does, in order."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - this runs in one
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)


async def _play(scene: Scene, server: Server) -> Sequence[Client]:
    try:
        return await scene.play()
    except (DemoError, PeerError) as error:
        reasons = "; on the server's side: ".join((error.reason, *server.troubles[:1]))
        raise DemoError(reasons) from error


def judge(capture: Path, clients: Sequence[Client]) -> Performance:
    """Compare the capture with what the clients sent and received.

    Raises DemoError when it does not hold all of it, byte for byte and in order.
    """
    records = [event for event in read(capture) if isinstance(event, FrameRecord)]
    talks: dict[tuple[int, str], list[bytes]] = {}
    for record in records:
        if record.kind in xml.STANZAS:
            talks.setdefault((record.conn, record.dir), []).append(record.data)
    for client in clients:
        if any(said and said not in talks.values() for said in (client.sent, client.received)):
            raise DemoError(f"{capture} does not hold all that {client.jid} said and heard")
    return Performance(len(records), len({record.conn for record in records}))
