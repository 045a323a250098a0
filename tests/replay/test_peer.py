import asyncio

import pytest

from tests.demo.backstage import DOMAIN, contexts, peers
from xmppspy.errors import PeerError
from xmppspy.proxy.tasks import spawn
from xmppspy.replay.peer import Peer


async def _secure(near: Peer, far: Peer) -> None:
    server, client = contexts()
    await asyncio.gather(
        near.start_tls(client, server_side=False, server_hostname=DOMAIN),
        far.start_tls(server, server_side=True),
    )


def test_frames_arrive_one_by_one() -> None:
    """What is sent in pieces arrives as whole frames, white space left out."""

    async def exchange() -> list[str]:
        async with peers() as (near, far):
            for piece in ("<mess", "age/> \n", "<presence/><iq", "/>"):
                await near.send(piece)
            return [(await far.require("a frame")).kind for _ in range(3)]

    assert asyncio.run(exchange()) == ["message", "presence", "iq"]


def test_text_is_encrypted_after_start_tls() -> None:
    """Both ends understand each other inside TLS, with a verified certificate."""

    async def exchange() -> tuple[bytes, bytes]:
        async with peers() as (near, far):
            await _secure(near, far)
            await near.send("<message>Peter!</message>")
            asked = await far.require("a message")
            await far.send("<message>Anon!</message>")
            return asked.data, (await near.require("a message")).data

    assert asyncio.run(exchange()) == (
        b"<message>Peter!</message>",
        b"<message>Anon!</message>",
    )


@pytest.mark.parametrize("secure", [False, True])
def test_close_ends_both_directions_in_order(secure: bool) -> None:
    """When both ends close, each has heard what the other said before."""

    async def exchange() -> str:
        async with peers() as (near, far):
            if secure:
                await _secure(near, far)
            await near.send("<presence/>")
            closing = near.close()
            heard = await far.require("a presence")
            await asyncio.gather(closing, far.close())
            assert await far.receive() is None
            return heard.kind

    assert asyncio.run(exchange()) == "presence"


def test_what_arrives_after_the_own_end_is_still_read() -> None:
    """A direction that ended leaves the other one open."""

    async def exchange() -> None:
        async with peers() as (near, far):
            await _secure(near, far)
            closing = asyncio.gather(near.close())
            assert await far.receive() is None
            await far.send("<message/>")
            await far.close()
            await closing

    asyncio.run(exchange())


def test_end_where_something_was_to_come_is_an_error() -> None:
    """`require` says what did not come."""

    async def exchange() -> None:
        async with peers() as (near, far):
            near.abort()
            await far.require("a roster")

    with pytest.raises(PeerError, match="ended where a roster was to come"):
        asyncio.run(exchange())


def test_silence_has_a_limit() -> None:
    """Nothing waits longer than the limit for the other end to speak."""

    async def exchange() -> None:
        async with peers(limit=0.02) as (_, far):
            await far.receive()

    with pytest.raises(PeerError, match=r"nothing came for 0\.02 seconds"):
        asyncio.run(exchange())


@pytest.mark.parametrize("piece", [" ", "<iq/>"])
def test_an_answer_without_end_has_a_limit(piece: str) -> None:
    """Who says a little again and again does not hold up the one who waits, nor its end."""

    async def exchange() -> None:
        async with peers(limit=0.1) as (near, far):

            async def trickle() -> None:
                while True:
                    await near.send(piece)
                    await asyncio.sleep(0.01)

            trickling = spawn(trickle(), "trickle")
            if piece == " ":
                with pytest.raises(PeerError, match=r"did not come to an end for 0\.3"):
                    await far.require("a frame")
            with pytest.raises(PeerError, match=r"did not end the connection for 0\.3 "):
                await far.close()
            trickling.cancel()

    asyncio.run(asyncio.wait_for(exchange(), 20))


def test_deaf_end_has_a_limit() -> None:
    """Nothing waits longer than the limit for the other end to read."""

    async def exchange() -> None:
        async with peers(limit=0.02) as (near, _):
            await near.send("x" * 50_000_000)

    with pytest.raises(PeerError, match=r"nothing was read for 0\.02 seconds"):
        asyncio.run(exchange())


def test_clear_text_before_the_handshake_is_refused() -> None:
    """What stands behind <proceed/> is never taken for TLS, or for XML inside it."""

    async def exchange() -> None:
        async with peers() as (near, far):
            await far.send("<proceed/><message/>")
            await near.require("<proceed/>")
            await near.start_tls(contexts()[1], server_side=False, server_hostname=DOMAIN)

    with pytest.raises(PeerError, match="clear text where the TLS handshake"):
        asyncio.run(exchange())


@pytest.mark.parametrize("later", [False, True])
def test_white_space_behind_starttls_is_dropped(later: bool) -> None:
    """A client's line break before its handshake does no harm, in the same read or a later one."""

    async def exchange() -> str:
        server, client = contexts()
        async with peers() as (near, far):
            await near.send("<starttls/>" if later else "<starttls/>\n")
            await far.require("<starttls/>")
            shaking = asyncio.ensure_future(far.start_tls(server, server_side=True))
            if later:
                await near.send("\r\n \t")
            await near.start_tls(client, server_side=False, server_hostname=DOMAIN)
            await shaking
            await near.send("<presence/>")
            return (await far.require("a presence")).kind

    assert asyncio.run(exchange()) == "presence"


@pytest.mark.parametrize("behind", ["<presence/>", "\n<presence/>", "\x0b"])
def test_clear_text_behind_starttls_is_refused(behind: str) -> None:
    """What a client says in the clear, and is no white space, is no beginning of a handshake."""

    async def exchange() -> None:
        async with peers() as (near, far):
            await near.send("<starttls/>")
            await far.require("<starttls/>")
            await near.send(behind)
            await far.start_tls(contexts()[0], server_side=True)

    with pytest.raises(PeerError, match="clear text where the TLS handshake"):
        asyncio.run(exchange())


def test_distrust_is_said_to_both_ends() -> None:
    """An end that refuses the certificate says why, and the other end gets its alert."""

    async def exchange() -> list[str]:
        server, client = contexts()
        async with peers() as (near, far):
            ends = await asyncio.gather(
                near.start_tls(client, server_side=False, server_hostname="elsewhere.example"),
                far.start_tls(server, server_side=True),
                return_exceptions=True,
            )
            return [str(end) for end in ends]

    near, far = asyncio.run(exchange())

    assert "Hostname mismatch" in near
    assert "does not accept the certificate" in far


def test_end_during_the_handshake_is_an_error() -> None:
    """An end that goes away instead of shaking hands is not waited for."""

    async def exchange() -> None:
        async with peers() as (near, far):
            near.abort()
            await far.start_tls(contexts()[0], server_side=True)

    with pytest.raises(PeerError, match="during the TLS handshake"):
        asyncio.run(exchange())
