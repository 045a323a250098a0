"""One side breaks off, ends, half-closes or falls silent, in every phase of a connection."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from tests.authority import server_context
from tests.conversation import (
    ANSWER,
    DOMAIN,
    HEADER,
    MECHANISMS,
    OFFER,
    PROCEED,
    STARTTLS,
)
from tests.faults.measures import descriptors, until
from tests.proxy.stage import LIMIT, Peer, Stage, stage
from xmppspy.capture.format import encode
from xmppspy.protocol.events import ConnectionClosed, FrameRecord
from xmppspy.protocol.tls import TLSPipe

AUTH: Final = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biws</auth>"
MESSAGE: Final = "<message to='juliet@capulet.example'><body>élan</body></message>".encode()
IN_A_CHARACTER: Final = MESSAGE.index("é".encode()) + 1
SHORT: Final = 0.4
"""Seconds of silence after which a connection is closed, where that is what is tried."""


@dataclass
class Scene:
    """Two peers, and what they have said and got in clear."""

    client: Peer
    server: Peer | None = None
    said: dict[str, bytes] = field(default_factory=lambda: {"c2s": b"", "s2c": b""})
    got: dict[str, bytes] = field(default_factory=lambda: {"c2s": b"", "s2c": b""})

    def peer(self, side: str) -> Peer:
        """The one that breaks off, or the one that is left."""
        if side == "client":
            return self.client
        assert self.server is not None
        return self.server

    async def says(self, side: str, data: bytes, *, arrives: bool = True) -> None:
        """A peer says something, which the other one gets."""
        direction = "c2s" if side == "client" else "s2c"
        await self.peer(side).send(data)
        self.said[direction] += data
        if arrives:
            await self.peer("server" if side == "client" else "client").receive(data)
            self.got[direction] += data


Phase = Callable[[Stage, Scene], Awaitable[None]]


async def connected(_on: Stage, _scene: Scene) -> None:
    """Nothing has been said."""


async def in_the_header(_on: Stage, scene: Scene) -> None:
    """Half of the client's header has been sent."""
    await scene.says("client", HEADER[:60], arrives=False)


async def after_the_header(on: Stage, scene: Scene) -> None:
    """The server has it."""
    await scene.says("client", HEADER, arrives=False)
    scene.server = await on.server()
    await scene.server.receive(HEADER)
    scene.got["c2s"] += HEADER


async def in_the_answer(on: Stage, scene: Scene) -> None:
    """Half of the server's header has been sent."""
    await after_the_header(on, scene)
    await scene.says("server", ANSWER[:60], arrives=False)


async def after_the_features(on: Stage, scene: Scene) -> None:
    """STARTTLS is on offer."""
    await after_the_header(on, scene)
    await scene.says("server", ANSWER + OFFER)


async def after_starttls(on: Stage, scene: Scene) -> None:
    """The client has asked for it."""
    await after_the_features(on, scene)
    await scene.says("client", STARTTLS)


async def in_the_handshake_with_the_server(on: Stage, scene: Scene) -> None:
    """The server has allowed it; the client does not know yet."""
    await after_starttls(on, scene)
    await scene.says("server", PROCEED, arrives=False)
    assert scene.server is not None
    assert (await scene.server.reader.readexactly(2)) == b"\x16\x03"


async def in_the_handshake_with_the_client(on: Stage, scene: Scene) -> None:
    """TLS with the server is up; the client has sent half of its first record."""
    await after_starttls(on, scene)
    await scene.says("server", PROCEED, arrives=False)
    assert scene.server is not None
    tls = TLSPipe(server_context(DOMAIN), server_side=True)
    while not tls.established:
        tls.receive_data(await scene.server.reader.read(65536))
        await scene.server.send(tls.data_to_send())
    await scene.client.receive(PROCEED)
    await scene.client.send(b"\x16\x03\x01\x02\x00\x01\x00")


async def in_sasl(on: Stage, scene: Scene) -> None:
    """The client has begun to log in."""
    await after_the_header(on, scene)
    await scene.says("server", ANSWER + MECHANISMS)
    await scene.says("client", AUTH)


async def in_a_stanza(on: Stage, scene: Scene) -> None:
    """Half of a stanza has gone each way."""
    await in_sasl(on, scene)
    await scene.says("client", MESSAGE[:50])
    await scene.says("server", MESSAGE[:50])


async def in_a_tag(on: Stage, scene: Scene) -> None:
    """Half of a start tag has been sent each way; it waits until it is whole."""
    await in_sasl(on, scene)
    await scene.says("client", MESSAGE[:20], arrives=False)
    await scene.says("server", MESSAGE[:20], arrives=False)


