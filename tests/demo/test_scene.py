import asyncio
import ssl

import pytest
import trustme

from xmppspy.demo.client import Client
from xmppspy.demo.scene import DOMAINS, Scene, Tempo, cast
from xmppspy.demo.server import Server
from xmppspy.errors import PeerError


def _contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*DOMAINS).configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


def _play() -> tuple[list[Client], list[str]]:
    """Play the scene without a proxy; the clients, and what the server says went wrong."""
    theirs, ours = _contexts()

    async def run() -> tuple[list[Client], list[str]]:
        async with Server(theirs, cast()) as server:
            scene = Scene("127.0.0.1", server.port, ours, Tempo(1_000_000))
            return await scene.play(), server.troubles

    return asyncio.run(run())


def test_scene_is_played_to_its_end() -> None:
    """Both clients log in, talk and leave, and nothing goes wrong at the server."""
    (romeo, juliet), troubles = _play()

    assert romeo.jid == "romeo@montague.example/orchard"
    assert juliet.jid == "juliet@capulet.example/balcony"
    assert troubles == []


def test_scene_shows_what_there_is_to_show() -> None:
    """Roster, presence, chat states, a receipt, a ping and an error are all in it."""
    (romeo, _), _ = _play()
    heard = b"".join(romeo.received)

    for piece in (
        b"jabber:iq:roster", b"<show>away</show>", b"wherefore", b"urn:xmpp:receipts",
        b"service-unavailable", b'type="unavailable"',
    ):  # fmt: skip
        assert piece in heard


def test_scene_is_the_same_every_time() -> None:
    """Two performances differ in nothing that a client says or hears after its login."""
    (first, _), (second, _) = _play(), _play()

    assert [client.sent for client in first] == [client.sent for client in second]
    assert [client.received for client in first] == [client.received for client in second]


def test_scene_takes_about_eight_seconds() -> None:
    """At speed 1, the pauses add up to what a person can follow without getting bored."""

    class Stopwatch(Tempo):
        async def step(self) -> None:
            paused.append(self.STEP)

        async def breath(self) -> None:
            paused.append(self.BREATH)

    paused: list[float] = []
    theirs, ours = _contexts()

    async def run() -> None:
        async with Server(theirs, cast()) as server:
            await Scene("127.0.0.1", server.port, ours, Stopwatch()).play()

    asyncio.run(run())

    assert 7 < sum(paused) < 9


def test_stranger_is_not_trusted() -> None:
    """Clients that do not trust the certificate stop the scene, and say so."""
    theirs, _ = _contexts()
    _, ours = _contexts()

    async def run() -> None:
        async with Server(theirs, cast()) as server:
            await Scene("127.0.0.1", server.port, ours, Tempo(1_000_000)).play()

    with pytest.raises(PeerError, match="TLS failed"):
        asyncio.run(run())
