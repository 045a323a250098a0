import asyncio
import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from tests.demo.backstage import (
    DOMAIN,
    HOST,
    NURSE,
    PASSWORDS,
    PETER,
    accounts,
    appear,
    arrive,
    contexts,
    peers,
    server,
)
from xmppspy.demo import stanzas as xml
from xmppspy.demo.client import Client
from xmppspy.demo.server import Server
from xmppspy.errors import DemoError
from xmppspy.replay.peer import Peer


def _log_in_at(answer: Callable[[Peer], Awaitable[None]]) -> None:
    """Have a client log in at a peer that answers as it likes."""

    async def run() -> None:
        async with peers() as (near, far):
            client = Client(NURSE, near)
            await asyncio.gather(
                client.log_in(PASSWORDS[NURSE], "hall", contexts()[1]), answer(far)
            )

    asyncio.run(run())


def test_server_without_tls_is_left() -> None:
    """A password never goes over a connection that offers no TLS."""

    async def answer(far: Peer) -> None:
        await far.require("a header")
        mechanisms = xml.element("mechanisms", xmlns="urn:ietf:params:xml:ns:xmpp-sasl")
        await far.send(xml.header(from_=DOMAIN) + xml.element("stream:features", mechanisms))

    with pytest.raises(DemoError, match="does not offer urn:ietf:params:xml:ns:xmpp-tls"):
        _log_in_at(answer)


def test_failure_of_starttls_is_told() -> None:
    """What the server says instead of <proceed/> is in the error."""

    async def answer(far: Peer) -> None:
        await far.require("a header")
        starttls = xml.element("starttls", xmlns="urn:ietf:params:xml:ns:xmpp-tls")
        await far.send(xml.header(from_=DOMAIN) + xml.element("stream:features", starttls))
        await far.require("<starttls/>")
        await far.send(xml.element("failure", xmlns="urn:ietf:params:xml:ns:xmpp-tls"))

    with pytest.raises(DemoError, match=f"the server says failure to {NURSE}"):
        _log_in_at(answer)


def test_server_must_know_the_password_too() -> None:
    """A server whose own proof is wrong is refused, although it accepted the client."""
    nurse, peter = accounts()
    salt, stored, _, iterations = nurse.verifier
    impostor = dataclasses.replace(nurse, verifier=(salt, stored, b"x" * 32, iterations))

    async def run() -> None:
        async with Server(contexts()[0], (impostor, peter)) as served:
            client = await Client.connect(NURSE, HOST, served.port)
            try:
                await client.log_in(PASSWORDS[NURSE], "hall", contexts()[1])
            finally:
                client.abort()

    with pytest.raises(DemoError, match=f"does not know the password of {NURSE}"):
        asyncio.run(run())


def test_nobody_listens() -> None:
    """A server that is not there is named."""
    with pytest.raises(DemoError, match=f"{NURSE} cannot connect to {HOST}:1: "):
        asyncio.run(Client.connect(NURSE, HOST, 1))


def test_unexpected_frames_are_kept() -> None:
    """What came before the expected is there when it is expected in its turn."""

    async def run() -> list[str | None]:
        async with server() as served:
            nurse, peter = await appear(served, NURSE), await appear(served, PETER)
            for number in "123":
                await nurse.send(f"<message id='{number}' to='{peter.jid}'/>")
            heard = [await peter.expect("message", id_="2"), await peter.expect("message")]
            await asyncio.gather(nurse.leave(), peter.leave())
            return [frame.id for frame in heard]

    assert asyncio.run(run()) == ["2", "1"]


def test_stanzas_are_remembered() -> None:
    """A client knows every stanza it sent and received, byte for byte, and only stanzas."""

    async def run() -> Client:
        async with server() as served:
            nurse = await arrive(served, NURSE)
            await nurse.manage_stream()
            await nurse.send("<presence />")
            await nurse.expect("presence")
            await nurse.leave()
            return nurse

    nurse = asyncio.run(run())

    assert [b"<bind" in nurse.sent[0], *nurse.sent[1:]] == [True, b"<presence />"]
    assert nurse.received[1:] == [f'<presence from="{nurse.jid}" to="{NURSE}" />'.encode()]


def test_pause_comes_before_each_step() -> None:
    """A login can be followed step by step."""

    async def run() -> int:
        pauses = []

        async def pause() -> None:
            pauses.append(True)

        async with server() as served:
            client = await Client.connect(NURSE, HOST, served.port, pause)
            await client.log_in(PASSWORDS[NURSE], "hall", contexts()[1])
            client.abort()
            return len(pauses)

    assert asyncio.run(run()) == 6


def test_leaving_says_how_much_was_got() -> None:
    """With stream management, the last word before the stream's end is an acknowledgement."""

    async def run() -> list[str]:
        async with peers() as (near, far):
            client = Client(NURSE, near)
            managing = asyncio.gather(client.manage_stream())
            await far.require("<enable/>")
            await far.send("<enabled xmlns='urn:xmpp:sm:3'/><message/>")
            await managing
            await client.expect("message")
            leaving = asyncio.gather(client.leave())
            last = [await far.require("an acknowledgement"), await far.require("the end")]
            await far.send(xml.header() + xml.STREAM_END)
            await far.close()
            await leaving
            return [frame.data.decode() for frame in last]

    assert asyncio.run(run()) == ['<a xmlns="urn:xmpp:sm:3" h="1"/>', "</stream:stream>"]