async def in_a_character(on: Stage, scene: Scene) -> None:
    """Half of a character has gone each way."""
    await in_sasl(on, scene)
    await scene.says("client", MESSAGE[:IN_A_CHARACTER])
    await scene.says("server", MESSAGE[:IN_A_CHARACTER])


WITHOUT_SERVER: Final[list[Phase]] = [connected, in_the_header]
WITH_TLS: Final[list[Phase]] = [in_the_handshake_with_the_server, in_the_handshake_with_the_client]
PHASES: Final[list[Phase]] = [
    *WITHOUT_SERVER, after_the_header, in_the_answer, after_the_features, after_starttls, *WITH_TLS,
    in_sasl, in_a_tag, in_a_stanza, in_a_character,
]  # fmt: skip


async def resets(peer: Peer) -> None:
    """It breaks the connection."""
    peer.reset()


async def closes(peer: Peer) -> None:
    """It ends the connection; what still comes it does not read."""
    peer.writer.close()


async def half_closes(peer: Peer) -> None:
    """It says no more, and reads on."""
    peer.writer.write_eof()


async def falls_silent(_peer: Peer) -> None:
    """It does nothing any more."""


Fault = Callable[[Peer], Awaitable[None]]

FAULTS: Final[list[Fault]] = [resets, closes, half_closes, falls_silent]
SIDES: Final = ["client", "server"]


async def _rest(peer: Peer) -> bytes:
    """All that a peer still gets, however its connection ends."""
    pieces = b""
    with suppress(ConnectionError):
        while piece := await asyncio.wait_for(peer.reader.read(65536), LIMIT):
            pieces += piece
    return pieces


async def _serves(on: Stage) -> None:
    """A client and a server can still talk."""
    client, server = await on.both()
    await client.send(MESSAGE)
    await server.receive(MESSAGE)
    client.writer.close()
    await server.rest()
    server.writer.close()


def _cases() -> Iterator[tuple[Phase, Fault, str]]:
    for phase, fault, side in product(PHASES, FAULTS, SIDES):
        is_there = side == "client" or phase not in WITHOUT_SERVER
        # The server is read again when the client's handshake is over, in 30 s at most.
        is_read = side == "client" or phase is not in_the_handshake_with_the_client
        if is_there and (is_read or fault is falls_silent):
            yield phase, fault, side


def _name(part: Phase | Fault | str) -> str:
    return part if isinstance(part, str) else part.__name__


@pytest.mark.parametrize(("phase", "fault", "side"), [*_cases()], ids=_name)
def test_a_peer_goes_in_the_middle(tmp_path: Path, phase: Phase, fault: Fault, side: str) -> None:
    """The other gets what was said until then, all of it is recorded, and nothing is left behind."""

    async def play() -> None:
        silent = fault is falls_silent
        async with stage(tmp_path, idle_timeout=SHORT if silent else 0.0, trusts_server=True) as on:
            await _serves(on)
            await until(lambda: not on.listener.relays)
            before = descriptors(os.getpid())
            scene = Scene(await on.client())
            await phase(on, scene)
            await fault(scene.peer(side))
            await _ends(on, scene, side, phase)
            await _serves(on)
            await until(lambda: not on.listener.relays and descriptors(os.getpid()) <= before)

    asyncio.run(asyncio.wait_for(play(), 2 * LIMIT))


async def _ends(on: Stage, scene: Scene, side: str, phase: Phase) -> None:
    """Both see the end; then what was said, got and recorded is compared."""
    directions = {"client": "s2c", "server": "c2s"}
    left = [each for each in SIDES if each != side and (each == "client" or scene.server)]
    for each in left:
        rest = await _rest(scene.peer(each))
        direction = directions[each]
        got, _, _ = (scene.got[direction] + rest).partition(b"\x16\x03")
        heard = got if phase not in WITH_TLS else scene.got[direction]
        told = scene.said[direction]
        assert told.startswith(heard) or heard.startswith(told)  # an error may stand behind it
        scene.peer(each).writer.close()
    scene.peer(side).writer.close()
    await on.recorded(lambda event: isinstance(event, ConnectionClosed) and event.conn == 2)
    for direction in ("c2s", "s2c"):
        assert _recorded(on, direction).startswith(scene.got[direction])
        if phase not in WITH_TLS:
            assert _recorded(on, direction) == scene.said[direction]
    for event in on.events:
        assert encode(event).endswith(b"\n")


def _recorded(on: Stage, direction: str) -> bytes:
    frames = [event for event in on.events if isinstance(event, FrameRecord) and event.conn == 2]
    return b"".join(frame.data for frame in frames if frame.dir == direction and not frame.injected)
